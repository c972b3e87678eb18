import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { endProcesses, leftovers, projectProcesses } from "./project-processes.js";

test("processes of a run are found by the turn and the folder in their environment, and none when they are ended", async () => {
  const folder = `/nowhere/${process.pid}`;
  const env = { PATH: process.env.PATH, TROUPE_TURN: "run/1/A.1", TROUPE_ARTIFACTS: `${folder}/project` };
  const child = spawn("sleep", ["600"], { env, stdio: "ignore" });
  await once(child, "spawn");
  await expect.poll(() => projectProcesses(folder)).toEqual([child.pid]);
  expect(projectProcesses("/nowhere/else")).toEqual([]);
  endProcesses([...projectProcesses(folder), 2 ** 22]); // the last one never was: no error
  expect(await leftovers(folder)).toEqual([]);
});
