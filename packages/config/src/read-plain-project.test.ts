import fc from "fast-check";
import { expect, it } from "vitest";
import { parseProjectFile } from "./parse-project-file.js";
import { EMPTY_PROJECT } from "./project-config.js";
import { readPlainProject } from "./read-plain-project.js";

const KEYS = ["workflow", "store", "executor", "reporters", "agents", "checks", "secrets", "limits", "notify"] as const;

/** What the full reader says, and what the plain one does; null = it leaves the text to the other. */
function compared(text: string): { readonly full: unknown; readonly plain: unknown } | null {
  const plain = readPlainProject(text);
  if (plain === null) return null;
  const { project, diagnostics, locate } = parseProjectFile(text, "troupe.yaml");
  const places = (of: typeof locate): unknown => KEYS.map((key) => [of(key), of(key, 0), of(key, 1)]);
  return {
    full: { project, diagnostics, places: places(locate) },
    plain: { project: plain.project, diagnostics: [], places: places(plain.locate) },
  };
}

const LINES = [
  "agents:",
  "checks:",
  "workflow: stages.yaml",
  "workflow: null",
  "  default: claude",
  "  default: codex",
  "  pm: acp-x",
  "  pm: true",
  "  yes: claude",
  "  constructor: claude",
  "  No.1: ./agent.js",
  "  - npm test",
  "  - make check-all",
  "  - a: b",
  "  - off",
  "  # reviewer: NAME",
  "# limits: { duration: 8h }",
  "      # deep",
  " ",
  "",
  "store: fs",
  "store:",
  "secrets: [A]",
  " default: claude",
  "   default: claude",
  "  default: claude # why",
  "  default:",
  "  default: claude ",
  "  default: a.b-c/d",
  "---",
  "...",
  "\tdefault: claude",
  "  é: claude",
];

it("what it reads is what the full reader reads, with every place, and has no diagnostic", () => {
  const soundFirst = fc.tuple(
    fc.constantFrom("", "# c\n", "workflow: w.yaml\n", "\n\n", "checks:\n  - npm test\n"),
    fc.array(fc.constantFrom(...LINES.slice(4, 20)), { maxLength: 5 }),
    fc.constantFrom("", "checks:\n  - npm test\n  - x\n", "workflow: w.yaml", "# end\n"),
  );
  const texts = fc.oneof(
    fc.array(fc.constantFrom(...LINES), { maxLength: 8 }).map((lines) => lines.join("\n")),
    soundFirst.map(([before, agents, after]) => `${before}agents:\n${agents.join("\n")}\n${after}`),
  );
  let taken = 0;
  fc.assert(
    fc.property(texts, (text) => {
      const both = compared(text);
      if (both === null) return;
      taken++;
      expect(both.plain).toEqual(both.full);
    }),
    { numRuns: 5000 },
  );
  expect(taken).toBeGreaterThan(100);
});

it("reads what init writes", () => {
  const text = `# yaml-language-server: $schema=.troupe/schemas/project.schema.json

# Who does the work: default performs every agent id of the workflow that has no line of its own.
agents:
  default: claude
  # reviewer: NAME

# What decides in the end.
checks:
  - npm test

# limits: { duration: 8h, cost: 20 }
`;
  const plain = readPlainProject(text);
  expect(plain?.project).toEqual({
    ...EMPTY_PROJECT,
    agents: [
      {
        id: "default",
        plugin: { name: "claude", options: undefined, line: 5, column: 12 },
        persona: null,
        model: null,
        env: {},
        access: null,
      },
    ],
    checks: [{ shell: "npm test" }],
  });
  const both = compared(text);
  expect(both?.plain).toEqual(both?.full);
});

it.each([
  "",
  "# only a comment\n",
  "agents:\n",
  "agents:\nchecks:\n  - x\n",
  "agents:\nworkflow: x\n",
  "  default: claude\n",
  "  - npm test\n",
  "workflow: a\nworkflow: b\n",
  "workflow: no\n",
  "checks:\n  - x\nchecks:\n  - y\n",
  "agents:\n  a: x\n  a: y\n",
  "agents:\n  a: yes\n",
  "agents:\n  a: x\r\n",
  "store: null\n",
  "notify: [bell]\n",
  `agents:\n  a: x\n${"# x\n".repeat(16 * 1024)}`,
])("leaves %j to the full reader", (text) => {
  expect(readPlainProject(text)).toBeNull();
});
