import { existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createContext, createTask, createTurnHarness, type TurnHarness } from "../test/turn-harness.js";

let harness: TurnHarness;
afterEach(() => harness.remove());

const onLinux = test.skipIf(!existsSync("/dev/full") || !existsSync("/proc/self/stat"));

/** A disk without space, as far as the notes of the turn BUILD.1 go. */
async function fillDisk(): Promise<string> {
  const file = join(harness.runFolder, "processes", "BUILD.1.jsonl");
  await mkdir(join(file, ".."), { recursive: true });
  await symlink("/dev/full", file);
  return file;
}

const notesIn = (file: string): readonly unknown[] =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

onLinux("notes a process as soon as there is space for it, and lets the turn go on meanwhile", async () => {
  const waits: number[] = [];
  const lines: string[] = [];
  let file = "";
  let notes: readonly unknown[] = [];
  const noted = Promise.withResolvers<void>();
  harness = await createTurnHarness({
    agents: {
      async builder(_request, context) {
        context.processStarted(process.pid);
        context.processStarted(process.ppid);
        await noted.promise;
        notes = notesIn(file);
        return {};
      },
    },
    clock: {
      async wait(ms) {
        waits.push(ms);
        if (waits.length === 2) await rm(file);
      },
    },
  });
  file = await fillDisk();
  const logger = {
    debug: () => {},
    info(line: string) {
      lines.push(line);
      if (line.includes(`${process.ppid} is`)) noted.resolve();
    },
    warn: (line: string) => void lines.push(line),
  };
  const context = { ...createContext(), logger };
  const result = await harness.runner.run(createTask(harness, { id: "BUILD" }), context);
  expect(result).toMatchObject({ status: "succeeded" });
  expect(waits).toEqual([5_000, 5_000]);
  expect(lines).toEqual([
    "no space left to note the processes of BUILD.1; trying again until there is",
    `BUILD.1: the process ${process.pid} is noted now`,
    `BUILD.1: the process ${process.ppid} is noted now`,
  ]);
  expect(notes).toMatchObject([
    { turn: "BUILD.1", pid: process.pid },
    { turn: "BUILD.1", pid: process.ppid },
  ]);
  expect(await readdir(join(harness.runFolder, "processes"))).toEqual([]);
});

onLinux("succeeds with a turn whose process could never be noted for lack of space, and leaves no note", async () => {
  harness = await createTurnHarness();
  await fillDisk();
  const run = { shell: "echo done" };
  const result = await harness.runner.run(createTask(harness, { id: "BUILD", kind: "command", run }), createContext());
  expect(result).toMatchObject({ status: "succeeded", output: { text: "done\n" } });
  expect(await readdir(join(harness.runFolder, "processes"))).toEqual([]);
});

onLinux("gives up a note that fails for another reason than space, without failing the turn", async () => {
  const warned = Promise.withResolvers<void>();
  const lines: string[] = [];
  let file = "";
  harness = await createTurnHarness({
    agents: {
      async builder(_request, context) {
        context.processStarted(process.pid);
        await warned.promise;
        return {};
      },
    },
    clock: {
      async wait() {
        await rm(file);
        await mkdir(file);
      },
    },
  });
  file = await fillDisk();
  const warn = (line: string): void => {
    lines.push(line);
    if (lines.length === 2) warned.resolve();
  };
  const context = { ...createContext(), logger: { debug: () => {}, info: () => {}, warn } };
  const result = await harness.runner.run(createTask(harness, { id: "BUILD" }), context);
  expect(result).toMatchObject({ status: "succeeded" });
  expect(lines[1]).toBe(`the process ${process.pid} of turn BUILD.1 could not be noted in ${file}`);
});
