import type { RunStateView } from "@troupe/core";
import { describe, expect, test } from "vitest";
import { createScript } from "../test/fake-run.js";
import { newsOf, newsOfQuestion } from "./news.js";
import { endOf } from "./run-end.js";

const { state } = createScript({ journal: [] }, "r", 0);
const [spec] = [...state.stages.values()];
if (spec === undefined) throw new Error("the run has a stage");
const NONE = state.counts;

function stateWith(changes: Partial<RunStateView>): RunStateView {
  return { ...state, ...changes };
}

/** So many stages that look like SPEC, but for the changes. */
function stagesWith(count: number, changes: Partial<typeof spec>): RunStateView["stages"] {
  if (spec === undefined) return new Map();
  const ids = Array.from({ length: count }, (_, index) => `S${index + 1}`);
  return new Map(ids.map((id) => [id, { ...spec, definition: { ...spec.definition, id }, ...changes }]));
}

describe("the end of a run is told with what it came to", () => {
  test("a success with its time and cost", () => {
    const usage = { ...state.usage, costUsd: 1.5 };
    const done = { counts: { ...NONE, completed: 1 }, activeMs: 7_500_000, usage };
    expect(endOf("succeeded", null, stateWith(done))).toEqual({
      events: ["succeeded", "finished"],
      title: "Done",
      text: "r: 1 completed of 1 stage in 2h 05m, $1.50",
    });
    const unsure = { ...done, activeMs: 70_000, usage: { ...usage, unknownCost: 1 } };
    expect(endOf("succeeded", null, stateWith(unsure)).text).toBe(
      "r: 1 completed of 1 stage in 1m 10s, at least $1.50",
    );
  });

  test("a failure with the errors of the first stages", () => {
    const message = "it \u001b[31mbroke; the end of its output:\n> test\n\nno disk\n";
    const error = { code: "AGENT_FAILED", message, hint: null } as const;
    const stages = new Map([...stagesWith(6, { status: "failed", error }), ...stagesWith(1, { status: "failed" })]);
    const failed = new Set(["S2", "S1", "S3", "S4", "S5", "S6"]);
    const { title, text } = endOf("failed", null, stateWith({ counts: { ...NONE, failed: 6 }, stages, failed }));
    expect([title, text.split("\n")]).toEqual([
      "Failed",
      [
        "r: 6 failed of 6 stages in 0s",
        "S2: AGENT_FAILED: it broke; the end of its output: … no disk",
        "S1",
        "S3: AGENT_FAILED: it broke; the end of its output: … no disk",
        "S4: AGENT_FAILED: it broke; the end of its output: … no disk",
        "S5: AGENT_FAILED: it broke; the end of its output: … no disk",
        "and 1 more",
      ],
    ]);
  });

  test("a limit by its name", () => {
    const texts = (["duration", "cost", null] as const).map((limit) => endOf("limited", limit, state).text);
    expect(texts).toEqual([
      "r: Its time limit is reached. 0 completed of 1 stage in 0s",
      "r: Its cost limit is reached. 0 completed of 1 stage in 0s",
      "r: 0 completed of 1 stage in 0s",
    ]);
  });

  test("a wait for a person with the command that shows what waits", () => {
    const stages = stagesWith(1, { status: "waiting" });
    const { title, text } = endOf("waiting", null, stateWith({ counts: { ...NONE, waiting: 1 }, stages }));
    expect([title, text]).toEqual([
      "Waiting for a person",
      "r: 1 waiting of 1 stage in 0s\nS1 waits for approval. See it: troupe show r S1",
    ]);
  });

  test("the stage it was to be performed until, unless somebody stopped it before", () => {
    const stages = stagesWith(1, { status: "completed" });
    const reached = { stages, until: "S1", stopRequested: false };
    expect(endOf("interrupted", null, stateWith(reached))).toMatchObject({
      events: ["reached", "finished"],
      title: "Stopped after S1",
    });
    const stopped = [{ stopRequested: true }, { until: null }, { until: "GONE" }, { stages: stagesWith(1, {}) }];
    const ends = stopped.map((changes) => endOf("interrupted", null, stateWith({ ...reached, ...changes })));
    expect(ends.map(({ title }) => title)).toEqual(["Stopped", "Stopped", "Stopped", "Stopped"]);
  });
});

test("limits that come near, approvals and stages are told with the next command", () => {
  const events = [
    { type: "stage.completed", stage: "SPEC", turn: "SPEC.1" },
    { type: "stage.completed", stage: "END", turn: null },
    { type: "stage.failed", stage: "SPEC", turn: "SPEC.1", error: { code: "AGENT_FAILED", message: "no", hint: null } },
    { type: "approval.requested", stage: "SPEC", turn: "SPEC.1" },
    { type: "limit.neared", limit: "duration", used: 80, of: 100, isAtLeast: false },
    { type: "limit.neared", limit: "cost", used: 8, of: 10, isAtLeast: false },
  ] as const;
  const told = newsOf({ events }, state);
  expect(told.map(({ event, title, next }) => [event, title, next])).toMatchInlineSnapshot(`
    [
      [
        "approval",
        "SPEC waits for approval: Add a dark mode",
        "troupe approve r SPEC --turn SPEC.1",
      ],
      [
        "stage-failed",
        "SPEC failed: Add a dark mode",
        "troupe logs r SPEC",
      ],
      [
        "limit-neared",
        "time limit: Add a dark mode",
        "troupe status r",
      ],
      [
        "limit-neared",
        "cost limit: Add a dark mode",
        "troupe status r",
      ],
      [
        "stage-completed",
        "SPEC completed: Add a dark mode",
        null,
      ],
    ]
  `);
});

test("a question that only its terminal can answer has no command", () => {
  const asked = { runId: "r", turn: "SPEC.1", question: "Go\non?", elsewhere: false };
  expect(newsOfQuestion(asked)).toEqual([
    { event: "question", title: "SPEC.1 asks", text: "SPEC.1 of r asks at its terminal: Go on?", next: null },
  ]);
});
