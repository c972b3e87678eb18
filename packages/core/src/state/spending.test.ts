import { activeMsOf } from "@troupe/core";
import { expect, test } from "vitest";
import { definitionOf, HandRun } from "../../test/hand-run.js";

const SIDE_BY_SIDE = [
  { id: "A", workAgent: "a", group: "g" },
  { id: "B", workAgent: "b", group: "g" },
  { id: "C", workAgent: "c", needs: ["A", "B"] },
];
const GROUP = { name: "g", stages: ["A", "B"] };
const using = (inputTokens: number, costUsd: number | null = null) => ({
  usage: { inputTokens, outputTokens: 1, costUsd },
});

/** Tokens, cost, how many turns did not tell their cost, active time: of stages, then of groups, then of the run. */
function figures({ state }: HandRun): readonly string[] {
  const parts = [...state.stages].map(([id, stage]) => [id, stage] as const);
  return [...parts, ...state.groups]
    .map(([name, part]) => `${name} ${show(part.usage)} ${activeMsOf(part, state.activeMs)}`)
    .concat(`run ${show(state.usage)} ${state.activeMs}`);
}

function show({ inputTokens, outputTokens, costUsd, unknownCost }: HandRun["state"]["usage"]): string {
  return `${inputTokens}+${outputTokens} $${costUsd} ?${unknownCost}`;
}

test("what turns use counts for their stage, its group and the run; time side by side counts once", () => {
  const run = new HandRun(definitionOf(SIDE_BY_SIDE, [GROUP]));
  run.look(100).succeed("A.1", using(10, 0.5)).look(50);
  expect(figures(run)).toEqual([
    "A 10+1 $0.5 ?0 100",
    "B 0+0 $0 ?0 100",
    "C 0+0 $0 ?0 0",
    "g 10+1 $0.5 ?0 100",
    "run 10+1 $0.5 ?0 100",
  ]);
  run.succeed("B.1", using(20)).look(7).succeed("C.1", using(40, 1));
  expect(figures(run)).toEqual([
    "A 10+1 $0.5 ?0 100",
    "B 20+1 $0 ?1 150",
    "C 40+1 $1 ?0 7",
    "g 30+2 $0.5 ?1 150",
    "run 70+3 $1.5 ?1 157",
  ]);
});

test("failed, interrupted and crashed turns count, each once, over retries, resets and claims", () => {
  const retry = { attempts: 2, delayMs: 10, backoff: 1, maxDelayMs: 10 };
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "a", retry }]));
  const end = { log: null, session: null, output: null, ...using(5, 1) };
  const error = { code: "AGENT_FAILED", message: "broke", hint: null } as const;
  const fail = (turn: string) =>
    run.tell({ type: "turn.settled", turn, result: { ...end, status: "failed", error, retry: { notBefore: null } } });
  run.look(100);
  fail("A.1").look(10).look(30); // the delay is not active time
  run.now += 1_000_000; // the runner dies 20 ms after its last entry
  run.claim({ previousSeenAt: run.now - 1_000_000 + 20 });
  run.now += 300; // what it left is being ended
  const { output: _, ...rest } = end;
  run.tell({ type: "turn.settled", turn: "A.2", result: { ...rest, status: "interrupted", reason: "crashed" } });
  expect(figures(run)).toEqual(["A 10+2 $2 ?0 150", "run 10+2 $2 ?0 150"]);
  run.look(4);
  fail("A.3").claim().look(6).succeed("A.4", using(1, 1));
  expect(figures(run)).toEqual(["A 16+4 $4 ?0 160", "run 16+4 $4 ?0 160"]);
  expect(run.lines().at(-1)).toBe("run succeeded");
});

test("a stage that was left out and comes back goes on counting; groups count their present members", () => {
  const whole = definitionOf(SIDE_BY_SIDE, [GROUP]);
  const run = new HandRun(whole);
  run.look(100).succeed("A.1", using(10, 1)).look(20).succeed("B.1", using(20, 2)).look(5);
  run.tell({ type: "run.stop-requested", by: "SIGINT" }).interrupt("C.1", "stopped");
  const without = definitionOf([
    { id: "A", workAgent: "a" },
    { id: "C", workAgent: "c", needs: ["A"] },
  ]);
  run.claim({ definition: without, changed: "keep" });
  expect(figures(run)).toEqual(["A 10+1 $1 ?0 100", "C 0+0 $0 ?1 5", "run 30+2 $3 ?1 125"]);
  run.look(1).interrupt("C.2", "crashed");
  const moved = SIDE_BY_SIDE.map((stage) => ("group" in stage ? { ...stage, group: "h" } : stage));
  const other = definitionOf(moved, [{ name: "h", stages: ["A", "B"] }]);
  run.claim({ definition: other, changed: "keep" });
  expect(figures(run)).toEqual([
    "A 10+1 $1 ?0 100",
    "B 20+1 $2 ?0 120",
    "C 0+0 $0 ?2 6",
    "h 30+2 $3 ?0 120",
    "run 30+2 $3 ?2 126",
  ]);
});
