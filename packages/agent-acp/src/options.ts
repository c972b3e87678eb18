import type { AgentAccess, OptionsSchema, SchemaIssue } from "@troupe/core";
import { type AccessModes, type AcpPreset, type ModeSetting, PRESETS } from "./presets.js";

/** The options of an agent that speaks ACP, as read from `troupe.yaml`. */
export interface AcpAgentOptions {
  /** The program and its arguments. A relative path of the program starts at the project's folder. */
  readonly command: readonly string[];
  /** What the preset knows besides; null = a command of the user's own. */
  readonly preset: (AcpPreset & { readonly name: string }) | null;
  /** Start the preset's pinned package with `npx` where its program is not installed. */
  readonly fallback: boolean;
  readonly modes: AccessModes;
  /** Added to the environment of the turn. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether tokens are told of this turn or of the whole session. */
  readonly tokens: "turn" | "session";
}

const KEYS = ["preset", "command", "args", "fallback", "modes", "env", "tokens"];
const ACCESSES: readonly AgentAccess[] = ["readOnly", "ask", "edit", "full"];
type Report = (message: string, ...path: readonly PropertyKey[]) => void;

/** All mistakes are reported at once, each with the path of its value. */
export const acpAgentOptions: OptionsSchema<AcpAgentOptions> = {
  "~standard": {
    version: 1,
    vendor: "troupe",
    validate: (value) => {
      if (!isRecord(value)) return { issues: [{ message: "must be a map with a preset or a command" }] };
      const issues: SchemaIssue[] = [];
      const options = readOptions(value, (message, ...path) => void issues.push({ message, path }));
      return issues.length > 0 ? { issues } : { value: options };
    },
  },
};

function readOptions(value: Readonly<Record<string, unknown>>, report: Report): AcpAgentOptions {
  for (const key of Object.keys(value)) if (!KEYS.includes(key)) report(`is not known; known: ${KEYS.join(", ")}`, key);
  const preset = readPreset(value.preset, report);
  if (value.preset === undefined && value.command === undefined) report("must have a preset or a command");
  const own = value.command === undefined ? null : readTexts(value.command, "command", report);
  if (own !== null && (own[0] ?? "").trim() === "")
    report("must be a list: the program, then its arguments", "command");
  const args = value.args === undefined ? [] : readTexts(value.args, "args", report);
  const { fallback = false, tokens = preset?.tokens ?? "turn" } = value;
  if (typeof fallback !== "boolean") report("must be true or false", "fallback");
  if (fallback === true && (preset === null || own !== null)) report("needs a preset, without a command", "fallback");
  if (tokens !== "turn" && tokens !== "session") report('must be "turn" or "session"', "tokens");
  return {
    command: [...(own ?? preset?.command ?? []), ...args],
    preset,
    fallback: fallback === true,
    modes: { ...preset?.modes, ...readModes(value.modes ?? {}, report) },
    env: { ...preset?.env, ...readEnv(value.env ?? {}, report) },
    tokens: tokens === "session" ? "session" : "turn",
  };
}

function readPreset(value: unknown, report: Report): AcpAgentOptions["preset"] {
  if (value === undefined) return null;
  const preset = typeof value === "string" && Object.hasOwn(PRESETS, value) ? PRESETS[value] : undefined;
  if (preset !== undefined) return { ...preset, name: String(value) };
  report(`must be one of: ${Object.keys(PRESETS).join(", ")}`, "preset");
  return null;
}

function readTexts(value: unknown, key: string, report: Report): readonly string[] {
  if (!Array.isArray(value)) {
    report("must be a list of texts", key);
    return [];
  }
  return value.flatMap((text: unknown, index) => {
    if (typeof text === "string" && !text.includes("\0")) return [text];
    report(typeof text === "string" ? "has a NUL character" : "must be text", key, index);
    return [];
  });
}

function readModes(value: unknown, report: Report): AccessModes {
  if (!isRecord(value)) {
    report("must be a map from accesses to modes", "modes");
    return {};
  }
  const modes: Partial<Record<AgentAccess, readonly ModeSetting[]>> = {};
  for (const [name, entry] of Object.entries(value)) {
    const access = ACCESSES.find((known) => known === name);
    if (access === undefined) report(`is not known; known: ${ACCESSES.join(", ")}`, "modes", name);
    else modes[access] = (Array.isArray(entry) ? entry : [entry]).flatMap((item) => readMode(item, name, report));
  }
  return modes;
}

function readMode(item: unknown, name: string, report: Report): readonly ModeSetting[] {
  if (typeof item === "string" && item !== "") return [item];
  if (isRecord(item) && typeof item.option === "string") {
    const { option, value } = item;
    if (typeof value === "string" || typeof value === "boolean") return [{ option, value }];
  }
  report("must be the id of a mode, { option, value }, or a list of them", "modes", name);
  return [];
}

function readEnv(value: unknown, report: Report): Readonly<Record<string, string>> {
  if (!isRecord(value)) {
    report("must be a map from names to texts", "env");
    return {};
  }
  const env: Record<string, string> = {};
  for (const [name, text] of Object.entries(value)) {
    if (!/^[^=\0]+$/.test(name)) report("is no name of a variable", "env", name);
    else if (typeof text !== "string" || text.includes("\0")) report("must be text", "env", name);
    else env[name] = text;
  }
  return env;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
