import { expect, test } from "vitest";
import { definitionOf, HandRun, textOf } from "../../test/hand-run.js";
import type { StageDraft } from "../model/define.js";
import type { EventOf } from "../model/events.js";
import { planResume } from "./plan-resume.js";
import { reduce } from "./reduce.js";

const BUILD: StageDraft = { id: "BUILD", parallelAgents: ["ann", "bob"], workAgent: "ann" };
const ALONE: StageDraft = { id: "ALONE", workAgent: "zoe" };

function started(turn: string, more: Partial<EventOf<"turn.started">> = {}): EventOf<"turn.started"> {
  const [stage = ""] = turn.split(".");
  const common = { type: "turn.started", turn, stage, kind: "work", round: 1, attempt: 1, agent: null } as const;
  return { ...common, fingerprint: "", inputs: [], session: null, ...more };
}

function settled(turn: string): EventOf<"turn.settled"> {
  const result = { status: "succeeded", output: textOf(turn), artifacts: [], log: null } as const;
  return { type: "turn.settled", turn, result: { ...result, usage: null, session: null } };
}

test("a turn of the stage as a whole does not fit while its agents do the work", () => {
  const run = new HandRun(definitionOf([BUILD]));
  for (const turn of ["BUILD.1", "BUILD.2"]) run.interrupt(turn, "crashed");
  const record = run.stage("BUILD");
  record.inFlight = []; // as if they had just settled
  expect(() => reduce(run.state, started("BUILD.5", { kind: "fix", agent: "ann" }), 1)).toThrow(
    "the agents of BUILD have not done their work",
  );
});

test("a turn that begins on a stage that waits for a person voids the question and keeps what its agents did", () => {
  const run = new HandRun(definitionOf([{ ...BUILD, approval: true }]));
  run.succeed("BUILD.1").succeed("BUILD.2");
  expect(run.stage("BUILD").status).toBe("waiting");
  const before = [...run.stage("BUILD").parts.values()].map(({ last }) => last?.turn.turn);
  reduce(run.state, started("BUILD.3", { kind: "fix", agent: "ann" }), run.now);
  const { status, inFlight, parts } = run.stage("BUILD");
  expect([status, inFlight.map(({ turn }) => turn)]).toEqual(["running", ["BUILD.3"]]);
  expect([...parts.values()].map(({ last }) => last?.turn.turn)).toEqual(before);
});

/** The definition has lost BUILD while both of its agents' turns are in flight. */
function leaving(): HandRun {
  const run = new HandRun(definitionOf([BUILD, ALONE]));
  return run.claim({ definition: definitionOf([ALONE]) });
}

test("a stage that was left out is over when the last of its agents has ended", () => {
  const run = leaving();
  expect([...run.state.leaving.keys()]).toEqual(["BUILD"]);
  run.tell(settled("BUILD.1"));
  expect([...run.state.leaving.keys()]).toEqual(["BUILD"]);
  run.tell(settled("BUILD.2"));
  expect([[...run.state.leaving.keys()], run.state.vanished.get("BUILD")?.turns]).toEqual([[], 2]);
});

test("what settles in a stage that was left out has to be in flight", () => {
  expect(() => reduce(leaving().state, settled("BUILD.9"), 1)).toThrow("BUILD.9 is not in flight");
});

test("a definition that an older version would read as damage is marked as newer: a reset with a dead turn in flight", () => {
  const format1 = (description: string) => definitionOf([{ ...ALONE, description }], [], { format: 1 });
  const formatOf = (run: HandRun) =>
    planResume(run.state, format1("new"), { changed: "rerun" }).events.map((event) =>
      event.type === "run.reconfigured" ? event.definition.format : event.type,
    );
  const inFlight = new HandRun(format1("old"));
  expect(formatOf(inFlight)).toEqual([2, "stage.reset"]);
  const done = new HandRun(format1("old")).succeed("ALONE.1");
  done.state.status = "interrupted"; // may be gone on with
  expect(formatOf(done)).toEqual([1, "stage.reset"]);
});
