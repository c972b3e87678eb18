import { expect, test } from "vitest";
import { definitionOf } from "../../test/hand-run.js";
import { defineWorkflow } from "../model/define.js";
import type { RunEvent } from "../model/events.js";
import type { TurnResult } from "../model/turn.js";
import type { StageDefinition } from "../model/workflow.js";
import { packEvents, unpackEvents } from "./pack-events.js";
import { inJournalOrder } from "./pack-result.js";
import { sha256 } from "./text.js";

const NO_END = { usage: null, session: null, log: null } as const;
const FINGERPRINT = "f".repeat(64);

/** What a store keeps of an event, and that it reads the same event from it. */
function stored(event: RunEvent): unknown {
  const text = JSON.stringify(packEvents([event]) ?? [event]);
  const [kept] = JSON.parse(text);
  expect(JSON.stringify(unpackEvents(JSON.parse(text)))).toBe(JSON.stringify([event]));
  return kept;
}

function started(changes: Partial<Extract<RunEvent, { type: "turn.started" }>> = {}): RunEvent {
  return {
    type: "turn.started",
    turn: "WORK.1",
    stage: "WORK",
    kind: "work",
    round: 1,
    attempt: 1,
    agent: null,
    fingerprint: FINGERPRINT,
    inputs: [],
    session: null,
    ...changes,
  };
}

function settled(result: TurnResult): RunEvent {
  return { type: "turn.settled", turn: "WORK.1", result: inJournalOrder(result) };
}

test("a turn as it mostly starts needs its id and its fingerprint", () => {
  const fingerprint = "__________________________________________8";
  expect(stored(started())).toEqual({ t: "turn.started", turn: "WORK.1", fingerprint });
});

test("what a turn has of its own is kept", () => {
  const inputs = [
    { stage: "SPEC", name: "spec.md", sha256: "0".repeat(64) },
    { stage: "PLAN", name: null, agent: "ada", sha256: "" },
  ];
  const own = { kind: "fix", round: 2, attempt: 3, agent: "ada", session: "s-1" } as const;
  expect(stored(started({ ...own, inputs, fingerprint: "" }))).toEqual({
    t: "turn.started",
    turn: "WORK.1",
    ...own,
    fingerprint: "",
    inputs: [
      { stage: "SPEC", name: "spec.md", sha256: "A".repeat(43) },
      { stage: "PLAN", agent: "ada", sha256: "" },
    ],
  });
});

test.each([
  ["a fingerprint that looks packed", started({ fingerprint: "A".repeat(43) })],
  ["a hash of an input that looks packed", started({ inputs: [{ stage: "A", name: null, sha256: "A".repeat(43) }] })],
  ["a turn of another stage", started({ stage: "OTHER" })],
  ["a stage that ended without a turn", { type: "stage.failed", stage: "A", turn: null, error: errorOf("INTERNAL") }],
  ["a consequence with its fields in another order", { type: "stage.completed", turn: "A.1", stage: "A" }],
  ["a fact from outside", { type: "run.stop-requested", by: "ada" }],
  ["a consequence with a turn of another stage", { type: "stage.completed", stage: "OTHER", turn: "WORK.1" }],
] satisfies [string, RunEvent][])("%s is stored as it is", (_, event) => {
  expect(stored(event)).toEqual(event);
  expect(packEvents([event])).toBe(null);
});

test("events that lack a field, or have them in another order than the engine writes, are stored as they are", () => {
  for (const lacking of ["inputs", "session"]) {
    const event = JSON.parse(JSON.stringify({ ...started(), [lacking]: undefined }));
    expect(stored(event)).toEqual(event);
  }
  const nameless = JSON.parse(JSON.stringify({ ...started(), inputs: [{ stage: "A", sha256: "" }] }));
  expect(stored(nameless)).toEqual(nameless);
  const late: RunEvent = {
    type: "turn.settled",
    turn: "A.1",
    result: { log: null, usage: null, session: null, status: "interrupted", reason: "limit" },
  };
  expect(stored(late)).toEqual(late);
  const endless = JSON.parse('{"type":"turn.settled","turn":"A.1","result":{"status":"interrupted","reason":"limit"}}');
  expect(stored(endless)).toEqual(endless);
});

