import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Consumer } from "../consumer.js";
import { runToSuccess } from "../run-program.js";

/** (b) Another store in the same place. */
export const librarySqlite: Consumer = {
  name: "library-sqlite",
  title: "core and store-sqlite",
  project: ".",
  packages: ["@troupe/core", "@troupe/store-sqlite"],
  sources: ["remember.ts"],
  async prove(project, { program }) {
    await runToSuccess(program, ["remember.js", "first"], { cwd: project });
    await runToSuccess(program, ["remember.js", "second"], { cwd: project });
    const listed = (await runToSuccess(program, ["remember.js"], { cwd: project })).trim().split("\n");
    assert.deepEqual([...listed].sort(), ["first succeeded - CHECK of first", "second succeeded - CHECK of second"]);
    assert.equal(existsSync(join(project, ".troupe/troupe.db")), true);
    return ["two runs by two processes, listed by a third"];
  },
};
