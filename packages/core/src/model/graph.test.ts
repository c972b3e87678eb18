import fc from "fast-check";
import { expect, test } from "vitest";
import { hasCode } from "../errors/troupe-error.js";
import { defineWorkflow, type WorkflowDraft } from "./define.js";
import { canTransition, validateWorkflow, workflowProblems } from "./graph.js";

const work = (id: string, ...needs: readonly string[]) => ({ id, workAgent: "w", needs });

function problemsOf(stages: WorkflowDraft["stages"], groups: NonNullable<WorkflowDraft["groups"]> = []) {
  return workflowProblems(defineWorkflow({ name: "w", stages, groups }));
}

const DEVELOPMENT = defineWorkflow({
  name: "development",
  stages: [
    work("RESEARCH"),
    work("SPEC", "RESEARCH"),
    { id: "SPEC_REVIEW", kind: "review", workAgent: "w", reviewAgent: "r", reviews: "SPEC", needs: ["SPEC"] },
    work("TECH_RESEARCH", "SPEC_REVIEW"),
    work("TEST_STRATEGY", "SPEC_REVIEW"),
    work("PLAN", "TECH_RESEARCH", "TEST_STRATEGY"),
    { ...work("POLISH", "PLAN"), optional: true },
    { ...work("DOCS", "POLISH"), optional: true },
    work("SHIP", "DOCS", "PLAN"),
  ],
  groups: [{ name: "preparation", stages: ["TECH_RESEARCH", "TEST_STRATEGY"] }],
});

test.each([
  ["SPEC_REVIEW", "TECH_RESEARCH", true],
  ["SPEC_REVIEW", "TEST_STRATEGY", true],
  ["TECH_RESEARCH", "PLAN", true],
  ["TEST_STRATEGY", "PLAN", true],
  ["TECH_RESEARCH", "TEST_STRATEGY", false],
  ["TEST_STRATEGY", "TECH_RESEARCH", false],
  ["SPEC_REVIEW", "PLAN", false],
  ["PLAN", "TECH_RESEARCH", false],
  ["PLAN", "PLAN", false],
  ["PLAN", "POLISH", true],
  ["PLAN", "DOCS", true],
  ["PLAN", "SHIP", true],
  ["POLISH", "SHIP", true],
  ["RESEARCH", "SPEC_REVIEW", false],
])("from %s to %s: %s", (from, to, isLegal) => {
  expect(canTransition(DEVELOPMENT, from, to)).toBe(isLegal);
});

test("a stage that the workflow does not have is named with those it has", () => {
  const small = defineWorkflow({ name: "w", stages: [work("A"), work("B", "A")] });
  for (const [from, to] of [
    ["A", "Z"],
    ["Z", "A"],
  ] as const) {
    expect(() => canTransition(small, from, to)).toThrow(
      expect.objectContaining({
        code: "STAGE_UNKNOWN",
        message: 'the workflow has no stage "Z"',
        hint: "Its stages are A, B.",
        details: { stage: "Z" },
      }),
    );
  }
});

test("a workflow that can be run has no problems", () => {
  expect(workflowProblems(DEVELOPMENT)).toEqual([]);
  expect(() => validateWorkflow(DEVELOPMENT)).not.toThrow();
});

test("all problems are told at once", () => {
  const workflow = defineWorkflow({ name: "bad", stages: [{ id: "A" }, { id: "B", needs: ["C"], workAgent: "w" }] });
  const problems = [
    'stage "A" is a work stage without a work agent',
    'stage "B" names stage "C", which does not exist',
  ];
  try {
    validateWorkflow(workflow);
    expect.unreachable();
  } catch (error) {
    expect(hasCode(error, "WORKFLOW_INVALID") && { message: error.message, details: error.details }).toEqual({
      message: `workflow "bad" cannot be run: ${problems.join("; ")}`,
      details: { problems },
    });
  }
});

