import assert from "node:assert/strict";
import type { Consumer } from "../consumer.js";
import { runProgram } from "../run-program.js";

/** (c) The reading of files without anything that runs them. */
export const linter: Consumer = {
  name: "linter",
  title: "config alone, as a linter for workflow files",
  project: ".",
  packages: ["@troupe/config"],
  sources: ["lint.ts"],
  async prove(project, { program }) {
    const good = await runProgram(program, ["lint.js", "good.yaml"], { cwd: project });
    assert.deepEqual(good, { code: 0, stdout: "fine\n", stderr: "" });
    const { code, stdout } = await runProgram(program, ["lint.js", "bad.yaml"], { cwd: project });
    assert.match(stdout, /bad\.yaml:3:\d+.*timout.*timeout/s);
    assert.match(stdout, /bad\.yaml:5:\d+.*TESST.*"TEST"/s);
    assert.deepEqual([code, stdout.trim().split("\n").at(-1)], [1, "2 mistakes"]);
    return ["finds both mistakes, with line, column and what was meant"];
  },
};
