import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { inFolder, isRunning, type Recorded, record, runningWith, stateOf, until } from "../test/real-processes.js";
import { type ProcessOutcome, runProcess } from "./run-process.js";

const QUICK = { termMs: 100, killMs: 10_000 };

/** Runs a program, stops it by `how` once it has said "ready", and demands that nothing of it is left. */
async function stopWhenReady(recorded: Recorded, how: "stop" | "kill"): Promise<ProcessOutcome> {
  const running = runProcess(recorded.request);
  await recorded.said("ready");
  recorded[how].abort();
  const outcome = await running;
  expect(runningWith(recorded.request.marker)).toEqual([]);
  expect(recorded.pids.filter(isRunning)).toEqual([]);
  return outcome;
}

const RUDE: Readonly<Record<string, string>> = {
  "ignores TERM": "trap '' TERM INT HUP; echo ready; while :; do sleep 1; done",
  "starts a grandchild in a session of its own": "setsid sleep 1000 & sleep 0.1; echo ready; wait",
  "starts a grandchild that ignores TERM in a session of its own":
    "setsid sh -c \"trap '' TERM; echo ready; while :; do sleep 1; done\" & wait",
  "forks twice and loses the parent": "(setsid sh -c 'sleep 1000 & echo ready') ; sleep 1000",
  "clears the environment of a child": "setsid env -i /bin/sleep 1000 & sleep 0.1; echo ready; wait",
  "closes its output": "echo ready; exec >&- 2>&-; sleep 1000",
  "stops itself": "echo ready; kill -STOP $$; sleep 1000",
  "stops its children": "sleep 1000 & kill -STOP $!; echo ready; wait",
  "starts very many": "i=0; while [ $i -lt 200 ]; do sleep 1000 & i=$((i+1)); done; echo ready; wait",
  "never stops to write": "echo ready; exec yes",
};