test("consequences name the stage by its turn", () => {
  expect(stored({ type: "stage.completed", stage: "A.B", turn: "A.B.12" })).toEqual({
    t: "stage.completed",
    turn: "A.B.12",
  });
  const verdict = { decision: "approved", reasons: [], source: "tool" } as const;
  expect(stored({ type: "review.concluded", stage: "A", round: 2, turn: "A.3", verdict })).toEqual({
    t: "review.concluded",
    turn: "A.3",
    round: 2,
    verdict,
  });
  expect(stored({ type: "approval.requested", stage: "A", turn: "A.3" })).toEqual({
    t: "approval.requested",
    turn: "A.3",
  });
  const error = errorOf("CHECKS_FAILED");
  expect(stored({ type: "stage.failed", stage: "A", turn: "A.3", error })).toEqual({
    t: "stage.failed",
    turn: "A.3",
    error,
  });
});

test("of a result only what there is is stored, and of a text its hash only where the text is elsewhere", () => {
  const text = { sha256: sha256("gr\u00fcn"), bytes: 5, text: "gr\u00fcn" };
  const done = { status: "succeeded", artifacts: [], ...NO_END } as const;
  const kept = (result: TurnResult) => stored(settled(result));
  const packed = (result: unknown) => ({ t: "turn.settled", turn: "WORK.1", result });
  expect(kept({ ...done, output: text })).toEqual(packed({ status: "succeeded", output: { text: "gr\u00fcn" } }));
  for (const output of [
    { ...text, text: null },
    { ...text, bytes: 4 },
    { ...text, sha256: FINGERPRINT },
    { ...text, turn: "A.1" },
  ]) {
    expect(kept({ ...done, output })).toEqual(packed({ status: "succeeded", output }));
  }
  const artifacts = [{ name: "a.md", sha256: FINGERPRINT, bytes: 1 }];
  const log = { turn: "WORK.1", bytes: 3, truncated: false };
  const usage = { inputTokens: 1, outputTokens: null, costUsd: 0.5 };
  const full = { ...done, output: text, artifacts, log, usage, session: "s", failureReport: "r.md", checks: [] };
  const { output: _, ...rest } = full;
  expect(kept(full)).toEqual(packed({ ...rest, output: { text: "gr\u00fcn" } }));
  const error = errorOf("AGENT_FAILED");
  expect(kept({ status: "failed", error, retry: "never", output: null, ...NO_END })).toEqual(
    packed({ status: "failed", error, retry: "never" }),
  );
  expect(kept({ status: "failed", error, retry: { notBefore: 7 }, output: text, ...NO_END })).toEqual(
    packed({ status: "failed", error, retry: { notBefore: 7 }, output: { text: "gr\u00fcn" } }),
  );
  expect(kept({ status: "interrupted", reason: "stopped", ...NO_END })).toEqual(
    packed({ status: "interrupted", reason: "stopped" }),
  );
});

const WORKFLOW = defineWorkflow({
  name: "release",
  stages: [
    { id: "WORK", workAgent: "ada" },
    { id: "REVIEW", name: "Look", kind: "review", reviewAgent: "bob", reviews: "WORK", needs: ["WORK"], maxRounds: 2 },
    {
      id: "LAST",
      kind: "command",
      run: { shell: "make" },
      retry: { attempts: 1, delayMs: 0, backoff: 1, maxDelayMs: 0 },
    },
    { id: "MANY", parallelAgents: ["ada", "bob"], agentsAtOnce: 1, when: { stage: "WORK", is: "completed" } },
  ],
});

function created(stages: readonly StageDefinition[] = WORKFLOW.stages): Extract<RunEvent, { type: "run.created" }> {
  const definition = { ...definitionOf([]), workflow: { ...WORKFLOW, stages } };
  const fingerprints = Object.fromEntries(stages.map(({ id }) => [id, sha256(id)]));
  return { type: "run.created", runId: "run-1", definition: { ...definition, fingerprints } };
}

