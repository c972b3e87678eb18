import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { noteProcess, turnMarker } from "@troupe/process";
import { afterEach, expect, onTestFinished, test } from "vitest";
import { createContext, createTask, createTurnHarness, type TurnHarness } from "../test/turn-harness.js";

let harness: TurnHarness;
afterEach(() => harness.remove());

// Ending what carries a marker reaches every process of the machine: no other test may use this stage's id.
const onLinux = test.skipIf(!existsSync("/proc/self/environ"));

/** A process that a dead runner might have left, started as its own leader. */
async function startOrphan(env: Readonly<Record<string, string>>): Promise<{ pid: number; gone: Promise<unknown> }> {
  const child = spawn("sh", ["-c", "echo up; exec sleep 600"], {
    env: { PATH: process.env.PATH, ...env },
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  onTestFinished(() => void child.kill("SIGKILL")); // what should have ended it may be broken
  const gone = once(child, "exit");
  await once(child.stdout, "data");
  return { pid: child.pid ?? 0, gone };
}

const markerOf = ({ host: { stateFolder } }: TurnHarness, turn: string): string =>
  turnMarker({ runId: "r-1", epoch: 1, turn, stateFolder });

onLinux(
  "ends what was noted of the turn and what carries its marker, of whatever claim, and nothing else",
  async () => {
    harness = await createTurnHarness();
    const noted = await startOrphan({});
    const marked = await startOrphan({ TROUPE_TURN: markerOf(harness, "ABANDONED.2") });
    const other = await startOrphan({ TROUPE_TURN: markerOf(harness, "ABANDONED.1") });
    await mkdir(harness.runFolder, { recursive: true });
    noteProcess(harness.runFolder, { turn: "ABANDONED.2", pid: noted.pid });
    await mkdir(join(harness.runFolder, "turns"));
    const known = { session: "s-1", usage: { inputTokens: 3, outputTokens: null, costUsd: 1, partial: ["cost"] } };
    await writeFile(join(harness.runFolder, "turns", "ABANDONED.2.json"), JSON.stringify(known));
    const log = await harness.store.logs.open("r-1", "ABANDONED.2");
    log.write(Buffer.from("half"));
    const task = createTask(harness, { id: "ABANDONED" }, { turn: "ABANDONED.2", epoch: 2 });
    expect(await harness.runner.endAbandoned?.(task, createContext())).toEqual({
      ...known,
      log: { turn: "ABANDONED.2", bytes: 4, truncated: false },
    });
    await Promise.all([noted.gone, marked.gone]);
    expect(process.kill(other.pid, 0)).toBe(true);
    expect(await readdir(join(harness.runFolder, "turns"))).toEqual([]);
    expect(await readdir(join(harness.runFolder, "processes"))).toEqual([]);
    process.kill(other.pid, "SIGKILL");
    await other.gone;
  },
);

onLinux("ends what carries the turn's marker though nobody noted anything of the turn", async () => {
  harness = await createTurnHarness();
  const marked = await startOrphan({ TROUPE_TURN: markerOf(harness, "UNNOTED.1") });
  const task = createTask(harness, { id: "UNNOTED" }, { turn: "UNNOTED.1", epoch: 2 });
  expect(await harness.runner.endAbandoned?.(task, createContext())).toBe(null);
  await marked.gone;
});

onLinux("ends nothing of the same run in another state folder, such as that of a copied project", async () => {
  harness = await createTurnHarness();
  const copy = await createTurnHarness();
  const [ours, theirs] = await Promise.all(
    [harness, copy].map((one) => startOrphan({ TROUPE_TURN: markerOf(one, "ABANDONED.3") })),
  );
  const task = createTask(harness, { id: "ABANDONED" }, { turn: "ABANDONED.3", epoch: 2 });
  await harness.runner.endAbandoned?.(task, createContext());
  await ours?.gone;
  expect(process.kill(theirs?.pid ?? 0, 0)).toBe(true);
  await copy.runner.endAbandoned?.(task, createContext());
  await theirs?.gone;
  await copy.remove();
});

test.each([
  ["nothing was noted", null],
  ["the note is torn", '{"session": "s-'],
  ["the note is no object", "7"],
  ["the note holds something else", '{"session": 7, "usage": 7}'],
])("knows nothing of a turn when %s", async (_name, note) => {
  harness = await createTurnHarness();
  await mkdir(join(harness.runFolder, "turns"), { recursive: true });
  if (note !== null) await writeFile(join(harness.runFolder, "turns", "ABANDONED.1.json"), note);
  expect(await harness.runner.endAbandoned?.(createTask(harness, { id: "ABANDONED" }), createContext())).toBe(null);
});
