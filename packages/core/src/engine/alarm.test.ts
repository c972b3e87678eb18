import { expect, test } from "vitest";
import { createWorld, failure, idle, type World } from "../../test/engine-world.js";
import { definitionOf, NO_LIMITS } from "../../test/hand-run.js";
import type { Clock } from "../index.js";

interface Wait {
  readonly ms: number;
  readonly signal: AbortSignal | undefined;
}

const IDS = ["A", "B", "C"];
const retry = { attempts: 2, delayMs: 500, backoff: 1, maxDelayMs: 500 };
const CHAIN = IDS.map((id, at) => ({ id, workAgent: "w", retry, needs: IDS.slice(Math.max(0, at - 1), at) }));

/** A chain whose time is limited, and every wait that the engine asks its clock for. */
async function createLimited(): Promise<World & { readonly waits: readonly Wait[] }> {
  const waits: Wait[] = [];
  const definition = definitionOf(CHAIN, [], { limits: { ...NO_LIMITS, durationMs: 10_000 } });
  const world = await createWorld(definition, ({ clock }) => {
    const noting: Clock = {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      wait(ms, signal) {
        waits.push({ ms, signal });
        return clock.wait(ms, signal);
      },
    };
    return { clock: noting };
  });
  return { ...world, waits };
}

test("many turns wait for one and the same end of the run's time, and nothing waits when the run is over", async () => {
  const { executor, waits, execute } = await createLimited();
  const run = execute();
  for (const turn of ["A.1", "B.1", "C.1"]) await executor.settle(turn);
  expect((await run).outcome).toBe("succeeded");
  expect(waits.map(({ ms, signal }) => [ms, signal?.aborted])).toEqual([[8_000, true]]);
});

test("what is due before that is waited for too, and the end of the time is not missed for it", async () => {
  const { executor, waits, clock, execute, lines } = await createLimited();
  const run = execute();
  await executor.settle("A.1", failure({ notBefore: null }));
  expect(waits.map(({ ms }) => ms)).toEqual([8_000, 500]);
  clock.advance(500);
  await idle();
  expect(executor.launched).toEqual(["A.1", "A.2"]);
  expect(waits.map(({ ms }) => ms)).toEqual([8_000, 500, 8_000]);
  clock.advance(8_000);
  await idle();
  expect((await lines()).at(-1)).toBe("limit.neared");
  clock.advance(2_000);
  expect((await run).outcome).toBe("limited");
  expect(waits.map(({ ms, signal }) => [ms, signal?.aborted])).toEqual([
    [8_000, true], // an earlier time took its place
    [500, false],
    [8_000, false],
    [2_000, false],
  ]);
});
