// Core with the SQLite store, and an executor that does the work itself.
// usage: node remember.js RUN performs a run; node remember.js lists all runs.
import { resolve } from "node:path";
import {
  createRun,
  defineRun,
  defineWorkflow,
  type Engine,
  executeRun,
  loadRun,
  randomHex,
  type StageExecutor,
  silentLogger,
  systemClock,
  writeText,
} from "@troupe/core";
import { createSqliteStore } from "@troupe/store-sqlite";

const store = createSqliteStore({ folder: resolve(".troupe") });
const executor: StageExecutor = {
  capacity: 1,
  async execute({ runId, stage }) {
    const output = await writeText(store.blobs, runId, `${stage.id} of ${runId}`);
    return { status: "succeeded", output, artifacts: [], log: null, usage: null, session: null };
  },
};
const engine: Engine = { store, executor, reporters: [], clock: systemClock, randomHex, logger: silentLogger };

async function perform(runId: string): Promise<void> {
  const stages = [
    { id: "DRAFT", workAgent: "scribe" },
    { id: "CHECK", workAgent: "editor", needs: ["DRAFT"] },
  ];
  const text = await writeText(store.blobs, runId, "Remember this");
  const objective = { title: "Remember this", path: null, text };
  await createRun(engine, runId, defineRun({ workflow: defineWorkflow({ name: "remember", stages }), objective }));
  const workspace = { kind: "folder", path: process.cwd() } as const;
  await executeRun(engine, { runId, workspace, command: "remember" });
}

async function show(): Promise<void> {
  for await (const run of store.list()) {
    if (run.damaged) continue;
    const { state } = await loadRun(store, run.summary.runId);
    console.log(run.summary.runId, run.summary.status, "-", state.stages.get("CHECK")?.output?.text);
  }
}

const [, , runId] = process.argv;
await (runId === undefined ? show() : perform(runId));
await store.close();
