import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Consumer } from "../consumer.js";
import { install } from "../install.js";
import { ROOT } from "../repository.js";
import { runProgram, runToSuccess } from "../run-program.js";

/** (e) The command line with nothing of ours but the command line itself. */
export const thirdParty: Consumer = {
  name: "third-party",
  title: "the command line with somebody else's store, executor, reporter and agent",
  project: "project",
  packages: ["@troupe/cli", "../plugins/small-store", "../plugins/patient-executor"],
  own: ["patient-executor", "small-store"],
  sources: ["patient-executor", "diary-reporter", "echo-agent"].map((name) => `plugins/${name}/index.ts`),
  async prepare(folder, source) {
    // the store is the one that the README of the conformance kit goes through
    const readme = await readFile(join(ROOT, "packages/conformance/README.md"), "utf8");
    const [, store] = /```js\n(.*?openSmallStore.*?)```/s.exec(readme) ?? [];
    if (store === undefined) throw new Error("there is no small store in the README of packages/conformance");
    await writeFile(join(folder, "plugins/small-store/small-store.js"), store);
    // the agent is the one of the page about TypeScript
    const page = await readFile(join(ROOT, "docs/plugins-in-typescript.md"), "utf8");
    const [, agent] = /```ts\n(.*?)```/s.exec(page) ?? [];
    if (agent === undefined) throw new Error("there is no agent in docs/plugins-in-typescript.md");
    await mkdir(join(folder, "plugins/echo-agent"));
    await writeFile(join(folder, "plugins/echo-agent/index.ts"), agent);
    await install("npm", join(folder, "plugins"), ["@troupe/core", "zod"], source);
  },
  async prove(project, { program }) {
    const command = join(project, "node_modules/@troupe/cli/dist/bin.cjs");
    const troupe = (...args: readonly string[]): Promise<string> =>
      runToSuccess(program, [command, ...args], { cwd: project });
    await troupe("run", "objective.md");
    const { status } = JSON.parse(await troupe("status", "--json"));
    const diary = (await readFile(join(project, "diary.txt"), "utf8")).trim().split("\n");
    assert.equal(status, "succeeded");
    assert.match(diary[0] ?? "", /^\d+ run\.c/);
    assert.match(diary.at(-1) ?? "", /run\.finished$/);
    assert.equal(existsSync(join(project, ".troupe/small.db")), true);
    assert.match(await troupe("logs"), /FIRST read: /);
    const file = join(project, "troupe.yaml");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace("verb: read", "verb: saw"));
    const env = { NODE_NO_WARNINGS: "1" }; // Node 22 says that SQLite is new
    const refused = await runProgram(program, [command, "run", "objective.md", "--new"], { cwd: project, env });
    await writeFile(file, text);
    assert.deepEqual([refused.code, refused.stderr], [6, await promisedError()]);
    return [
      "run, status and logs: the run lies in small.db, the diary has every entry, the agent was heard; its options are checked",
    ];
  },
};

/** What the page says that a wrong option is answered with, for the path and the line of this project. */
async function promisedError(): Promise<string> {
  const page = await readFile(join(ROOT, "docs/plugins-in-typescript.md"), "utf8");
  const [, shown = ""] = /```\n(error: .*?)```/s.exec(page) ?? [];
  return shown.replaceAll("./index.js", "../plugins/echo-agent/index.js").replace("yaml:2:13:", "yaml:6:13:");
}
