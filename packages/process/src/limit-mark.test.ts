import { readFileSync } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { environment, freshMarker, inFolder, isRunning, record } from "../test/real-processes.js";
import { findProgram } from "./find-program.js";
import { limitMark, markStart, readLimitMark } from "./limit-mark.js";
import { endMarkedProcesses } from "./marked-processes.js";
import { runProcess } from "./run-process.js";
import { turnMarker } from "./turn-marker.js";

const tool = await findProgram({ program: "prlimit", searchPath: "/usr/bin:/bin", folder: "/" });

/** A process without environment, session, parent or pipe that would tell whose it is; says its number. */
const DAEMON = "(setsid env -i /bin/sh -c '/bin/sh -c \"exec /bin/sleep 1000\" <&- >&- 2>&- & echo daemon $!')";
const daemonIn = (text: string): number => Number(/daemon (\d+)/.exec(text)?.[1]);

describe.runIf(tool !== null)("a daemon that cleared its environment", () => {
  test("is ended after an end of the program by itself", async () => {
    const recorded = record(DAEMON);
    expect(await runProcess(recorded.request)).toMatchObject({ exitCode: 0, ended: "exited" });
    expect(isRunning(daemonIn(recorded.text()))).toBe(false);
  });

  test("is ended when the program is stopped, and a stranger's is not", async () => {
    const [one, other] = [record(`${DAEMON}; sleep 1000`), record(`${DAEMON}; sleep 1000`)];
    const running = [runProcess(one.request), runProcess(other.request)];
    await Promise.all([one.said("daemon"), other.said("daemon")]);
    const daemons = [one, other].map(({ text }) => daemonIn(text()));
    expect(daemons.map(readLimitMark)).toEqual([one, other].map(({ request }) => limitMark(request.marker)));
    one.stop.abort();
    await running[0];
    expect(daemons.map(isRunning)).toEqual([false, true]);
    other.stop.abort();
    await running[1];
    expect(daemons.map(isRunning)).toEqual([false, false]);
  });

  test("is ended by whoever takes the turn over, whatever claim started it", async () => {
    const turn = { runId: freshMarker().split("/")[0] ?? "", turn: "WORK.1", stateFolder: "/nowhere" };
    const recorded = record(`${DAEMON}; sleep 1000`, { marker: turnMarker({ ...turn, epoch: 1 }) });
    const running = runProcess(recorded.request);
    await recorded.said("daemon");
    const daemon = daemonIn(recorded.text());
    const ended = await endMarkedProcesses({ marker: () => false, turns: [turnMarker({ ...turn, epoch: 7 })] });
    expect(ended).toEqual(expect.arrayContaining([daemon, ...recorded.pids]));
    expect(isRunning(daemon)).toBe(false);
    expect(await running).toMatchObject({ signal: "SIGKILL", ended: "exited" });
  });
});

describe.runIf(tool !== null)("a program is started", () => {
  const start = { command: { argv: [] }, cwd: "/", env: environment, marker: "run/1/WORK.1/0123456789ab" };

  test("with its mark, as the very process that was asked for", async () => {
    const { request, text, pids } = record("echo $$; cat /proc/self/limits");
    await runProcess(request);
    expect(text().split("\n")[0]).toBe(String(pids[0]));
    expect(text()).toContain(`${limitMark(request.marker)}  ${limitMark(request.marker)}`);
  });

  test("without it where the start itself would fail, so that the system says why", async () => {
    await inFolder(async (cwd) => {
      const script = join(cwd, "script");
      await writeFile(script, "#!/no/such/interpreter\n");
      await chmod(script, 0o755);
      await writeFile(join(cwd, "plain"), "");
      for (const argv of [["missing"], [script], ["./plain"], ["-x"], []]) {
        expect(await markStart(argv, { ...start, cwd })).toEqual(argv);
      }
      await writeFile(script, "#! /bin/sh\n");
      expect(await markStart([script, "x"], start)).toEqual([
        tool,
        `--rttime=${limitMark(start.marker)}:${limitMark(start.marker)}`,
        "--",
        script,
        "x",
      ]);
    });
  });

  test("without it when its arguments are so long that the system may refuse them", async () => {
    const argv = ["true", "x".repeat(600_000)];
    expect(await markStart(argv, start)).toEqual(argv);
  });
});

test("a mark is the same for each claim of a turn, and another for each turn, run and state folder", () => {
  const turn = { runId: "run", epoch: 1, turn: "WORK.1", stateFolder: "/a" };
  const mark = limitMark(turnMarker(turn));
  expect(BigInt(mark)).toBeGreaterThanOrEqual(2n ** 61n);
  expect(BigInt(mark)).toBeLessThan(2n ** 62n);
  expect(limitMark(turnMarker({ ...turn, epoch: 2 }))).toBe(mark);
  const others = [{ runId: "run2" }, { turn: "WORK.2" }, { stateFolder: "/b" }];
  expect(new Set(others.map((change) => limitMark(turnMarker({ ...turn, ...change })))).add(mark).size).toBe(4);
  expect(limitMark("no marker of ours")).not.toBe(limitMark("another"));
});

test("no other process has a mark", () => {
  expect(readLimitMark(1)).toBe(null);
  expect(readLimitMark(2 ** 22 + 1)).toBe(null);
  expect(readFileSync("/proc/self/limits", "utf8")).not.toContain(limitMark("run/1/WORK.1/0123456789ab"));
});
