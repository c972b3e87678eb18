import { DEFAULT_HOOK_EVENTS } from "@troupe/core";
import { expect, it } from "vitest";
import { parseProjectFile } from "./parse-project-file.js";

const DEFAULT_EVENTS = expect.arrayContaining([...DEFAULT_HOOK_EVENTS]);

it("reads hooks of every kind", () => {
  const text = `notify:
  - bell
  - { desktop: true, events: [approval, failed, failed] }
  - { command: [./tell.sh, x], timeout: 30s }
  - { command: "cat > told" }
  - { webhook: "http://localhost:1/x?run=1", headers: { A: b, Authorization: { from: AUTH } } }
  - { webhook: { from: HOOK }, bell: }
  - { slack: { from: SLACK } }
  - { telegram: { token: { from: TOKEN }, chat: -100 } }
  - { telegram: { token: { from: TOKEN }, chat: "@team", api: "http://localhost:2" } }
`;
  const { project, diagnostics } = parseProjectFile(text, "troupe.yaml");
  expect(diagnostics).toEqual([]);
  const usual = { events: DEFAULT_EVENTS, timeoutMs: 10_000 };
  const token = { from: "TOKEN" };
  expect(project?.notify).toEqual([
    { kind: "bell", ...usual },
    { kind: "desktop", events: ["failed", "approval"], timeoutMs: 10_000 },
    { kind: "command", command: { argv: ["./tell.sh", "x"] }, ...usual, timeoutMs: 30_000 },
    { kind: "command", command: { shell: "cat > told" }, ...usual },
    {
      kind: "webhook",
      url: "http://localhost:1/x?run=1",
      headers: { A: "b", Authorization: { from: "AUTH" } },
      ...usual,
    },
    { kind: "webhook", url: { from: "HOOK" }, headers: {}, ...usual },
    { kind: "slack", url: { from: "SLACK" }, ...usual },
    { kind: "telegram", token, chat: "-100", api: null, ...usual },
    { kind: "telegram", token, chat: "@team", api: "http://localhost:2", ...usual },
  ]);
});