test.each<readonly [string, WorkflowDraft["stages"], readonly string[]]>([
  ["no stage", [], ["the workflow has no stage"]],
  ["an id with a space", [work("A B")], ['stage id "A B" is not a valid id']],
  ["an id twice", [work("A"), work("A")], ['stage "A" is defined twice']],
  ["a need twice", [work("A"), work("B", "A", "A")], ['stage "B" needs a stage twice']],
  ["no round", [{ ...work("A"), maxRounds: 0 }], ['stage "A" has no round']],
  [
    "no attempt",
    [{ ...work("A"), retry: { attempts: 0, delayMs: 0, backoff: 1, maxDelayMs: 0 } }],
    ['stage "A" has no attempt'],
  ],
  ["a command without one", [{ id: "A", kind: "command" }], ['stage "A" is a command stage without a command']],
  [
    "a review without a reviewer",
    [{ ...work("A"), kind: "review" }],
    ['stage "A" is a review stage without a review agent'],
  ],
  [
    "acceptance without checks",
    [{ ...work("A"), kind: "acceptance" }],
    ['stage "A" is a acceptance stage without checks'],
  ],
  [
    "unknown stages",
    [{ ...work("A"), reviews: "X", requiresAcceptance: ["Y"] }],
    ['stage "A" names stage "Y", which does not exist', 'stage "A" names stage "X", which does not exist'],
  ],
  [
    "a circle and what follows it",
    [work("A"), work("B", "A", "D"), work("C", "B"), work("D", "C")],
    ["stages need each other in a circle: B, C, D"],
  ],
  [
    "a stage that demands its own consequence",
    [{ ...work("A"), requiresAcceptance: ["B"] }, work("B", "A")],
    ["stages need each other in a circle: A, B"],
  ],
  ["a group that does not exist", [{ ...work("A"), group: "g" }], ['stage "A" is in group "g", which does not exist']],
])("%s is a problem", (_, stages, problems) => {
  expect(problemsOf(stages)).toEqual(problems);
});

test("kinds that have all they need are no problem", () => {
  expect(
    problemsOf([
      { id: "END", kind: "terminal" },
      { id: "BUILD", kind: "command", run: { shell: "make" } },
      { ...work("TEST"), kind: "acceptance", checks: [{ argv: ["x"] }] },
    ]),
  ).toEqual([]);
});

test("groups are looked at too", () => {
  const groups = [
    { name: "g", stages: ["A", "B"], maxConcurrent: 0 },
    { name: "g", stages: ["Z"] },
  ];
  const stages = [
    { ...work("A"), group: "g" },
    { ...work("B"), group: "h" },
  ];
  expect(problemsOf(stages, groups)).toEqual([
    'group "g" names "B", which is not its member',
    'group "g" lets nothing run',
    'group "g" is defined twice',
    'group "g" names "Z", which is not its member',
    'stage "B" is in group "h", which does not exist',
  ]);
});

test("whatever stages need, they have no circle, or it is told", () => {
  const ids = ["A", "B", "C", "D", "E", "F"];
  const anyNeeds = fc.array(fc.subarray(ids), { minLength: ids.length, maxLength: ids.length });
  fc.assert(
    fc.property(anyNeeds, (needs) => {
      const stages = ids.map((id, index) => work(id, ...(needs[index] ?? [])));
      const [problem] = problemsOf(stages);
      expect(problem === undefined).toBe(!ids.some((id) => reaches(needs, ids, id, id)));
    }),
  );
});

function reaches(needs: readonly (readonly string[])[], ids: readonly string[], from: string, to: string): boolean {
  const found = new Set(needs[ids.indexOf(from)]);
  for (const id of found) for (const next of needs[ids.indexOf(id)] ?? []) found.add(next);
  return found.has(to);
}

test("several agents do work: a review of another stage's work has none, a review of its own has", () => {
  const review = { id: "R", kind: "review", workAgent: "w", reviewAgent: "r", parallelAgents: ["a", "b"] } as const;
  expect(problemsOf([review])).toEqual([]);
  expect(problemsOf([work("A"), { ...review, needs: ["A"], reviews: "A" }])).toEqual([
    'stage "R" has agents for work that it does not do',
  ]);
});

test("a condition on a stage is judged although a need upstream of it is unknown", () => {
  const problems = problemsOf([work("A", "GONE"), { ...work("B", "A"), when: { stage: "A", is: "skipped" } }]);
  expect(problems).toEqual([expect.stringContaining("GONE")]);
});
