import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { appendFile, chmod, cp, mkdir, readFile, rename, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { inFolder, isRunning, type Recorded, record, until } from "../test/real-processes.js";
import { endNotedProcesses, forgetProcesses, noteProcess, readStartTime } from "./process-notes.js";
import { readPidScope, readProcess } from "./process-table.js";
import { type ProcessOutcome, runProcess } from "./run-process.js";

interface Left extends Recorded {
  readonly pid: number;
  readonly running: Promise<ProcessOutcome>;
}

/** A program in the middle of its work, as a dead runner would leave it. */
async function leave(line: string): Promise<Left> {
  const recorded = record(line, { ladder: { termMs: 0 } });
  const running = runProcess(recorded.request);
  await recorded.said("ready");
  const [pid = 0] = recorded.pids;
  return { ...recorded, pid, running };
}

const noteOf = (pid: number, folder: string) => ({
  turn: "PLAN.1",
  pid,
  startTime: readProcess(pid)?.startTime ?? null,
  ...readPidScope(),
  folder: realpathSync(folder),
  inode: `${statSync(folder, { bigint: true }).dev}:${statSync(folder, { bigint: true }).ino}`,
});

const writeNote = async (folder: string, note: object): Promise<void> => {
  await mkdir(join(folder, "processes"), { recursive: true });
  await writeFile(join(folder, "processes", "PLAN.1.jsonl"), `\n${JSON.stringify(note)}\n`);
};

describe.runIf(existsSync("/proc/self/environ"))("process notes", () => {
  test("find the process again and end it with its group, its session and its descendants", async () => {
    await inFolder(async (folder) => {
      const left = await leave("sleep 1000 & setsid env -i sleep 1000 & trap '' TERM; sleep 0.1; echo ready $!; wait");
      const grandchild = Number(/ready (\d+)/.exec(left.text())?.[1]);
      noteProcess(folder, { turn: "PLAN.1", pid: left.pid });
      const ended = await endNotedProcesses(folder, "PLAN.1");
      expect(ended).toEqual(expect.arrayContaining([left.pid, grandchild]));
      expect([left.pid, grandchild].map(isRunning)).toEqual([false, false]);
      expect(await left.running).toMatchObject({ signal: "SIGKILL", ended: "exited" });
      expect(await endNotedProcesses(folder, "PLAN.1")).toEqual([]);
    });
  });

  test("are private, hold one line per process and are removed on request", async () => {
    await inFolder(async (folder) => {
      noteProcess(folder, { turn: "PLAN.1", pid: process.pid });
      noteProcess(folder, { turn: "PLAN.1", pid: process.ppid });
      const file = join(folder, "processes", "PLAN.1.jsonl");
      const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line !== "");
      expect(lines.map((line) => JSON.parse(line))).toEqual([
        noteOf(process.pid, folder),
        noteOf(process.ppid, folder),
      ]);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      await forgetProcesses(folder, "PLAN.1");
      await forgetProcesses(folder, "PLAN.1");
      expect(readdirSync(join(folder, "processes"))).toEqual([]);
    });
  });

  test("never touch a process that only has the same number, or is of another turn, boot or namespace", async () => {
    const left = await leave("echo ready; exec sleep 1000");
    const note = noteOf(left.pid, "/");
    const others = [
      { ...note, startTime: (note.startTime ?? 0) - 1 },
      { ...note, startTime: null },
      { ...note, bootId: "11111111-2222-3333-4444-555555555555" },
      { ...note, bootId: null },
      { ...note, pidNamespace: "pid:[1]" },
      { ...note, turn: "PLAN.2" },
      { ...note, pid: "1" },
      { ...note, pid: -1 },
    ];
    for (const other of others) {
      await inFolder(async (folder) => {
        await writeNote(folder, { ...other, folder: realpathSync(folder) });
        expect(await endNotedProcesses(folder, "PLAN.1")).toEqual([]);
      });
    }
    expect(isRunning(left.pid)).toBe(true);
    await inFolder(async (folder) => {
      await writeNote(folder, note);
      expect(await endNotedProcesses(folder, "PLAN.1")).toEqual([]);
      await writeNote(folder, noteOf(left.pid, folder));
      expect(await endNotedProcesses(folder, "PLAN.1")).toEqual([left.pid]);
    });
    await left.running;
  });

  test("do not follow the group of a noted process that is gone: its number may belong to others", async () => {
    const left = await leave("sleep 1000 & echo ready; exec sleep 1000");
    await inFolder(async (folder) => {
      const [other] = readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .map((name) => readProcess(Number(name)))
        .filter((process) => process?.group === left.pid && process.pid !== left.pid);
      // as if the noted process had ended and its number were now that of a group of strangers
      await writeNote(folder, { ...noteOf(left.pid, folder), startTime: 1 });
      expect(await endNotedProcesses(folder, "PLAN.1")).toEqual([]);
      expect(isRunning(other?.pid ?? 0)).toBe(true);
    });
    left.stop.abort();
    await left.running;
  });

  test("of a moved folder still count, those of a copy do not: the original may be at work", async () => {
    const left = await leave("echo ready; exec sleep 1000");
    await inFolder(async (folder) => {
      const run = join(folder, "run");
      const copy = join(folder, "copy");
      const moved = join(folder, "moved");
      noteProcess(run, { turn: "PLAN.1", pid: left.pid });
      await cp(run, copy, { recursive: true });
      expect(await endNotedProcesses(copy, "PLAN.1")).toEqual([]);
      expect(isRunning(left.pid)).toBe(true);
      await rename(run, moved);
      expect(await endNotedProcesses(moved, "PLAN.1")).toEqual([left.pid]);
    });
    await left.running;
  });

  test("survive a line torn by a crash", async () => {
    const left = await leave("echo ready; exec sleep 1000");
    await inFolder(async (folder) => {
      await writeNote(folder, noteOf(process.pid, folder));
      await writeFile(join(folder, "processes", "PLAN.1.jsonl"), '\n{"turn":"PLAN.1","pi');
      noteProcess(folder, { turn: "PLAN.1", pid: left.pid });
      await appendFile(join(folder, "processes", "PLAN.1.jsonl"), "null\n");
      expect(await endNotedProcesses(folder, "PLAN.1")).toEqual([left.pid]);
    });
    await left.running;
    await until(() => !isRunning(left.pid));
  });

  test("refuse a turn that would lead out of the folder, and say where they cannot be written", async () => {
    expect(() => noteProcess("/", { turn: "../x", pid: 1 })).toThrow(expect.objectContaining({ code: "PATH_OUTSIDE" }));
    await expect(forgetProcesses("/", "a/b")).rejects.toMatchObject({ code: "PATH_OUTSIDE" });
    await inFolder(async (folder) => {
      await writeFile(join(folder, "processes"), "");
      await chmod(folder, 0o700);
      expect(() => noteProcess(folder, { turn: "PLAN.1", pid: 1 })).toThrow(
        expect.objectContaining({ code: "STORE_FAILED" }),
      );
    });
  });

  test.runIf(existsSync("/dev/full"))("tell a lack of space from other failures", async () => {
    await inFolder(async (folder) => {
      const file = join(folder, "processes", "PLAN.1.jsonl");
      await mkdir(join(folder, "processes"));
      await symlink("/dev/full", file);
      expect(() => noteProcess(folder, { turn: "PLAN.1", pid: 1 })).toThrow(
        expect.objectContaining({
          code: "STORE_FULL",
          message: `no space left to note the process 1 of turn PLAN.1 in ${file}`,
          hint: `Free some space; see what is left with: df -h '${folder}'`,
          details: { path: file },
          cause: expect.objectContaining({ code: "ENOSPC" }),
        }),
      );
    });
  });

  test("written late name the process of then, never what has its number now", async () => {
    const left = await leave("echo ready; exec sleep 1000");
    const startTime = readStartTime(left.pid);
    await inFolder(async (folder) => {
      noteProcess(folder, { turn: "PLAN.1", pid: left.pid, startTime: (startTime ?? 0) - 1 });
      expect(await endNotedProcesses(folder, "PLAN.1")).toEqual([]);
      noteProcess(folder, { turn: "PLAN.1", pid: left.pid, startTime });
      expect(await endNotedProcesses(folder, "PLAN.1")).toEqual([left.pid]);
    });
    await left.running;
  });
});
