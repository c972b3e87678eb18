import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Consumer } from "../consumer.js";
import { killWhen } from "../kill-when.js";
import { runToSuccess } from "../run-program.js";

/** (d) The command with all its defaults, killed while a group runs. */
export const commandLine: Consumer = {
  name: "command-line",
  title: "the command line with its defaults",
  project: ".",
  packages: ["@troupe/cli"],
  onlyThese: null,
  sources: [],
  async prove(project, { program }) {
    const command = join(project, "node_modules/@troupe/cli/dist/bin.js");
    const troupe = (...args: readonly string[]): Promise<string> =>
      runToSuccess(program, [command, ...args], { cwd: project });
    const turns = async (): Promise<string> => await readFile(join(project, "turns.log"), "utf8").catch(() => "");
    assert.match(await troupe("validate"), /fine|no mistakes|ok|valid/i);
    await writeFile(join(project, "busy"), "");
    await killWhen(program, [command, "run", "objective.md"], project, async (printed) => {
      return printed.includes("READ_CODE completed") && (await turns()).includes("REVIEW_NOTES\n");
    });
    await rm(join(project, "busy"));
    await troupe("resume");
    const { status, stages } = JSON.parse(await troupe("status", "--json"));
    assert.equal(status, "succeeded");
    assert.equal(stages.length, 4);
    assert.deepEqual((await turns()).trim().split("\n").sort(), [
      "PLAN",
      "READ_CODE",
      "REVIEW_NOTES",
      "REVIEW_NOTES",
      "SPEC",
    ]);
    return ["validate, run with a command as agent, kill, resume, status: only the unfinished member ran again"];
  },
};
