import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { CANARIES, CANARY_ENVIRONMENT, CANARY_PROJECT, leaksBelow, leaksIn } from "../test/canaries.js";
import { BIN, createProject } from "./harness.js";

test("the built command line shows and keeps none of 20 secrets, also over a resume", async () => {
  const project = await createProject(CANARY_PROJECT);
  const { PATH, HOME } = process.env;
  const run = (...args: readonly string[]): string => {
    const env = { PATH, HOME, ...CANARY_ENVIRONMENT };
    const { stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
      cwd: project.folder,
      env,
      encoding: "utf8",
    });
    return stdout + stderr;
  };
  const commands = [["run", "objective.md"], ["resume", "--json"], ["status", "--json"], ["status"], ["logs"]];
  const shown = commands.map((args) => run(...args));
  expect(leaksIn(shown.join("\n"))).toEqual([]);
  expect(leaksBelow(`${project.folder}/.troupe`)).toEqual([]);
  for (const name of Object.keys(CANARIES)) expect(shown[4]).toContain(`[secret ${name}]`);
}, 60_000);
