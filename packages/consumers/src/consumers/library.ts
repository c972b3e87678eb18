import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Consumer } from "../consumer.js";
import { killWhen } from "../kill-when.js";
import { runToSuccess } from "../run-program.js";

/** (a) The engine in a program of one's own, killed in the middle of a group. */
export const library: Consumer = {
  name: "library",
  title: "core, store-fs, executor-parallel and a turn runner of one's own",
  project: ".",
  packages: ["@troupe/core", "@troupe/store-fs", "@troupe/executor-parallel"],
  sources: ["translate.ts"],
  async prove(project, { program }) {
    const turns = async (): Promise<readonly string[]> =>
      (await readFile(join(project, "turns.log"), "utf8").catch(() => "")).split("\n").filter(Boolean);
    // one member of the group is done, the other waits for its letter
    await killWhen(program, ["translate.js", "book-1"], project, async (stdout) => {
      return stdout.includes("done: GERMAN\n") && (await turns()).includes("FRENCH.1");
    });
    await writeFile(join(project, "french.txt"), "trois mots\n");
    const stdout = await runToSuccess(program, ["translate.js", "book-1"], { cwd: project });
    const text = "FRENCH: trois mots, GERMAN: drei Wörter";
    assert.equal(stdout, `done: FRENCH\ndone: BOOK\nsucceeded ${text}\n`);
    assert.deepEqual([...(await turns())].sort(), [
      "BOOK.1",
      "FRENCH.1",
      "FRENCH.2 after crashed",
      "GERMAN.1",
      "OUTLINE.1",
    ]);
    return ["killed in the middle of the group; resumed: only FRENCH ran again, then BOOK"];
  },
};
