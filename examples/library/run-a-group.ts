// A program of one's own: core, the file store, the parallel executor, and a turn runner that does the work itself.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import * as troupe from "@troupe/core";
import { ParallelStageExecutor } from "@troupe/executor-parallel";
import { createFsStore } from "@troupe/store-fs";

const [, , file = "text.txt", runId = "count-1"] = process.argv;
const workflow = troupe.defineWorkflow({
  name: "count",
  stages: [
    { id: "LINES", workAgent: "line-counter" },
    { id: "WORDS", workAgent: "word-counter" },
    { id: "REPORT", workAgent: "reporter", needs: ["LINES", "WORDS"] },
  ],
  groups: [{ name: "counting", stages: ["LINES", "WORDS"] }], // at the same time
});
const store = createFsStore({ folder: resolve(".troupe") });
const runner: troupe.TurnRunner = {
  async run({ runId, stage, inputs }) {
    const count = async (of: RegExp) => (await readFile(file, "utf8")).match(of)?.length ?? 0;
    let answer = inputs.map(({ text }) => text).join(", "); // what the stages before have answered
    if (stage.id === "LINES") answer = `${await count(/\n/g)} lines`;
    if (stage.id === "WORDS") answer = `${await count(/\S+/g)} words`;
    const output = await troupe.writeText(store.blobs, runId, answer);
    return { status: "succeeded", output, artifacts: [], log: null, usage: null, session: null };
  },
};
const executor = new ParallelStageExecutor({ runner, concurrency: 4 });
const { systemClock: clock, randomHex, silentLogger: logger } = troupe;
const engine: troupe.Engine = { store, executor, reporters: [], clock, randomHex, logger };
const text = await troupe.writeText(store.blobs, runId, `Count ${file}`);
await troupe.createRun(engine, runId, troupe.defineRun({ workflow, objective: { title: "Count", path: null, text } }));
const workspace = { kind: "folder", path: process.cwd() } as const;
const { outcome, state } = await troupe.executeRun(engine, { runId, workspace, command: "count" }); // or goes on
console.log(outcome, state.stages.get("REPORT")?.output?.text);
await store.close();
