import { expect, it } from "vitest";
import { formatDiagnostics } from "./format-diagnostic.js";
import { parseProjectFile } from "./parse-project-file.js";

function shownOf(text: string): string {
  return formatDiagnostics(parseProjectFile(text, "troupe.yaml").diagnostics, new Map([["troupe.yaml", text]]));
}

it.each([
  "  - { slak: https://hooks.slack.com/services/T0/B0/canary }",
  "  - { slak: { form: https://hooks.slack.com/services/T0/B0/canary } }",
  "  - slak: |\n      https://hooks.slack.com/services/T0/B0/canary\n    evnts: [failed]",
  "- slak: https://hooks.slack.com/services/T0/B0/canary\n- bel",
  "  - https://hooks.slack.com/services/T0/B0/canary",
  "  - { https://hooks.slack.com/services/T0/B0/canary }",
  "  - { webhook: https://example.com/canary, events: [fail] }",
  "  - { telegram: { tokn: 1234567890:canary-canary, chat: 1 } }",
  "  - { headrs: { Authorization: Bearer canary } }",
  "  - { desktop: xoxb-1234567890-canary }",
  "  - { slak: https://hooks.slack.com/services/T0/B0/canary", // a mistake of syntax
])("shows nothing of an address or a token in a hook that is written wrongly: %j", (hook) => {
  const shown = shownOf(`notify:\n${hook}\n`);
  expect(shown).toContain("error CONFIG_");
  expect(shown).not.toContain("canary");
});

it.each([
  "notifi: [{ slack: https://hooks.slack.com/services/T0/B0/canary }]",
  "notifications:\n  - { webhook: https://example.com/canary }",
  "Notify:\n- webhook: https://example.com/canary\n  evnts: [failed]",
  '"notify:"\n  - https://example.com/canary',
  "{ notify: [{ slak: https://example.com/canary }] }",
  "{\n  agents: { default: claude },\n  notify: [{ webhook: https://example.com/canary, evnts: [failed] }]\n}",
  "{ agents: { default: claude }, notifi: [{ webhook: https://example.com/canary }]",
  "- { slack: https://example.com/canary }",
  "  notifi:\n    - { slack: https://example.com/canary }",
  "notify: { slack: https://example.com/canary }",
  "? notify\n: - { slak: https://example.com/canary }",
  "checks:\n  - { slack: https://hooks.slack.com/services/T0/B0/canary }",
  "agents: { a: { plugin: claude, env: { KEY: sk-ant-canary }, modle: x } }",
  "agents: { a: { plugin: claude, modle: https://me:canary@example.com } }",
])("shows nothing of it under a wrong key or in braces: %j", (text) => {
  const shown = shownOf(text);
  expect(shown).toContain("error CONFIG_");
  expect(shown).not.toContain("canary");
});

it("shows the line of a model's name, which is as long as a token", () => {
  const shown = shownOf("agents:\n  a: { plugin: claude, modle: claude-sonnet-4-5-20250929 }\n");
  expect(shown).toContain("2 |   a: { plugin: claude, modle: claude-sonnet-4-5-20250929 }");
});

it("shows addresses of this machine, and lines of other keys", () => {
  const text = `notify:
  - { webhook: "http://localhost:8080/runs", event: [failed] }
checks:
  - { run: "curl https://example.com/health", nam: x }
`;
  const shown = shownOf(text);
  expect(shown).toContain('2 |   - { webhook: "http://localhost:8080/runs", event: [failed] }');
  expect(shown).toContain('4 |   - { run: "curl https://example.com/health", nam: x }');
});

it("checks how the keys of hooks go together when another is no hook at all", () => {
  const { diagnostics } = parseProjectFile(
    "notify:\n  - 5\n  - { bell: true, desktop: true }\n  - {}\n",
    "troupe.yaml",
  );
  expect(diagnostics.map(({ line, message }) => [line, message])).toEqual([
    [2, 'notify[1] must be "desktop", "bell", or a map with command, webhook, slack or telegram, not 5'],
    [3, 'notify[2] has both "desktop" and "bell"'],
    [4, "notify[3] does not say how to tell anybody"],
  ]);
});

it("looks through a long line without trying it again at each letter", () => {
  const text = `notify:\n  - { slak: "${"a-".repeat(100_000)}", b: "${":".repeat(200_000)}" }\n`;
  expect(shownOf(text)).toContain('unknown key "slak"');
});
