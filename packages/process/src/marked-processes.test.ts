import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { environment, freshMarker, isRunning, record, runningWith } from "../test/real-processes.js";
import { endMarkedProcesses } from "./marked-processes.js";
import { runProcess } from "./run-process.js";

describe.runIf(existsSync("/proc/self/environ"))("ending marked processes", () => {
  test("ends all that carry the marker, and nothing that carries another", async () => {
    const one = record("setsid sleep 1000 & setsid sh -c 'trap \"\" TERM; echo ready; sleep 1000' & wait");
    const other = record("echo ready; sleep 1000", { ladder: { termMs: 0 } });
    const running = [runProcess(one.request), runProcess(other.request)];
    await Promise.all([one.said("ready"), other.said("ready")]);
    const meant = runningWith(one.request.marker);
    expect(meant.length).toBeGreaterThanOrEqual(3);
    const ended = await endMarkedProcesses({ marker: one.request.marker });
    expect(ended).toEqual(expect.arrayContaining([...meant]));
    expect(runningWith(one.request.marker)).toEqual([]);
    expect(other.pids.map(isRunning)).toEqual([true]);
    other.stop.abort();
    expect(await Promise.all(running)).toMatchObject([{ ended: "exited" }, { ended: "aborted" }]);
  });

  test("takes a predicate, such as all epochs of a turn", async () => {
    const prefix = freshMarker();
    const sleeping = ["1", "2"].map((epoch) => record("echo ready; sleep 1000", { marker: `${prefix}/${epoch}` }));
    const running = sleeping.map(({ request }) => runProcess(request));
    await Promise.all(sleeping.map(({ said }) => said("ready")));
    const ended = await endMarkedProcesses({ marker: (value) => value.startsWith(`${prefix}/`) });
    expect(ended).toEqual(expect.arrayContaining(sleeping.flatMap(({ pids }) => pids)));
    await Promise.all(running);
  });

  test("finds nothing where nothing is marked", async () => {
    expect(await endMarkedProcesses({ marker: freshMarker() })).toEqual([]);
  });

  test("spares itself and its ancestors, and ends a marked sibling", async () => {
    const marker = freshMarker();
    // the shell carries the marker, so do the two programs it starts; one of them cleans up
    const program = `
      import { endMarkedProcesses } from "@troupe/process";
      const ended = await endMarkedProcesses({ marker: process.env.TROUPE_TURN });
      console.log("sibling ended:", ended.includes(Number(process.env.SIBLING)));
    `;
    const line = 'sleep 1000 & SIBLING=$! "$NODE" $FLAGS --eval "$PROGRAM"; echo parent lives';
    const { stdout } = await promisify(execFile)("sh", ["-c", line], {
      cwd: fileURLToPath(new URL("..", import.meta.url)),
      env: {
        ...environment,
        TROUPE_TURN: marker,
        NODE: process.execPath,
        FLAGS: "--conditions=@troupe/source --import tsx --input-type=module",
        PROGRAM: program,
      },
    });
    expect(stdout).toBe("sibling ended: true\nparent lives\n");
  });
});
