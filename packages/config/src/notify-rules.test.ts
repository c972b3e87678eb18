import { DEFAULT_HOOK_EVENTS } from "@troupe/core";
import { describe, expect, it } from "vitest";
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

describe("hints", () => {
  const hintsOf = (text: string): readonly (string | null)[] =>
    parseProjectFile(text, "troupe.yaml").diagnostics.map(
      ({ message, hint, severity }) => `${severity}: ${message} > ${hint}`,
    );

  it("say how a hook is written that has nearly the right form", () => {
    expect(hintsOf("notify:\n  - bel\n  - desctop\n  - mail\n")).toEqual([
      'error: notify[1] must be "desktop", "bell", or a map with command, webhook, slack or telegram, not "bel" > did you mean "bell"?',
      'error: notify[2] must be "desktop", "bell", or a map with command, webhook, slack or telegram, not "desctop" > did you mean "desktop"?',
      'error: notify[3] must be "desktop", "bell", or a map with command, webhook, slack or telegram, not "mail" > null',
    ]);
    expect(hintsOf("notify:\n  slack: { from: URL }\n")).toEqual([
      "error: notify must be a list of hooks, not a map > A list has brackets around it, or a dash and a blank before each item.",
    ]);
    expect(hintsOf('notify:\n  - { webhook: "htp://example.com" }\n  - { slack: URL }\n')).toEqual([
      "error: notify[1].webhook must be an http or https URL > Write it as https://..., or { from: NAME } when it is a secret. The line is not shown, as it may hold a secret.",
      "error: notify[2].slack must be a map with from: the name of an environment variable or of a secret > Put it into an environment variable and write { from: NAME }. The line is not shown, as it may hold a secret.",
    ]);
  });

  it("name a hook that says the same as one before, whatever its time limit is", () => {
    const text =
      "notify:\n  - bell\n  - { command: [./x] }\n  - { bell: true }\n  - { command: [./x], timeout: 5s }\n  - { command: [./y] }\n";
    expect(hintsOf(text)).toEqual([
      "warning: notify[3] says the same as notify[1]: nobody is told twice > Remove one of them.",
      "warning: notify[4] says the same as notify[2]: nobody is told twice > Remove one of them.",
    ]);
  });
});
