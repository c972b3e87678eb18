import { setTimeout as delay } from "node:timers/promises";
import {
  loadRun,
  type RunStateView,
  type StageView,
  type StateStore,
  sanitizeText,
  TroupeError,
  turnId,
} from "@troupe/core";
import { type CommandContext, withStore } from "../command-context.js";
import { findRun } from "../find-run.js";

export interface LogsOptions {
  readonly follow?: boolean;
  readonly failed?: boolean;
}

/** How often a followed log is read again, in milliseconds. */
const FOLLOW_MS = 500;

/** Prints what the turns of a run, or of one stage, wrote; raw output is made safe for the terminal. */
export async function logsCommand(
  context: CommandContext,
  run: string | undefined,
  stage: string | undefined,
  options: LogsOptions,
): Promise<number> {
  return await withStore(context, async (store) => {
    const runId = await findRun(store, run, context.note);
    const shown = new Map<string, number>();
    for (;;) {
      const { state } = await loadRun(store, runId);
      for (const turn of turnsOf(state, stage, options)) await printLog(context, store, runId, turn, shown);
      if (options.follow !== true || state.status !== "running") return 0;
      await delay(FOLLOW_MS);
    }
  });
}

function turnsOf(state: RunStateView, stage: string | undefined, { failed }: LogsOptions): readonly string[] {
  const stages = stage === undefined ? [...state.stages.values()] : [known(state, stage)];
  return stages
    .filter(({ status }) => failed !== true || status === "failed")
    .flatMap(({ definition, turns }) => Array.from({ length: turns }, (_, n) => turnId(definition.id, n + 1)));
}

function known(state: RunStateView, stage: string): StageView {
  const view = state.stages.get(stage);
  if (view !== undefined) return view;
  throw new TroupeError("STAGE_UNKNOWN", `run ${state.runId} has no stage "${stage}"`, {
    hint: `Its stages are ${[...state.stages.keys()].join(", ")}.`,
  });
}

async function printLog(
  { print, note }: CommandContext,
  store: StateStore,
  runId: string,
  turn: string,
  shown: Map<string, number>,
): Promise<void> {
  const decoder = new TextDecoder();
  let offset = shown.get(turn) ?? 0;
  for await (const chunk of store.logs.read(runId, turn, offset)) {
    if (offset === 0) note(`--- ${turn}\n`);
    offset += chunk.length;
    print(sanitizeText(decoder.decode(chunk, { stream: true })));
  }
  print(sanitizeText(decoder.decode()));
  shown.set(turn, offset);
}
