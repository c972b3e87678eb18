// A program of one's own: core, the file store, the parallel executor, a reporter and a turn runner.
// usage: node translate.js RUN. The same command goes on with a run that was killed.
import { appendFile, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import {
  createRun,
  defineRun,
  defineWorkflow,
  type Engine,
  executeRun,
  hasCode,
  type ProgressReporter,
  randomHex,
  silentLogger,
  systemClock,
  type TurnRunner,
  writeText,
} from "@troupe/core";
import { ParallelStageExecutor } from "@troupe/executor-parallel";
import { createFsStore } from "@troupe/store-fs";

const runId = process.argv[2] ?? "book-1";
const workflow = defineWorkflow({
  name: "translate",
  stages: [
    { id: "OUTLINE", workAgent: "author" },
    { id: "GERMAN", workAgent: "first-translator", needs: ["OUTLINE"] },
    { id: "FRENCH", workAgent: "second-translator", needs: ["OUTLINE"] },
    { id: "BOOK", workAgent: "printer", needs: ["GERMAN", "FRENCH"] },
  ],
  groups: [{ name: "translations", stages: ["GERMAN", "FRENCH"] }], // at the same time
});

/** The translator sends a letter some day. */
async function letter(path: string, signal: AbortSignal): Promise<string> {
  for (;;) {
    const text = await readFile(path, "utf8").catch(() => null);
    if (text !== null) return text.trim();
    await wait(20, undefined, { signal });
  }
}

const store = createFsStore({ folder: resolve(".troupe") });
const runner: TurnRunner = {
  async run({ runId: run, turn, stage, inputs, before }, { signal }) {
    await appendFile("turns.log", `${turn}${before === null ? "" : ` after ${before}`}\n`);
    const read = inputs.map(({ stage: from, text }) => `${from}: ${text}`).sort();
    const work: Readonly<Record<string, () => string | Promise<string>>> = {
      OUTLINE: () => "three words",
      GERMAN: () => "drei Wörter",
      FRENCH: () => letter("french.txt", signal),
      BOOK: () => read.join(", "),
    };
    const output = await writeText(store.blobs, run, (await work[stage.id]?.()) ?? "");
    return { status: "succeeded", output, artifacts: [], log: null, usage: null, session: null };
  },
};
const printer: ProgressReporter = {
  report(event) {
    if (event.type !== "entry") return; // what is reported is on the disk
    for (const one of event.entry.events) if (one.type === "stage.completed") console.log(`done: ${one.stage}`);
  },
};
const executor = new ParallelStageExecutor({ runner, concurrency: 4 });
const engine: Engine = {
  store,
  executor,
  reporters: [printer],
  clock: systemClock,
  randomHex,
  logger: silentLogger,
};
const text = await writeText(store.blobs, runId, "Translate the book");
const objective = { title: "Translate the book", path: null, text };
try {
  await createRun(engine, runId, defineRun({ workflow, objective }));
} catch (error) {
  if (!hasCode(error, "RUN_EXISTS")) throw error; // it was begun before
}
const workspace = { kind: "folder", path: process.cwd() } as const;
const { outcome, state } = await executeRun(engine, { runId, workspace, command: `translate ${runId}` });
console.log(outcome, state.stages.get("BOOK")?.output?.text);
await executor.close();
await store.close();