test("a definition has of each stage what is not as mostly, reads back as the same JSON, and keeps its fingerprints", () => {
  const event = created();
  expect(stored(event)).toMatchObject({
    t: "run.created",
    runId: "run-1",
    definition: {
      fingerprints: [expect.stringMatching(/^[\w-]{43}$/), expect.anything(), expect.anything(), expect.anything()],
      workflow: {
        stages: [
          { id: "WORK", workAgent: "ada" },
          {
            id: "REVIEW",
            name: "Look",
            kind: "review",
            reviewAgent: "bob",
            reviews: "WORK",
            needs: ["WORK"],
            maxRounds: 2,
          },
          { id: "LAST", kind: "command", run: { shell: "make" }, retry: { attempts: 1 } },
          { id: "MANY", parallelAgents: ["ada", "bob"], agentsAtOnce: 1, when: { stage: "WORK", is: "completed" } },
        ],
      },
    },
  });
  const text = JSON.stringify(packEvents([event]));
  expect(JSON.stringify(unpackEvents(JSON.parse(text)))).toBe(JSON.stringify([event]));
  const again: RunEvent = { type: "run.reconfigured", definition: event.definition };
  expect(stored(again)).toMatchObject({ t: "run.reconfigured" });
});

test("a definition that would not read back as the same JSON is stored as it is", () => {
  const [first, ...others] = WORKFLOW.stages;
  const { name, ...nameless } = { name: "", ...first };
  const { definition } = created();
  const changed = [
    created([JSON.parse(JSON.stringify({ ...nameless, name })), ...others]).definition,
    created([JSON.parse(JSON.stringify(nameless)), ...others]).definition,
    created([JSON.parse(JSON.stringify({ ...first, name: "" })), ...others]).definition,
    { ...definition, fingerprints: {} },
    { ...definition, fingerprints: Object.fromEntries(Object.entries(definition.fingerprints).toReversed()) },
    { ...definition, fingerprints: { ...definition.fingerprints, WORK: "A".repeat(43) } },
    JSON.parse('{"workflow":{"stages":[7]},"fingerprints":{}}'),
    JSON.parse('{"workflow":{},"fingerprints":{}}'),
    JSON.parse("7"),
  ];
  for (const one of changed) {
    const event: RunEvent = { type: "run.created", runId: "run-1", definition: one };
    expect(stored(event)).toEqual(JSON.parse(JSON.stringify(event)));
  }
});

test("what a later version has added to a packed event, a result, an input or a stage is handed on", () => {
  const later = [
    { t: "turn.started", turn: "A.1", fingerprint: "", inputs: [{ stage: "B", sha256: "", size: 1 }], host: "h" },
    { t: "turn.settled", turn: "A.1", result: { status: "interrupted", reason: "limit", by: "b" }, tries: 2 },
    { t: "stage.completed", turn: "A.1", note: "n" },
    {
      t: "run.created",
      runId: "r",
      definition: { workflow: { stages: [{ id: "A", icon: "i" }] }, fingerprints: [""] },
    },
  ];
  expect(unpackEvents(later)).toMatchObject([
    { type: "turn.started", stage: "A", inputs: [{ stage: "B", name: null, sha256: "", size: 1 }], host: "h" },
    { type: "turn.settled", result: { status: "interrupted", reason: "limit", log: null, by: "b" }, tries: 2 },
    { type: "stage.completed", stage: "A", turn: "A.1", note: "n" },
    {
      definition: { workflow: { stages: [{ id: "A", name: "A", kind: "work", icon: "i" }] }, fingerprints: { A: "" } },
    },
  ]);
});

test("what is no packed event is handed on as it is, for the engine to refuse", () => {
  const odd = [null, 7, { type: "run.stop-requested", by: "x" }, { t: 1 }];
  expect(unpackEvents(odd)).toEqual(odd);
  expect(unpackEvents([{ t: "run.created", definition: 7 }])).toEqual([{ type: "run.created", definition: 7 }]);
  expect(unpackEvents([{ t: "run.created", definition: {} }])).toEqual([{ type: "run.created", definition: {} }]);
  expect(unpackEvents([{ t: "turn.settled", turn: "A.1", result: 7 }])).toEqual([
    { type: "turn.settled", turn: "A.1", result: 7 },
  ]);
});

function errorOf(code: "INTERNAL" | "CHECKS_FAILED" | "AGENT_FAILED") {
  return { code, message: "m", hint: null, details: {}, cause: null } as const;
}