describe.runIf(existsSync("/proc/self/environ"))("a program that", () => {
  for (const [behaviour, line] of Object.entries(RUDE)) {
    for (const how of ["stop", "kill"] as const) {
      test(`${behaviour} is gone after ${how}`, async () => {
        const outcome = await stopWhenReady(record(line, { ladder: QUICK }), how);
        expect(outcome.ended).toBe("aborted");
      });
    }
  }

  test("clears the environment of a child leaves nothing of that child after a stop", async () => {
    const recorded = record("setsid env -i /bin/sleep 1000 & sleep 0.1; echo pid $! ready; wait", { ladder: QUICK });
    await stopWhenReady(recorded, "stop");
    expect(isRunning(Number(/pid (\d+)/.exec(recorded.text())?.[1]))).toBe(false);
  });

  test("flees by starting its successor and ending, for ever, is caught", async () => {
    await inFolder(async (folder) => {
      const script = join(folder, "flee.sh");
      await writeFile(script, `[ "$1" -gt 0 ] || { touch ${folder}/escaped; exit; }\nsetsid sh "$0" $(($1 - 1)) &\n`);
      const recorded = record(`sh ${script} 20000 & echo ready; sleep 1000`, { ladder: QUICK });
      await stopWhenReady(recorded, "stop");
      expect(existsSync(join(folder, "escaped"))).toBe(false);
    });
  });

  test("ends but leaves a child that holds its pipe settles at once, and the child is ended", async () => {
    const recorded = record("sleep 1000 & setsid sleep 1000 & echo done");
    expect(await runProcess(recorded.request)).toMatchObject({ exitCode: 0, ended: "exited" });
    expect(recorded.text()).toBe("done\n");
    expect(runningWith(recorded.request.marker)).toEqual([]);
  });

  test("ends after a long time has all numbers looked at, not only the higher ones", async () => {
    const recorded = record("setsid sleep 1000 & sleep 0.6");
    expect(await runProcess(recorded.request)).toMatchObject({ exitCode: 0, ended: "exited" });
    expect(runningWith(recorded.request.marker)).toEqual([]);
  });

  test("leaves an escaped process on its pipe does not hold us for ever", async () => {
    const recorded = record("setsid env -i /bin/sh -c 'while echo tick; do sleep 0.02; done' & echo pid $!; sleep 0.2");
    onTestFinished(async () => {
      // its pipe was closed, so its next line ends it
      const pid = Number(/pid (\d+)/.exec(recorded.text())?.[1]);
      await until(() => !isRunning(pid));
    });
    const { durationMs } = await runProcess(recorded.request);
    expect(durationMs).toBeLessThan(10_000);
  });

  test("closes its output early ends when it exits", async () => {
    const { request } = record("exec >&- 2>&-; sleep 0.2; exit 4");
    expect(await runProcess(request)).toMatchObject({ exitCode: 4, ended: "exited" });
  });

  test("never reads its input is no problem, however long the input is", async () => {
    const told: string[] = [];
    const onInputUnread = (): void => void told.push("unread");
    const input = "x".repeat(2_000_000);
    const { request } = record("exec <&-; echo closed; sleep 0.2; exit 5", { input, onInputUnread });
    expect(await runProcess(request)).toMatchObject({ exitCode: 5, ended: "exited" });
    expect(told).toEqual(["unread"]);
    const blocked = record("echo ready; sleep 1000", { input, onInputUnread, ladder: QUICK });
    expect(await stopWhenReady(blocked, "stop")).toMatchObject({ ended: "aborted" });
    const reading = record("cat > /dev/null", { input, onInputUnread });
    expect(await runProcess(reading.request)).toMatchObject({ exitCode: 0 });
    expect(told).toEqual(["unread"]);
  });

  test("waits for the end of its input hears it before it hears TERM", async () => {
    const line = "trap 'echo term; exit 1' TERM; echo ready; while :; do sleep 0.05; done";
    const recorded = record(line, { ladder: { closeMs: 50, termMs: 5_000 } });
    expect(await stopWhenReady(recorded, "stop")).toMatchObject({ exitCode: 1, ended: "aborted" });
    expect(recorded.text()).toMatch(/^ready\n(?:Terminated\n)?term\n$/); // some shells report their child
  });

  test("stopped itself still gets the chance to tidy up", async () => {
    const recorded = record("trap 'echo tidied; exit 7' TERM; echo ready; kill -STOP $$; while :; do sleep 0.05; done");
    const running = runProcess(recorded.request);
    await recorded.said("ready");
    const [pid = 0] = recorded.pids;
    await until(() => stateOf(pid) === "T");
    recorded.stop.abort();
    expect(await running).toMatchObject({ exitCode: 7, ended: "aborted" });
    expect(recorded.text()).toBe("ready\ntidied\n");
  });

  test("dies at TERM leaves the rest of its group the time to tidy up", async () => {
    await inFolder(async (cwd) => {
      const child = "trap 'sleep 0.3; echo tidied > note; exit' TERM; echo ready; while :; do sleep 0.05; done";
      const recorded = record(`sh -c "${child}" & trap 'exit 0' TERM; wait`, { cwd });
      await stopWhenReady(recorded, "stop");
      expect(await readFile(join(cwd, "note"), "utf8")).toBe("tidied\n");
    });
  });

  test("is killed at once when patience ends during the grace period", async () => {
    const recorded = record("trap 'echo asked' TERM; echo ready; while :; do sleep 0.05; done");
    const running = runProcess(recorded.request);
    await recorded.said("ready");
    recorded.stop.abort();
    await recorded.said("asked");
    recorded.kill.abort();
    expect(await running).toMatchObject({ signal: "SIGKILL", ended: "aborted" });
  });

  test("ends by itself before TERM is due is not waited for any longer", async () => {
    const recorded = record("echo ready; sleep 0.05; exit 6", { ladder: { closeMs: 60_000, termMs: 60_000 } });
    expect(await stopWhenReady(recorded, "stop")).toMatchObject({ exitCode: 6, ended: "aborted" });
  });

  test("cannot be ended in time is named, and does not hold us", async () => {
    const line = "for i in 1 2 3; do setsid sleep 1000 & done; sleep 0.1; echo ready; wait";
    const recorded = record(line, { ladder: { termMs: 0, killMs: -1 } });
    const running = runProcess(recorded.request).catch((error: unknown) => error);
    await recorded.said("ready");
    recorded.stop.abort();
    recorded.kill.abort();
    expect(await running).toMatchObject({
      code: "PROCESS_NOT_ENDED",
      message: expect.stringMatching(/^processes could not be ended: \d+/),
      details: { pids: expect.arrayContaining([expect.any(Number)]), retry: "never" },
    });
    await until(() => runningWith(recorded.request.marker).length === 0);
  });
});
