import assert from "node:assert/strict";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import type { Consumer } from "../consumer.js";
import { killWhen } from "../kill-when.js";
import { runToSuccess } from "../run-program.js";

/** Who does the work, and what decides in the end: what `init` cannot find in an empty folder. */
const OWN = ["--agent", "all=command:node answer.mjs", "--check", "node --version"];

const STAGES = [
  ...["SETUP", "BUSINESS_PROBLEM", "SPEC", "SPEC_REVIEW", "RESEARCH", "TEST_STRATEGY", "PLAN", "PLAN_REVIEW"],
  ...["IMPLEMENTATION", "IMPLEMENTATION_REVIEW", "TEST", "ACCEPTANCE_TEST", "POST_REVIEW"],
];

/** (d) The command with all its defaults, from `init` on, as a new user types it; killed while a group runs. */
export const commandLine: Consumer = {
  name: "command-line",
  title: "the command line with its defaults",
  project: ".",
  packages: ["@troupe/cli"],
  sources: [],
  async prove(project, { program }) {
    const command = join(project, "node_modules/@troupe/cli/dist/bin.cjs");
    const env = { PATH: [dirname(program), process.env.PATH].join(delimiter) };
    // by the name that the package manager has put there, on the Node that is meant
    const troupe = (...args: readonly string[]): Promise<string> =>
      runToSuccess(join(project, "node_modules/.bin/troupe"), args, { cwd: project, env });
    const turns = async (): Promise<string> => await readFile(join(project, "turns.log"), "utf8").catch(() => "");
    await troupe("init", "--yes");
    const laidOut = (await readdir(project)).filter((name) =>
      /^(troupe|stages|objective|\.gitignore|\.troupe)/.test(name),
    );
    assert.deepEqual(laidOut.sort(), [".gitignore", ".troupe", "objective.md", "stages.yaml", "troupe.yaml"]);
    assert.match(await troupe("validate", "objective.md"), /^Valid: /);
    await writeFile(join(project, "busy"), "");
    await killWhen(program, [command, "run", "objective.md", ...OWN], project, async (printed) => {
      return printed.includes("(RESEARCH) completed") && (await turns()).includes("TEST_STRATEGY\n");
    });
    await rm(join(project, "busy"));
    await troupe("resume");
    const { status, stages } = JSON.parse(await troupe("status", "--json"));
    assert.equal(status, "succeeded");
    assert.equal(stages.length, STAGES.length + 1); // and COMPLETE, where nobody works
    assert.deepEqual((await turns()).trim().split("\n").sort(), [...STAGES, "TEST_STRATEGY"].sort());
    return [
      "init --yes, validate, run of its workflow with a command as agent, kill in its group, resume, status: only the unfinished member ran again",
    ];
  },
};
