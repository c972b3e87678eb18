import { constants } from "node:fs";
import type { Engine, JournalEntry, NewEntry, ProgressReporter, RunStateView } from "@troupe/core";
import type { FileSystemPort, OpenFile } from "@troupe/store-fs";
import { expect, test } from "vitest";
import type { Breakage } from "./generation.js";
import { createSimulatedSuite } from "./simulated-suite.js";

const SIZES = { every: 5, losses: 4, stopEvery: 1_000, twice: 0, thrice: 0 };

interface Found {
  readonly faults: Set<string>;
  rerunStages: number;
  lostOutputs: number;
}

/** The power goes before one of thirty calls, around the end of the first turn. */
const FIRST_END: readonly string[] = Array.from(
  { length: 30 },
  (_, index) => `simulated:chain:${40 + index}.before.power:all:1`,
);

/** A process is killed after one of the last forty calls of an uninterrupted run, among them the write of its last entry. */
const LAST_END: readonly string[] = Array.from(
  { length: 40 },
  (_, index) => `simulated:chain:${90 + index}.after.kill:all:1`,
);

/** Runs cases until each of these faults has been found, numbers as N; rejects when one never is. */
async function find(breakage: Breakage, wanted: readonly RegExp[], cases: readonly string[] = []): Promise<Found> {
  const found: Found = { faults: new Set(), rerunStages: 0, lostOutputs: 0 };
  const suite = createSimulatedSuite({ sizes: SIZES, breakage });
  const runs =
    cases.length === 0 ? [suite.run({ long: false })] : cases.map((only) => suite.run({ long: false, only }));
  for (const run of runs) {
    for await (const result of run) {
      for (const text of result.violations) found.faults.add(text.replace(/[0-9]+/g, "N"));
      found.rerunStages += result.rerunStages;
      found.lostOutputs += result.lostOutputs;
      if (wanted.every((pattern) => [...found.faults].some((fault) => pattern.test(fault)))) return found;
    }
  }
  throw new Error(`not found: ${wanted.join(", ")}; found were:\n${[...found.faults].join("\n")}`);
}

/** Other methods for the files whose path ends or begins so. */
function onFiles(path: RegExp, change: (file: OpenFile) => Partial<OpenFile>): Breakage {
  const fileSystem = (fs: FileSystemPort): FileSystemPort => ({
    ...fs,
    open: async (opened, flags) => {
      const file = await fs.open(opened, flags);
      return path.test(opened) ? { ...file, ...change(file) } : file;
    },
  });
  return { fileSystem };
}

const forgets = async (): Promise<void> => {};

test("finds a journal that is not synced: acknowledged entries are gone, finished stages run again", async () => {
  const found = await find(
    onFiles(/\.jsonl$/, () => ({ datasync: forgets })),
    [/was acknowledged \(turn.settled.*\) and is (gone|another one)/, /was performed after .* reported as completed/],
  );
  expect([found.lostOutputs > 0, found.rerunStages > 0]).toEqual([true, true]);
});

test("finds a reader that believes what nobody has synced: what it told is gone", async () => {
  const fileSystem = (fs: FileSystemPort): FileSystemPort => ({
    ...fs,
    open: async (path, flags) => {
      const file = await fs.open(path, flags);
      return (flags & constants.O_RDWR) === 0 && path.endsWith(".jsonl") ? { ...file, datasync: forgets } : file;
    },
  });
  const found = await find({ fileSystem }, [/was acknowledged \(.*stage\.completed.*\) and is gone/], LAST_END);
  expect(found.lostOutputs).toBeGreaterThan(0);
});

test("finds folders that are not synced: the run is gone", async () => {
  await find(
    onFiles(/./, (file) => ({
      sync: async () => {
        if ((await file.status()).kind === "file") await file.sync();
      },
    })),
    [/RUN_NOT_FOUND/],
  );
});

test("finds contents that are not synced: outputs and artifacts are gone", async () => {
  const found = await find(
    onFiles(/\/staging\/blob-/, () => ({ sync: forgets })),
    [/BLOB_(MISSING|CORRUPT)/],
  );
  expect(found.lostOutputs).toBeGreaterThan(0);
});

test("finds the folder of contents that is not synced", async () => {
  await find(
    onFiles(/\/blobs\/survive-1$/, () => ({ sync: forgets })),
    [/BLOB_MISSING/],
  );
});

test("finds logs that are not synced", async () => {
  await find(
    onFiles(/\.log$/, () => ({ datasync: forgets })),
    [/the log of PLAN.N: N of N bytes/],
  );
});

test("finds the folder of logs that is not synced", async () => {
  await find(
    onFiles(/\/logs$/, () => ({ sync: forgets })),
    [/the log of PLAN.N: N of N bytes/],
  );
});

test("finds bytes that were not all written", async () => {
  await find(
    onFiles(/\/staging\/blob-/, (file) => ({
      write: async (bytes) => {
        await file.write(bytes.subarray(0, bytes.length - 1));
        return bytes.length;
      },
    })),
    [/BLOB_CORRUPT/],
  );
});

test("finds a completion that is reported before its entry is durable", async () => {
  const wanted = [
    /was acknowledged \(.*stage\.completed.*\) and is (gone|another one)/,
    /was performed after .* reported as completed/,
  ];
  const found = await find({ engine: reportEarly }, wanted, FIRST_END);
  expect(found.rerunStages).toBeGreaterThan(0);
});

test("finds a process that ends without a code, and a run that has no outcome", async () => {
  const append = (): Promise<never> => Promise.reject(new RangeError("out of luck"));
  const wanted = [/an error that has no code: RangeError: out of luck/, /the run is running, not succeeded/];
  await find({ store: (real) => ({ ...real, append }) }, wanted);
});

function reportEarly(real: Engine): Engine {
  let last: RunStateView | null = null;
  const append = async (runId: string, seq: number, entry: NewEntry): Promise<JournalEntry> => {
    const state = last;
    const appended = real.store.append(runId, seq, entry);
    if (state !== null) {
      for (const { report } of real.reporters) report({ type: "entry", entry: { ...entry, seq: seq + 1 }, state });
    }
    return appended;
  };
  const remember: ProgressReporter["report"] = (event) => {
    if (event.type === "entry") last = event.state;
  };
  return { ...real, store: { ...real.store, append }, reporters: [...real.reporters, { report: remember }] };
}
