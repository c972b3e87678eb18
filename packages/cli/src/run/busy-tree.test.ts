import {
  type Clock,
  createRun,
  defineRun,
  defineWorkflow,
  type Engine,
  executeRun,
  hasCode,
  randomHex,
  type StageExecutor,
  type StateStore,
  sha256,
  silentLogger,
} from "@troupe/core";
import { createMemoryStore } from "@troupe/core/memory";
import fc from "fast-check";
import { expect, test } from "vitest";
import { admitToTree } from "./busy-tree.js";

const RUNS = ["a-run", "b-run", "c-run"];
const text = { sha256: sha256("do"), bytes: 2, text: "do" };
const definition = defineRun({
  workflow: defineWorkflow({ name: "w", stages: [{ id: "ONLY", workAgent: "ann", writes: "tree" }] }),
  objective: { title: "do", path: null, text },
});

/** Some turns of the event loop, as the next choice says. */
type Pause = () => Promise<void>;

function pauses(choices: readonly number[]): Pause {
  let next = 0;
  return async () => {
    const count = choices[next % choices.length] ?? 0;
    next += 1;
    for (let n = 0; n < count; n += 1) await new Promise((resolve) => setImmediate(resolve));
  };
}

/** Every access takes as long as chance wants, before and after it has had its effect. */
function slow(store: StateStore, pause: Pause): StateStore {
  const around = async <Result>(act: () => Promise<Result>): Promise<Result> => {
    await pause();
    const result = await act();
    await pause();
    return result;
  };
  return {
    ...store,
    append: (...call) => around(() => store.append(...call)),
    create: (...call) => around(() => store.create(...call)),
    holder: (runId) => around(() => store.holder(runId)),
    acquireLease: (...call) => around(() => store.acquireLease(...call)),
    async *read(...call) {
      await pause();
      yield* store.read(...call);
    },
    async *list(...call) {
      await pause();
      yield* store.list(...call);
    },
  };
}

/** A clock of its own moves on with every look at it, so that nothing waits. */
function clockFrom(startedAt: number, pause: Pause): Clock {
  let now = startedAt;
  return {
    now: () => now,
    monotonic: () => now,
    wait: async () => {
      now += 1;
      await pause();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test("whatever the order of their steps, of runs started together never two write the tree, and one does", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.nat(12), { minLength: 1, maxLength: 20 }), { minLength: 3, maxLength: 3 }),
      fc.array(fc.nat(2), { minLength: 3, maxLength: 3 }),
      async (choices, starts) => {
        const store = createMemoryStore();
        let writing = 0;
        const ends = RUNS.map(async (runId, index) => {
          const pause = pauses(choices[index] ?? [0]);
          const executor: StageExecutor = {
            capacity: 1,
            async execute() {
              writing += 1;
              expect(writing).toBe(1);
              for (let n = 0; n < 100; n += 1) await new Promise((resolve) => setImmediate(resolve));
              writing -= 1;
              return { status: "succeeded", output: text, artifacts: [], log: null, usage: null, session: null };
            },
          };
          const clock = clockFrom(1_000 + (starts[index] ?? 0), pause);
          const own = slow(store, pause);
          const engine: Engine = { store: own, executor, reporters: [], clock, randomHex, logger: silentLogger };
          await createRun(engine, runId, definition);
          const admit = admitToTree({ store: own, clock, folder: "/tree", definition }, runId);
          const workspace = { kind: "folder", path: "/tree" } as const;
          try {
            return (await executeRun(engine, { runId, workspace, command: "run", admit })).outcome;
          } catch (error) {
            if (!hasCode(error, "TREE_BUSY")) throw error;
            await store.remove(runId); // as `troupe run` does: nothing of it was started
            return "refused";
          }
        });
        const outcomes = await Promise.all(ends);
        expect(outcomes).toContain("succeeded");
        expect(outcomes.every((outcome) => outcome === "succeeded" || outcome === "refused")).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);
