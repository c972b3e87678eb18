import { expect, test } from "vitest";
import { createWorld, idle } from "../../test/engine-world.js";
import { definitionOf } from "../../test/hand-run.js";
import { TroupeError } from "../index.js";

const CHAIN = definitionOf([
  { id: "A", workAgent: "w" },
  { id: "B", workAgent: "w", needs: ["A"] },
]);

/** A store that is full for some appends. */
async function fullWorld(times: number) {
  const tried: string[] = [];
  let left = times;
  const world = await createWorld(CHAIN, ({ store }) => ({
    store: {
      ...store,
      append: async (runId, seq, entry) => {
        const isResult = entry.events[0]?.type === "turn.settled";
        if (isResult) tried.push(entry.id);
        if (isResult && left-- > 0) throw new TroupeError("STORE_FULL", "no space left on device (0 B free)");
        return store.append(runId, seq, entry);
      },
    },
  }));
  return { ...world, tried };
}

test("without space the same entry is tried again every 5 s, while nothing new starts", async () => {
  const world = await fullWorld(2);
  const run = world.execute();
  await world.executor.settle("A.1");
  world.clock.advance(4_999);
  await idle();
  expect([world.tried.length, world.executor.launched]).toEqual([1, ["A.1"]]);
  world.clock.advance(1);
  await idle();
  world.clock.advance(5_000);
  await idle();
  expect([new Set(world.tried).size, world.tried.length]).toEqual([1, 3]);
  await world.executor.settle("B.1");
  expect((await run).outcome).toBe("succeeded");
  const message = "no space to write the state: no space left on device (0 B free); trying again every 5 s";
  expect(world.reported.filter(({ type }) => type === "notice")).toEqual(
    Array(2).fill({ type: "notice", level: "warning", message }),
  );
});

test("nobody has to wait for space for ever", async () => {
  const world = await fullWorld(99);
  const kill = new AbortController();
  const run = world.execute({ kill: kill.signal });
  const refused = expect(run).rejects.toMatchObject({ code: "STORE_FULL" });
  await world.executor.settle("A.1");
  kill.abort();
  await refused;
});

test("an append of unknown fate that had arrived is not written twice", async () => {
  let isLost = true;
  const world = await createWorld(CHAIN, ({ store }) => ({
    store: {
      ...store,
      append: async (runId, seq, entry) => {
        const written = await store.append(runId, seq, entry);
        if (isLost && seq === 3) {
          isLost = false;
          throw new TroupeError("STORE_FULL", "full after all");
        }
        return written;
      },
    },
  }));
  const run = world.execute();
  await world.executor.settle("A.1");
  world.clock.advance(5_000);
  await world.executor.settle("B.1");
  expect((await run).outcome).toBe("succeeded");
  expect(await world.lines()).toHaveLength(5);
});
