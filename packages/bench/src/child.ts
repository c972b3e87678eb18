import "./child-task.js"; // first: it sets flags for whatever is loaded

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineRun, packEvents, type StateStore, type TurnRunner, unpackEvents } from "@troupe/core";
import { timeBareLoop } from "./bare-loop.js";
import { task } from "./child-task.js";
import { engineOf, idleRunner, OBJECTIVE, prepareRun, RUN_ID, talkingRunner, timeRun } from "./engine-run.js";
import type { ChildReport, ChildTask } from "./in-child.js";
import { openStore, type StoreName } from "./stores.js";
import { chains, group } from "./workflows.js";

const measured = await perform(task);
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
const report: ChildReport = {
  ...measured,
  peakBytes: maxRSS * 1024,
  cpuMs: (userCPUTime + systemCPUTime) / 1000,
};
process.stdout.write(JSON.stringify(report));

async function perform(todo: ChildTask): Promise<Pick<ChildReport, "ms" | "appends">> {
  switch (todo.do) {
    case "queue":
      return { ms: await timeQueue(todo.jobs, todo.concurrency), appends: 0 };
    case "load":
      return { ms: await timeLoading(todo.store, todo.folder), appends: 0 };
    case "bare-loop":
      return { ms: await timeBareLoop(todo.folder, todo.jobs, todo.concurrency), appends: 0 };
    case "run":
      return await timeNewRun(todo);
    case "resume":
      return { ms: await timeFirstTurn(todo), appends: 0 };
    case "define":
      return { ms: timeDefinition(todo), appends: 0 };
    case "parse":
      return { ms: timeParsing(todo.folder), appends: 0 };
    default:
      throw new Error(`unknown task ${JSON.stringify(todo satisfies never)}`);
  }
}

/** The rest has been loaded by now. */
async function timeLoading(store: StoreName, folder: string): Promise<number> {
  const begin = performance.now();
  await openStore(store, folder);
  return performance.now() - begin;
}

async function timeQueue(jobs: number, concurrency: number): Promise<number> {
  const { default: PQueue } = await import("p-queue");
  const begin = performance.now();
  const queue = new PQueue({ concurrency });
  await queue.addAll(Array.from({ length: jobs }, () => () => Promise.resolve()));
  return performance.now() - begin;
}

async function timeNewRun(todo: Extract<ChildTask, { do: "run" }>): Promise<{ ms: number; appends: number }> {
  const { stages, lanes, concurrency, outputBytes, stopAfter } = todo;
  const { store, appends } = counting(await openStore(todo.store, todo.folder));
  const runner = outputBytes === 0 ? idleRunner : talkingRunner(store, "x".repeat(outputBytes));
  const stop = stopAfter === null ? null : new AbortController();
  const engine = await prepareRun({
    store,
    workflow: lanes === null ? group(stages) : chains(stages, lanes),
    concurrency,
    runner: stop === null ? runner : stoppingRunner(runner, stop, stopAfter ?? 0),
  });
  const ms = await timeRun(engine, stop?.signal);
  await store.close();
  return { ms, appends: appends() };
}

/** Stops the run after so many turns; a turn begun then waits until it is ended. */
function stoppingRunner(runner: TurnRunner, stop: AbortController, after: number): TurnRunner {
  let begun = 0;
  return {
    run: async (task, context) => {
      begun += 1;
      if (begun <= after) return await runner.run(task, context);
      stop.abort("bench");
      if (!context.signal.aborted) {
        await new Promise((resolve) => context.signal.addEventListener("abort", resolve, { once: true }));
      }
      return { status: "interrupted", reason: "stopped", log: null, usage: null, session: null };
    },
  };
}

/** Milliseconds until the first turn runs; throws when a stage that was finished runs again. */
async function timeFirstTurn(todo: Extract<ChildTask, { do: "resume" }>): Promise<number> {
  const store = await openStore(todo.store, todo.folder);
  const stop = new AbortController();
  let first: number | null = null;
  const again: string[] = [];
  const runner: TurnRunner = {
    run: async (turn) => {
      first ??= performance.now();
      if (Number(turn.stage.id.slice(1)) < todo.after) again.push(turn.stage.id);
      stop.abort("bench");
      return { status: "interrupted", reason: "stopped", log: null, usage: null, session: null };
    },
  };
  const begin = performance.now();
  await timeRun(engineOf({ store, concurrency: 1, runner }), stop.signal);
  await store.close();
  if (again.length > 0) throw new Error(`finished stages were run again: ${again.join(", ")}`);
  if (first === null) throw new Error("no turn was started");
  return first - begin;
}

/** Milliseconds; what is read back is held to the end, as a run holds it. */
function timeDefinition({ folder, stages, lanes }: Extract<ChildTask, { do: "define" }>): number {
  const begin = performance.now();
  const path = join(folder, "definition.json");
  const definition = defineRun({ workflow: chains(stages, lanes), objective: OBJECTIVE });
  const events = [{ type: "run.created", runId: RUN_ID, definition } as const];
  writeFileSync(path, JSON.stringify(packEvents(events)));
  const read = unpackEvents(JSON.parse(readFileSync(path, "utf8")));
  const took = performance.now() - begin;
  if (read.length !== events.length) throw new Error("the definition does not read back");
  return took;
}

function timeParsing(folder: string): number {
  const begin = performance.now();
  const bytes = readFileSync(join(folder, "runs", RUN_ID, "journal.jsonl"));
  let lines = 0;
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf("\n", start);
    const end = newline === -1 ? bytes.length : newline;
    if (end > start) {
      JSON.parse(bytes.toString("utf8", start, end));
      lines += 1;
    }
    start = end + 1;
  }
  const took = performance.now() - begin;
  if (lines === 0) throw new Error("the journal has no line");
  return took;
}

function counting(store: StateStore): { readonly store: StateStore; readonly appends: () => number } {
  let count = 0;
  const append: StateStore["append"] = async (...args) => {
    const entry = await store.append(...args);
    count += 1;
    return entry;
  };
  return { store: { ...store, append }, appends: () => count };
}
