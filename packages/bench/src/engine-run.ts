import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import {
  createRun,
  defineRun,
  type Engine,
  type ExpectedDurations,
  executeRun,
  type ObjectiveRef,
  type ProgressReporter,
  randomHex,
  type StateStore,
  silentLogger,
  systemClock,
  type TextRef,
  type TurnRunner,
  type Workflow,
  writeText,
} from "@troupe/core";
import { ParallelStageExecutor } from "@troupe/executor-parallel";

/** The run of every measurement: each has a store of its own. */
export const RUN_ID = "bench-run";

/** What a measured run is performed with. */
export interface EngineRun {
  readonly store: StateStore;
  readonly workflow: Workflow;
  /** What earlier runs have told of how long stages take. */
  readonly expectedMs?: ExpectedDurations;
  /** Turns at once. */
  readonly concurrency: number;
  readonly runner: TurnRunner;
  readonly reporters?: readonly ProgressReporter[];
}

/** A turn that does nothing: what is left is the cost of orchestration. */
export const idleRunner: TurnRunner = {
  run: () => Promise.resolve(succeeded({ sha256: EMPTY_SHA256, bytes: 0, text: "" })),
};

const EMPTY_SHA256 = createHash("sha256").digest("hex");

/** Of every measured run. */
export const OBJECTIVE: ObjectiveRef = {
  title: "bench",
  path: null,
  text: { sha256: EMPTY_SHA256, bytes: 0, text: "" },
};

/** Turns that take as long as their stages are to take; `took` says how long each did: timers come late, above all on a busy machine. */
export function waitingRunner(durations: ExpectedDurations): TurnRunner & { readonly took: readonly number[] } {
  const took: number[] = [];
  return {
    took,
    run: async (task, context) => {
      const begin = performance.now();
      await delay(durations[task.stage.id] ?? 0);
      took.push(performance.now() - begin);
      return await idleRunner.run(task, context);
    },
  };
}

function succeeded(output: TextRef): Awaited<ReturnType<TurnRunner["run"]>> {
  return { status: "succeeded", output, artifacts: [], log: null, usage: null, session: null };
}

/** A turn whose output is `text` with its own id before it, so that no two outputs are the same. */
export function talkingRunner(store: StateStore, text: string): TurnRunner {
  return {
    run: async (task) => succeeded(await writeText(store.blobs, task.runId, `${task.turn}\n${text}`)),
  };
}

/** An engine as the command line puts one together. */
export function engineOf({
  store,
  concurrency,
  runner,
  reporters = [],
}: Omit<EngineRun, "workflow" | "expectedMs">): Engine {
  return {
    store,
    executor: new ParallelStageExecutor({ runner, concurrency }),
    reporters,
    clock: systemClock,
    randomHex,
    logger: silentLogger,
  };
}

/** The first entry of a run. */
export async function prepareRun(run: EngineRun): Promise<Engine> {
  const engine = engineOf(run);
  const expected = run.expectedMs === undefined ? {} : { expectedMs: run.expectedMs };
  await createRun(engine, RUN_ID, defineRun({ workflow: run.workflow, objective: OBJECTIVE, ...expected }));
  return engine;
}

/** Performs a prepared run to its end: the milliseconds that took. Throws when it did not succeed. */
export async function timeRun(engine: Engine, stop?: AbortSignal): Promise<number> {
  const begin = performance.now();
  const { outcome } = await executeRun(engine, {
    runId: RUN_ID,
    workspace: { kind: "folder", path: process.cwd() },
    command: "bench",
    ...(stop === undefined ? {} : { stop }),
  });
  const took = performance.now() - begin;
  if (outcome !== (stop === undefined ? "succeeded" : "interrupted")) throw new Error(`the run has ${outcome}`);
  return took;
}
