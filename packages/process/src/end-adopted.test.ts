import { existsSync, realpathSync, statSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { freshMarker, inFolder, isRunning, psOfLinux, record, runningWith } from "../test/real-processes.js";
import { listerOf, type ProcessLister } from "./listed-processes.js";
import { endMarkedBy } from "./marked-processes.js";
import { endNotedBy, noteProcess, readStartTimeBy } from "./process-notes.js";
import { runProcess } from "./run-process.js";

const MARKER = "run-1/1/A.1/0123456789ab";

// as macOS prints it when the runner has died: 9000001 is the program it started, 9000004 a daemon, 9000007 a stranger's
// (numbers that no real process has: the test is in the lists, too)
const PS = `    1     0     1 Mon Nov  9 08:01:02 2026 /sbin/launchd
 9000001     1  9000001 Sun Nov 22 20:38:01 2026 node agent.mjs TROUPE_TURN=${MARKER} HOME=/Users/a
 9000002  9000001  9000001 Sun Nov 22 20:38:02 2026 (sleep)
 9000003     1  9000001 Sun Nov 22 20:38:02 2026 lost its parent
 9000004     1  9000004 Sun Nov 22 20:38:03 2026 daemon TROUPE_TURN=${MARKER}
 9000005     1  9000004 Sun Nov 22 20:38:03 2026 lost the daemon
 9000006     1  9000006 Sun Nov 22 20:38:03 2026 daemon TROUPE_TURN=run-1/1/A.10/0123456789ab
 9000007     1  9000007 Sun Nov 22 20:38:04 2026 stranger
 ${process.pid}     1     ${process.pid} Sun Nov 22 20:39:00 2026 troupe resume
`;

// as PowerShell prints it: 9000002 and 9000003 descend from the program, 9000650 is older than the parent it names
const WINDOWS =
  "4 0 20261109080102.0000000\r\n9000001 9000900 20261122203800.1234567\r\n9000002 9000001 20261122203801.0000000\r\n" +
  "9000003 9000002 20261122203802.0000000\r\n9000650 9000001 20261122100000.0000000\r\n9000007 4 20261122203803.0000000\r\n" +
  `${process.pid} 4 20261122203900.0000000\r\n`;

const MACOS_START = Date.UTC(2026, 10, 22, 20, 38, 1);
const WINDOWS_START = Date.UTC(2026, 10, 22, 20, 38, 0, 123);

interface Recording {
  readonly folder: string;
  readonly lister: ProcessLister;
  /** Whom the lister was told to end, in that order. */
  killed(): Promise<readonly number[]>;
}

/** The lister of a system, with a file in place of its tool; ending a process takes its line out of the file. */
function withRecording(
  platform: NodeJS.Platform,
  text: string,
  use: (recording: Recording) => Promise<void>,
): Promise<void> {
  const lister = listerOf(platform);
  if (lister === null) throw new Error(`no lister for ${platform}`);
  return inFolder(async (folder) => {
    const file = join(folder, "list");
    await writeFile(file, text);
    await writeFile(join(folder, "killed"), "");
    const end = (pid: number) => `sed '/^ *${pid} /d' list > rest; mv rest list; echo ${pid} >> killed`;
    await use({
      folder,
      lister: {
        ...lister,
        list: ["/bin/cat", file],
        listOne: () => ["/bin/cat", file],
        end: (pid) => ["/bin/sh", "-c", `cd '${folder}'; ${end(pid)}`],
      },
      killed: async () => (await readFile(join(folder, "killed"), "utf8")).split("\n").filter(Boolean).map(Number),
    });
  });
}

async function note(folder: string, changes: object): Promise<void> {
  const { dev, ino } = statSync(folder, { bigint: true });
  const place = { folder: realpathSync(folder), inode: `${dev}:${ino}`, bootId: null, pidNamespace: null };
  await mkdir(join(folder, "processes"), { recursive: true });
  await writeFile(join(folder, "processes", "A.1.jsonl"), `${JSON.stringify({ turn: "A.1", ...place, ...changes })}\n`);
}

const marked = { marker: (value: string) => value === MARKER, limitMs: 30_000 };

describe.skipIf(process.platform === "win32")("adoption by recorded lists", () => {
  test("of macOS ends the marked, with their descendants and groups", async () => {
    await withRecording("darwin", PS, async ({ lister, killed }) => {
      const ended = await endMarkedBy(lister, marked);
      expect([...ended].sort()).toEqual([9000001, 9000002, 9000003, 9000004, 9000005]);
      expect([...(await killed())].sort()).toEqual([9000001, 9000002, 9000003, 9000004, 9000005]);
      expect(await endMarkedBy(lister, marked)).toEqual([]);
    });
  });

  test("of macOS spares this process and its ancestors, whatever they carry", async () => {
    const text = PS.replace("(sleep)", `sh TROUPE_TURN=${MARKER}`)
      .replace("troupe resume", `troupe resume TROUPE_TURN=${MARKER}`)
      .replace(` ${process.pid}     1 `, ` ${process.pid}  9000002 `);
    await withRecording("darwin", text, async ({ lister, killed }) => {
      expect([...(await endMarkedBy(lister, marked))].sort()).toEqual([9000004, 9000005]);
      expect([...(await killed())].sort()).toEqual([9000004, 9000005]);
    });
  });

  test("of Windows ends nothing by marker: nobody's is shown", async () => {
    await withRecording("win32", WINDOWS, async ({ lister, killed }) => {
      expect(await endMarkedBy(lister, marked)).toEqual([]);
      expect(await killed()).toEqual([]);
    });
  });

  test.each([
    ["darwin", PS, MACOS_START, [9000001, 9000002, 9000003]],
    ["win32", WINDOWS, WINDOWS_START, [9000001, 9000002, 9000003]],
  ] as const)("of %s notes when a process started, and ends its tree", async (platform, text, startTime, tree) => {
    await withRecording(platform, text, async ({ folder, lister, killed }) => {
      expect(readStartTimeBy(lister, 9000001)).toBe(startTime);
      expect(readStartTimeBy(lister, 9000999)).toBe(null);
      noteProcess(folder, { turn: "A.1", pid: 9000001, startTime: readStartTimeBy(lister, 9000001) });
      const turn = { folder, turn: "A.1", limitMs: 30_000 };
      expect([...(await endNotedBy(lister, turn))].sort()).toEqual(tree);
      expect([...(await killed())].sort()).toEqual(tree);
      expect(await endNotedBy(lister, turn)).toEqual([]);
    });
  });

  test.each([
    ["darwin", PS, MACOS_START],
    ["win32", WINDOWS, WINDOWS_START],
  ] as const)("of %s leaves alone what only has a noted number", async (platform, text, startTime) => {
    await withRecording(platform, text, async ({ folder, lister, killed }) => {
      const others = [
        { pid: 9000001, startTime: startTime - 1000 },
        { pid: 9000001, startTime: startTime + 1000 },
        { pid: 9000001, startTime: null },
        { pid: 9000998, startTime },
        { pid: 9000001, startTime, turn: "A.2" },
        { pid: 9000001, startTime, folder: "/", inode: "1:1" },
      ];
      for (const other of others) {
        await note(folder, other);
        expect(await endNotedBy(lister, { folder, turn: "A.1", limitMs: 30_000 })).toEqual([]);
      }
      expect(await killed()).toEqual([]);
    });
  });

  test("names what could not be ended in time", async () => {
    await withRecording("darwin", PS, async ({ lister }) => {
      const stubborn = { ...lister, end: () => ["/bin/sh", "-c", "exit 1"] };
      const only = (value: string) => value.startsWith("run-1/1/A.10/");
      await expect(endMarkedBy(stubborn, { marker: only, limitMs: 1 })).rejects.toMatchObject({
        code: "PROCESS_NOT_ENDED",
        details: { pids: [9000006] },
      });
    });
  });

  test.each([
    ["/bin/ps", "See what it says: /bin/ps -ax", "darwin"],
    ["powershell.exe", "See what it says: powershell Get-CimInstance Win32_Process", "win32"],
  ] as const)("does not believe a list of %s without this process", async (tool, hint, platform) => {
    await withRecording(platform, "", async ({ folder, lister }) => {
      await note(folder, { pid: 9000001, startTime: MACOS_START });
      const failing = { ...lister, list: [tool, "--no-such-option"] };
      expect(readStartTimeBy({ ...lister, listOne: () => [join(folder, "missing")] }, 9000001)).toBe(null);
      await expect(endNotedBy(failing, { folder, turn: "A.1", limitMs: 1 })).rejects.toMatchObject({
        code: "PROCESS_NOT_ENDED",
        message: `what a dead runner left could not be looked for: ${tool} lists nothing`,
        hint,
        details: { pids: [] },
      });
    });
  });
});

describe.runIf(existsSync("/proc/self/environ") && existsSync("/bin/ps"))("adoption by a real ps", () => {
  test("ends the marked, those that left the group and the parent included", async () => {
    const marker = freshMarker();
    const line = "setsid sleep 1000 & (setsid sh -c 'trap \"\" TERM; echo ready; sleep 1000' &); sleep 1000";
    const one = record(line, { marker });
    const other = record("echo ready; sleep 1000", { ladder: { termMs: 0 } });
    const running = [runProcess(one.request), runProcess(other.request)];
    await Promise.all([one.said("ready"), other.said("ready")]);
    const ended = await endMarkedBy(psOfLinux, { marker, limitMs: 30_000 });
    expect(ended).toEqual(expect.arrayContaining(one.pids));
    expect(runningWith(marker)).toEqual([]);
    expect(other.pids.map(isRunning)).toEqual([true]);
    other.stop.abort();
    expect(await Promise.all(running)).toMatchObject([{ ended: "exited" }, { ended: "aborted" }]);
  });

  test("ends the noted with a descendant that cleared its environment, but not with another start", async () => {
    const left = record("env -i setsid sleep 1000 & sleep 0.1; echo ready $!; wait", { ladder: { termMs: 0 } });
    const running = runProcess(left.request);
    await left.said("ready");
    const [pid = 0] = left.pids;
    const child = Number(/ready (\d+)/.exec(left.text())?.[1]);
    const startTime = readStartTimeBy(psOfLinux, pid);
    expect(startTime).toEqual(expect.any(Number));
    await inFolder(async (folder) => {
      const turn = { folder, turn: "A.1", limitMs: 30_000 };
      noteProcess(folder, { turn: "A.1", pid, startTime: (startTime ?? 0) - 60_000 });
      expect(await endNotedBy(psOfLinux, turn)).toEqual([]);
      expect([pid, child].map(isRunning)).toEqual([true, true]);
      noteProcess(folder, { turn: "A.1", pid, startTime });
      expect(await endNotedBy(psOfLinux, turn)).toEqual(expect.arrayContaining([pid, child]));
    });
    expect([pid, child].map(isRunning)).toEqual([false, false]);
    expect(await running).toMatchObject({ signal: "SIGKILL" });
  });
});
