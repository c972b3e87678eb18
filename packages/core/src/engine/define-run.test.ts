import { expect, test } from "vitest";
import { textOf } from "../../test/hand-run.js";
import { DEFAULT_LIMITS, defineRun, defineWorkflow, type RunDraft, type StageDefinition } from "../index.js";

const stage = {
  id: "A",
  kind: "review",
  workAgent: "w",
  reviewAgent: "r",
  promptTemplate: "a.md",
  artifacts: ["a.md"],
} as const;
const objective = { title: "Do it", path: null, text: textOf("Do it") };
const agents = [{ id: "w", plugin: "p", model: "m", persona: null }];

function printOf(change: Partial<StageDefinition> = {}, more: Partial<RunDraft> = {}): string {
  const stages = [
    { id: "0", workAgent: "x" },
    { ...stage, needs: ["0"], ...change },
  ];
  const groups = change.group == null ? [] : [{ name: change.group, stages: ["A"] }];
  const workflow = defineWorkflow({ name: "w", stages, groups });
  const templates = [{ path: "a.md", text: textOf("template") }];
  return defineRun({ workflow, objective, agents, templates, ...more }).fingerprints[change.id ?? "A"] ?? "none";
}

test.each<readonly [string, Partial<StageDefinition>]>([
  ["its kind", { kind: "work" }],
  ["its work agent", { workAgent: "other" }],
  ["its review agent", { reviewAgent: "other" }],
  ["its command", { run: { argv: ["make"] } }],
  ["its description", { description: "more" }],
  ["its exit criteria", { exitCriteria: ["done"] }],
  ["its artifacts", { artifacts: ["b.md"] }],
  ["its checks", { checks: [{ argv: ["x"] }] }],
  ["the scenarios that have to be linked", { scenarios: "linked" }],
  ["the stage it reviews", { reviews: "0" }],
  ["its template", { promptTemplate: null }],
  ["whether it gets the objective", { includeObjective: false }],
])("the fingerprint of a stage changes with %s", (_, change) => {
  expect(printOf(change)).not.toBe(printOf());
});

test.each<readonly [string, Partial<RunDraft>]>([
  ["the objective", { objective: { ...objective, text: textOf("Do something else") } }],
  ["the text of its template", { templates: [{ path: "a.md", text: textOf("other") }] }],
  ["a template that is not there", { templates: [] }],
  ["the model of its agent", { agents: [{ id: "w", plugin: "p", model: "other", persona: null }] }],
  ["the plugin of its agent", { agents: [{ id: "w", plugin: "other", model: "m", persona: null }] }],
  ["the persona of its agent", { agents: [{ id: "w", plugin: "p", model: "m", persona: "stern" }] }],
  ["the inputs", { inputs: { LANG: "en" } }],
])("the fingerprint of a stage changes with %s", (_, more) => {
  expect(printOf({}, more)).not.toBe(printOf());
});

test.each<readonly [string, Partial<StageDefinition>]>([
  ["its name", { name: "Another" }],
  ["its timeouts", { timeoutMs: 1, idleTimeoutMs: 1 }],
  ["its retries", { retry: { attempts: 9, delayMs: 1, backoff: 1, maxDelayMs: 1 } }],
  ["its rounds", { maxRounds: 9 }],
  ["its group", { group: "g" }],
  ["its needs", { needs: [] }],
  ["its approval", { approval: true }],
  ["what it writes", { writes: "tree" }],
  ["whether it may be skipped", { optional: true }],
  ["the acceptance tests it demands", { requiresAcceptance: ["0"] }],
])("the fingerprint of a stage does not change with %s", (_, change) => {
  expect(printOf(change)).toBe(printOf());
});

test.each<readonly [string, Partial<RunDraft>]>([
  ["limits", { limits: { ...DEFAULT_LIMITS, costUsd: 5 } }],
  ["flags and sources", { source: "stages.yaml", skip: ["0"] }],
  ["other agents and templates", { agents: [...agents, { id: "z", plugin: "p", model: null, persona: null }] }],
  ["the title of the objective", { objective: { ...objective, title: "Another", path: "x.md" } }],
])("the fingerprint of a stage does not change with %s", (_, more) => {
  expect(printOf({}, more)).toBe(printOf());
});

test("the order in which inputs are given does not matter", () => {
  expect(printOf({}, { inputs: { A: "1", B: "2" } })).toBe(printOf({}, { inputs: { B: "2", A: "1" } }));
});

test("a command does not read the objective", () => {
  const command = { kind: "command", run: { argv: ["make"] } } as const;
  const other = { objective: { ...objective, text: textOf("other") } };
  expect(printOf(command, other)).toBe(printOf(command));
});

test("what is not given has its default; every stage has a fingerprint", () => {
  const workflow = defineWorkflow({ name: "w", stages: [{ id: "A", kind: "terminal" }] });
  expect(defineRun({ workflow, objective })).toEqual({
    format: 1,
    workflow,
    source: "code",
    objective,
    templates: [],
    agents: [],
    inputs: {},
    skip: [],
    limits: DEFAULT_LIMITS,
    flags: { skip: [], limits: {}, inputs: {}, checks: [], agents: {}, shareTree: false },
    fingerprints: { A: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
});

test("a definition has the oldest format that does it justice, so that older versions go on with what they know", () => {
  const when = { input: "MODE", equals: "fast" } as const;
  const inputs = [{ name: "MODE", description: "", default: null }];
  const workflow = defineWorkflow({ name: "w", stages: [{ id: "A", kind: "terminal", when }], inputs });
  expect(defineRun({ workflow, objective }).format).toBe(2);
});

test("a workflow that cannot be run has no definition", () => {
  const workflow = defineWorkflow({ name: "w", stages: [] });
  expect(() => defineRun({ workflow, objective })).toThrow('workflow "w" cannot be run: the workflow has no stage');
});
