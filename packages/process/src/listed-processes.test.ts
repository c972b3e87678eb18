import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isRunning, psOfLinux, record, runningWith } from "../test/real-processes.js";
import { endListed, listTree } from "./end-listed.js";
import { listerOf, membersOf, type ProcessLister, parsePs, parseWindows } from "./listed-processes.js";
import { runProcess } from "./run-process.js";

// as `ps -axwwE` with these columns, of macOS prints it
const PS = `    1     0     1 Mon Nov  9 08:01:02 2026 /sbin/launchd
  501     1   501 Sun Nov 22 20:38:00 2026 /Applications/Some App.app/Contents/MacOS/Some App --flag TERM=xterm
 7001   501  7001 Sun Nov 22 20:38:01 2026 node agent.mjs PATH=/usr/bin:/bin TROUPE_TURN=run-1/1/A.1/0123456789ab HOME=/Users/a
 7002  7001  7001 Sun Nov 22 20:38:02 2026 sh -c sleep 10; sleep 20
 7003  7002  7003 Sun Nov 22 20:38:02 2026 (sleep)
 7004     1  7004 Sun Nov 22 20:38:03 2026 daemon TROUPE_TURN=run-1/1/A.1/0123456789ab
 7005     1  7005 Sun Nov 22 20:38:03 2026 daemon TROUPE_TURN=run-1/1/A.10/0123456789ab
 7006     1  7003 Sun Nov 22 20:38:04 2026 left its parent
`;
const MARKER = "run-1/1/A.1/0123456789ab";
const pids = (list: readonly { readonly pid: number }[]): readonly number[] => list.map(({ pid }) => pid);

describe("the list of macOS", () => {
  test("is asked for with the environment, and tells pid, parent, group, start and marker", () => {
    expect(listerOf("darwin")?.list).toEqual([
      ...["/bin/ps", "-axwwE", "-o", "pid=", "-o", "ppid=", "-o", "pgid=", "-o", "lstart=", "-o", "command="],
    ]);
    expect(listerOf("darwin")?.listOne(7001).slice(-2)).toEqual(["-p", "7001"]);
    const all = parsePs(PS);
    expect(pids(all)).toEqual([1, 501, 7001, 7002, 7003, 7004, 7005, 7006]);
    expect(all[2]).toEqual({
      pid: 7001,
      parent: 501,
      group: 7001,
      startedAt: "Sun Nov 22 20:38:01 2026",
      marker: MARKER,
    });
    expect(all[0]).toMatchObject({ startedAt: "Mon Nov  9 08:01:02 2026", marker: null });
    expect(parsePs("ps: illegal option\n")).toEqual([]);
  });

  test("gives descendants, the group, the marked, and whoever was seen before", () => {
    const all = parsePs(PS);
    expect(pids(membersOf(all, { root: 7001, hasRoot: true, known: [], marker: MARKER }))).toEqual([
      7001, 7002, 7004, 7003,
    ]);
    const afterwards = all.filter(({ pid }) => pid !== 7001 && pid !== 7002);
    const known = all.filter(({ pid }) => pid === 7003);
    expect(pids(membersOf(afterwards, { root: 7001, hasRoot: false, known, marker: "other" }))).toEqual([7003]);
    const reused = afterwards.map((it) => (it.pid === 7003 ? { ...it, startedAt: "Sun Nov 22 20:40:00 2026" } : it));
    expect(membersOf(reused, { root: 7001, hasRoot: false, known, marker: "other" })).toEqual([]);
  });
});

// as Get-CimInstance prints it, with the process of the system that has no time
const WINDOWS =
  "0 0 \r\n4 0 20261109080102.0000000\r\n900 4 20261122203759.5000000\r\n7001 900 20261122203800.1234567\r\n" +
  "7002 7001 20261122203801.0000000\r\n7003 7002 20261122203802.0000000\r\n650 7001 20261122100000.0000000\r\n";

describe("the list of Windows", () => {
  test("tells pid, parent and start", () => {
    expect(listerOf("win32")?.list.slice(0, 4)).toEqual([
      "powershell.exe",
      "-NoProfile",
      "-NonInteractive",
      "-Command",
    ]);
    expect(listerOf("win32")?.listOne(7001).at(-1)).toContain(
      "Win32_Process -Filter 'ProcessId = 7001' | Where-Object",
    );
    const all = parseWindows(WINDOWS);
    expect(pids(all)).toEqual([4, 900, 7001, 7002, 7003, 650]);
    expect(all[2]).toEqual({
      pid: 7001,
      parent: 900,
      group: null,
      startedAt: "20261122203800.1234567",
      marker: null,
    });
  });

  test("gives descendants, but nobody older than the parent whose number it names", () => {
    const all = parseWindows(WINDOWS);
    expect(pids(membersOf(all, { root: 7001, hasRoot: true, known: [], marker: MARKER }))).toEqual([7001, 7002, 7003]);
    const known = all.filter(({ pid }) => pid === 7003);
    const afterwards = all.filter(({ pid }) => pid === 7003 || pid === 650);
    expect(pids(membersOf(afterwards, { root: 7001, hasRoot: false, known, marker: MARKER }))).toEqual([7003]);
  });

  test("is followed by taskkill, with the descendants and without asking", () => {
    expect(listerOf("win32")?.end?.(7003)).toEqual(["taskkill", "/PID", "7003", "/T", "/F"]);
  });
});

test("where /proc tells more nothing is listed", () => {
  expect(listerOf("linux")).toBe(null);
});

describe.runIf(existsSync("/proc/self/environ") && existsSync("/bin/ps"))("the same on real processes", () => {
  const ps = psOfLinux;
  const withKill: ProcessLister = { ...ps, end: (pid) => ["/bin/kill", "-KILL", String(pid)] };
  const line = "setsid sh -c 'trap \"\" TERM; sleep 1000' & (setsid sleep 1000 &) ; sleep 0.1; echo ready; sleep 1000";

  test.each([
    ["by signals", ps],
    ["by a tool", withKill],
  ])("ends a tree %s", async (_how, lister) => {
    const recorded = record(line);
    const { marker } = recorded.request;
    const running = runProcess(recorded.request);
    await recorded.said("ready");
    const [root = 0] = recorded.pids;
    const known = await listTree(lister, { root, marker });
    expect(known.length).toBeGreaterThanOrEqual(4);
    await endListed(lister, { root, known, marker }, 10_000);
    expect(runningWith(marker)).toEqual([]);
    expect(recorded.pids.map(isRunning)).toEqual([false]);
    expect(await running).toMatchObject({ signal: "SIGKILL" });
  });

  test("names what could not be ended in time", async () => {
    const recorded = record("echo ready; sleep 1000", { ladder: { termMs: 0 } });
    const running = runProcess(recorded.request);
    await recorded.said("ready");
    const [root = 0] = recorded.pids;
    const tree = { root, marker: recorded.request.marker };
    await expect(endListed(withKill, { ...tree, known: await listTree(ps, tree) }, -1)).rejects.toMatchObject({
      code: "PROCESS_NOT_ENDED",
      details: { pids: expect.arrayContaining([root]) },
    });
    expect(await endListed(withKill, { ...tree, known: [] }, -1)).toBe(undefined);
    recorded.stop.abort();
    await running;
  });
});
