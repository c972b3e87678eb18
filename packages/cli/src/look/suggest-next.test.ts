import { decide, defineRun, defineWorkflow, type RunEvent, type RunState, reduce } from "@troupe/core";
import { expect, test } from "vitest";
import { suggestNext } from "./suggest-next.js";

const text = (words: string) => ({ sha256: "0".repeat(64), bytes: words.length, text: words });

/** A run of two stages, of which the first waits for a person once its turn has settled. */
function runUntil(...facts: readonly RunEvent[]): RunState {
  const stages = [
    { id: "PLAN", workAgent: "pm", approval: true },
    { id: "BUILD", workAgent: "builder", needs: ["PLAN"] },
  ];
  const workflow = defineWorkflow({ name: "two", stages });
  const definition = defineRun({ workflow, objective: { title: "Try", path: null, text: text("Try") } });
  const owner = { pid: 1, startTime: null, bootId: null, pidNamespace: null, host: "here", command: "troupe run" };
  const workspace = { kind: "folder", path: "/tree" } as const;
  let state = reduce(null, { type: "run.created", runId: "run-1", definition }, 1);
  const claimed: RunEvent = { type: "run.claimed", epoch: 1, owner, capacity: 1, workspace, previousSeenAt: null };
  for (const fact of [claimed, ...facts]) {
    state = reduce(state, fact, 2);
    for (let next = decide(state, 2); next.length > 0; next = decide(state, 2)) {
      for (const event of next) state = reduce(state, event, 2);
    }
  }
  return state;
}

const result = {
  status: "succeeded",
  output: text("a plan"),
  artifacts: [],
  log: null,
  usage: null,
  session: null,
} as const;
const settled: RunEvent = { type: "turn.settled", turn: "PLAN.1", result };

test("what waits for a person is approved, by the turn that left it", () => {
  expect(suggestNext(runUntil(settled))).toBe("troupe approve run-1 PLAN --turn PLAN.1");
});

test("everything else is resumed", () => {
  const granted: RunEvent = { type: "approval.granted", stage: "PLAN", turn: "PLAN.1", by: "ada", message: null };
  expect(suggestNext(runUntil(settled, granted))).toBe("troupe resume run-1");
});
