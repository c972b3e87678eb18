// What the agents of the presets offer in a new session, as their pinned versions told it; options that no access means
// (models, efforts) are left out. Recorded against no service, with a key of nobody.

interface Offer {
  readonly modes?: object;
  readonly configOptions: readonly object[];
}

const select = (id: string, currentValue: string, values: readonly string[]): object => ({
  id,
  name: id,
  category: id === "mode" ? "mode" : "permissions",
  type: "select",
  currentValue,
  options: values.map((value) => ({ value, name: value })),
});
const modes = (currentModeId: string, ids: readonly string[]): object => ({
  currentModeId,
  availableModes: ids.map((id) => ({ id, name: id })),
});
const both = (current: string, ids: readonly string[]): Offer => ({
  modes: modes(current, ids),
  configOptions: [select("mode", current, ids)],
});

const COPILOT = ["agent", "plan", "autopilot"].map(
  (mode) => `https://agentclientprotocol.com/protocol/session-modes#${mode}`,
);

export const OFFERS: Readonly<Record<string, Offer>> = {
  claude: both("auto", ["default", "acceptEdits", "plan", "auto", "bypassPermissions"]),
  codex: both("agent", ["read-only", "workspace-write", "agent", "agent-full-access"]),
  gemini: { modes: modes("default", ["default", "autoEdit", "yolo", "plan"]), configOptions: [] },
  copilot: {
    modes: modes(COPILOT[0] ?? "", COPILOT),
    configOptions: [select("mode", COPILOT[0] ?? "", COPILOT), select("allow_all", "off", ["on", "off"])],
  },
  opencode: { configOptions: [select("mode", "build", ["build", "plan"])] },
  qwen: both("auto", ["plan", "default", "auto-edit", "auto", "yolo"]),
};
