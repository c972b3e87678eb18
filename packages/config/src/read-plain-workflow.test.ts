import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { DEFAULT_WORKFLOW_YAML } from "./default-workflow-yaml.js";
import { parseProjectFile } from "./parse-project-file.js";
import { parseWorkflow } from "./parse-workflow.js";
import { readPlainProject } from "./read-plain-project.js";
import { readPlainWorkflow } from "./read-plain-workflow.js";

const KEYS = ["workflow", "store", "executor", "reporters", "agents", "checks", "secrets", "limits", "notify"] as const;
const STAGE_KEYS = ["name", "description", "work_agent", "prompt_template", "artifacts", "needs", "retry"];

/** True when the plain reader has taken the text; then the full one says the same, to the last place, and no more. */
function takesAsFull(text: string): boolean {
  const project = readPlainProject(text);
  if (project !== null) {
    const full = parseProjectFile(text, "troupe.yaml");
    const places = KEYS.map((key) => [project.locate(key), project.locate(key, 1)]);
    expect(JSON.stringify(project.project)).toBe(JSON.stringify(full.project));
    expect({ text, project: project.project, diagnostics: [], places }).toEqual({
      text,
      project: full.project,
      diagnostics: full.diagnostics,
      places: KEYS.map((key) => [full.locate(key), full.locate(key, 1)]),
    });
  }
  const plain = readPlainWorkflow(text, "stages.yaml", { personas: { a: "builder" } });
  if (plain !== null) {
    const full = parseWorkflow(text, "stages.yaml", { personas: { a: "builder" } });
    const ids = plain.workflow.stages.map(({ id }) => id);
    const placesOf = (locate: typeof full.locate): unknown =>
      ids.map((id) => STAGE_KEYS.map((key) => [locate(id, key), locate(id, key, 0)]));
    expect(JSON.stringify(plain.workflow)).toBe(JSON.stringify(full.workflow)); // what is recorded, and stages are known by
    expect({ text, workflow: plain.workflow, diagnostics: [], places: placesOf(plain.locate) }).toEqual({
      text,
      workflow: full.workflow,
      diagnostics: full.diagnostics,
      places: placesOf(full.locate),
    });
  }
  return project !== null || plain !== null;
}

const PROJECT = `# yaml-language-server: $schema=.troupe/schemas/project.schema.json
workflow: flows/stages.yaml # where the work is
store: [fs, { maxLogBytes: 4096 }]
executor: "@troupe/executor-parallel"
reporters:
- console
- ['./report.js', { x: 1 }]

agents: # who does it
  default: claude
  # reviewer: NAME
  reviewer: { plugin: codex, model: gpt-5.1, access: readOnly }
  builder-1:
    plugin: [command, { command: [my-agent, "-p"] }]
    persona: builder
    env:
      DEPLOY_TOKEN: { from: DEPLOY_TOKEN }
      MODE: "full # not a comment"
checks:
  - npm test
  - [node, "--test"]
secrets: [DEPLOY_TOKEN]
limits:
  duration: 4h
  cost: 12.5
  concurrency: 3
`;

const WORKFLOW = `version: 1
defaults: { timeout: 1h, max_rounds: 3 }
inputs:
  TICKET: { description: Number of the ticket, default: none }
stages:
  # first of all
  BUILD:
    run: make all
    needs: []
  SPEC:
    name: Spécification – première
    description: >-
      What is
      to be built.

      In two parts.
    work_agent: a
    artifacts: [spec.md]
    retry:
      attempts: 2
      delay: 10s
  REVIEW:
    description: |
      Judge it:
        - strictly
        - "fairly"
    work_agent: a
    review_agent: 'reviewer'
    is_review_stage: true
work_to_review_mapping:
  SPEC: REVIEW
`;

test("what people write is taken", () => {
  expect([PROJECT, WORKFLOW, DEFAULT_WORKFLOW_YAML].map(takesAsFull)).toEqual([true, true, true]);
});

test("whatever says something to the full reader is left to it", () => {
  const folder = join(import.meta.dirname, "../test/golden");
  const golden = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  expect(golden.length).toBeGreaterThan(50);
  for (const name of golden) takesAsFull(readFileSync(join(folder, name), "utf8"));
});

/** Lines and pieces that are put anywhere: each is something that YAML has an opinion on. */
const PIECES = [
  ...["", " ", "  ", "    ", "#", " # why", ": ", ":", "- ", "-", "\n", "\n\n", "\n  \n", "\n      ", "\t", "\r\n"],
  ...["'", '"', "''", "\\", "[", "]", "{", "}", ",", "&a ", "*a", "!!str ", "|", ">", ">-", "|+", "|2", "? ", "%", "@"],
  ...[
    "null",
    "~",
    "true",
    "no",
    "0",
    "007",
    "1e3",
    "0x1f",
    "1_000",
    "1:30",
    ".5",
    "-1",
    "1.0",
    "99999999999",
    "2026-11-28",
  ],
  ...[
    "---\n",
    "...\n",
    "<<: x",
    "__proto__: x",
    "constructor: x",
    "é",
    "\u00a0",
    "\u2028",
    "\u202e",
    "😀",
    "\u0085",
    "- a: b\n  c: d",
  ],
  ...[
    "  BUILD:\n    run: x\n",
    "store: fs\n",
    "agents:\n  a: b\n",
    "notify: [bell]\n",
    "when: { input: A, equals: b }\n",
  ],
  ...[
    "      deeper\n",
    "    timeout: 5\n",
    "    needs: [NOWHERE]\n",
    "    approval: true\n",
    "    checks: [npm test]\n",
    "key:\n",
  ],
];

const SMALL = [
  "stages:\n  A:\n    run: x\n    description: >\n      one\n      two\n",
  "agents:\n  a: b # c\nsecrets: [A, B]\n",
  "store: fs\nsecrets:\n  - name: A\n    file: 'b'\n  - B\n",
  "limits: { duration: 1h, cost: 2 }\nworkflow: a/b.yaml\n",
];

test("of texts changed at random it takes only what the full reader has nothing to say of, and reads the same", () => {
  const change = fc.record({
    at: fc.nat(),
    cut: fc.integer({ min: 0, max: 6 }),
    piece: fc.constantFrom(...PIECES),
    isAtLineStart: fc.boolean(),
  });
  let taken = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(PROJECT, WORKFLOW, ...SMALL),
      fc.array(change, { minLength: 1, maxLength: 2 }),
      (whole, changes) => {
        let text = whole;
        for (const { at, cut, piece, isAtLineStart } of changes) {
          const somewhere = at % (text.length + 1);
          const place = isAtLineStart ? text.lastIndexOf("\n", somewhere) + 1 : somewhere;
          text = text.slice(0, place) + piece + text.slice(place + cut);
        }
        if (takesAsFull(text)) taken += 1;
      },
    ),
    { numRuns: Number(process.env.PLAIN_RUNS ?? 1_000) },
  );
  expect(taken).toBeGreaterThan(10);
}, 120_000);
