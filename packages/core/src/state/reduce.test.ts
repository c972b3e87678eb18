import { expect, test } from "vitest";
import { definitionOf, HandRun, OWNER, textOf } from "../../test/hand-run.js";
import { hasCode, RUN_FORMAT, type RunEvent } from "../index.js";
import { dueTurn, nextOutcome, nextTurn } from "./next-step.js";
import { reduce } from "./reduce.js";
import { type StageRecord, summaryOf } from "./run-state.js";

const DEFINITION = definitionOf([
  { id: "A", workAgent: "w" },
  { id: "B", workAgent: "w", needs: ["A"], approval: true },
]);
const CREATED: RunEvent = { type: "run.created", runId: "run-1", definition: DEFINITION };
const WORKSPACE = { kind: "folder", path: "/tree" } as const;
const CLAIM = {
  type: "run.claimed",
  owner: OWNER,
  capacity: null,
  workspace: WORKSPACE,
  previousSeenAt: null,
} as const;
const START = {
  type: "turn.started",
  turn: "A.2",
  stage: "A",
  kind: "work",
  round: 1,
  attempt: 1,
  agent: "w",
  fingerprint: "",
  inputs: [],
  session: null,
} as const;
const DONE = {
  status: "succeeded",
  output: textOf("x"),
  artifacts: [],
  log: null,
  usage: null,
  session: null,
} as const;
const VERDICT = { decision: "approved", reasons: [], source: "tool" } as const;
const ERROR = { code: "TURN_FAILED", message: "broke", hint: null } as const;

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (hasCode(error, "EVENT_INVALID", "JOURNAL_NEWER")) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "fits";
}

test("an event of an unknown type is from a newer version, and is never passed over", () => {
  const run = new HandRun(DEFINITION);
  const event: RunEvent = JSON.parse('{"type":"stage.blessed","stage":"A"}');
  expect(codeOf(() => reduce(run.state, event, 1))).toBe(
    'JOURNAL_NEWER: this version does not know events of type "stage.blessed"',
  );
});

test("a run of a newer format is refused when it is created and when it is reconfigured", () => {
  const definition = { ...DEFINITION, format: RUN_FORMAT + 1 };
  const problem = "JOURNAL_NEWER: the run has format 4, this version knows 3";
  expect(codeOf(() => reduce(null, { ...CREATED, definition }, 1))).toBe(problem);
  const run = new HandRun(DEFINITION);
  expect(codeOf(() => reduce(run.state, { type: "run.reconfigured", definition }, 1))).toBe(problem);
});

const misfits: readonly (readonly [string, RunEvent, string])[] = [
  ["a second creation", CREATED, "run.created does not fit the run: the run exists already"],
  [
    "a claim that skips an epoch",
    { ...CLAIM, epoch: 3 },
    "run.claimed does not fit the run: epoch 3 does not follow 1",
  ],
  [
    "a turn of no stage",
    { ...START, stage: "Z", turn: "Z.1" },
    "turn.started does not fit the run: there is no stage Z",
  ],
  ["a turn number out of line", { ...START, turn: "A.3" }, "turn.started does not fit the run: turn A.3 is not A.2"],
  ["a second turn at once", START, "turn.started does not fit the run: a turn of A is in flight"],
  [
    "a result of a turn that is not in flight",
    { type: "turn.settled", turn: "A.7", result: DONE },
    "turn.settled does not fit the run: A.7 is not in flight",
  ],
  [
    "an outcome while a turn is in flight",
    { type: "stage.completed", stage: "A", turn: "A.1" },
    "stage.completed does not fit the run: a turn of A is in flight",
  ],
  [
    "an outcome that does not follow",
    { type: "stage.reset", stage: "B", cause: "forced" },
    "stage.reset does not fit the run: stage B is pending, not to be pending",
  ],
  [
    "a verdict on a turn that has not settled",
    { type: "review.concluded", stage: "A", round: 1, turn: "A.1", verdict: VERDICT },
    "review.concluded does not fit the run: A.1 is not the newest turn",
  ],
  [
    "a request for a stage without a result",
    { type: "approval.requested", stage: "B", turn: "B.1" },
    "approval.requested does not fit the run: B.1 is not the newest turn",
  ],
  [
    "an end with turns in flight",
    { type: "run.finished", outcome: "succeeded", limit: null },
    "run.finished does not fit the run: turns are still in flight",
  ],
];

test.each(misfits)("%s does not fit", (_, event, problem) => {
  const run = new HandRun(DEFINITION);
  expect(codeOf(() => reduce(run.state, event, run.now))).toBe(`EVENT_INVALID: event ${problem}`);
});

test("a verdict on a turn that failed does not fit", () => {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w" }]));
  reduce(
    run.state,
    {
      type: "turn.settled",
      turn: "A.1",
      result: { ...DONE, status: "failed", error: ERROR, retry: "never" },
    },
    run.now,
  );
  const event: RunEvent = { type: "review.concluded", stage: "A", round: 1, turn: "A.1", verdict: VERDICT };
  expect(codeOf(() => reduce(run.state, event, run.now))).toBe(
    "EVENT_INVALID: event review.concluded does not fit the run: A.1 did not succeed",
  );
});

test("a journal that does not begin with run.created, and a claim of a run that has succeeded, do not fit", () => {
  expect(codeOf(() => reduce(null, { type: "run.stop-requested", by: "x" }, 1))).toBe(
    "EVENT_INVALID: event run.stop-requested does not fit the run: a journal begins with run.created",
  );
  const run = new HandRun(definitionOf([{ id: "A", kind: "terminal" }]));
  expect(codeOf(() => reduce(run.state, { ...CLAIM, epoch: 2 }, 1))).toBe(
    "EVENT_INVALID: event run.claimed does not fit the run: the run is succeeded",
  );
});

test("time in the state never runs backwards", () => {
  const run = new HandRun(DEFINITION);
  const before = run.now;
  reduce(run.state, { type: "run.stop-requested", by: "x" }, before - 500);
  expect([run.state.updatedAt, run.state.activeSince, run.state.activeMs]).toEqual([before, before, 0]);
});

test("a queue that leads astray is a mistake of Troupe, not a run that stands still", () => {
  const run = new HandRun(DEFINITION);
  for (const look of [nextTurn, nextOutcome]) {
    expect(() => look(run.state, run.stage("B"))).toThrow(
      /stage B is queued for an? (turn|outcome) that it does not want/,
    );
  }
  expect(() => nextOutcome(run.state, definedPending(run))).toThrow("queued for an outcome");
  expect(() => dueTurn(run.state, run.stage("B"), run.now)).toThrow(
    "stage B is queued for a retry that it does not want",
  );
});

/** A stage that wants a turn. */
function definedPending(run: HandRun): StageRecord {
  return { ...run.stage("B"), needsLeft: 0 };
}

test("the summary tells what a listing shows", () => {
  const run = new HandRun(DEFINITION);
  run.now += 5;
  run.succeed("A.1");
  expect(summaryOf(run.state)).toEqual({
    runId: "run-1",
    workflow: "by-hand",
    objective: "Do it",
    status: "running",
    createdAt: 1_000,
    updatedAt: 1_005,
  });
});

test("claims, outcomes and a new claim keep their marks apart", () => {
  const run = new HandRun(DEFINITION);
  run.succeed("A.1").fail("B.1");
  expect(run.state).toMatchObject({ status: "failed", epoch: 1, limit: null });
  expect(run.stage("B").error?.message).toBe("B.1 broke");
  run.claim();
  expect(run.state).toMatchObject({ status: "running", epoch: 2, owner: OWNER });
});
