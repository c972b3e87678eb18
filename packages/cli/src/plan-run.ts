import {
  loadRun,
  planResume,
  type ResumeChoices,
  type ResumePlan,
  type RunState,
  type StateStore,
  TroupeError,
} from "@troupe/core";
import type { CommandContext } from "./command-context.js";
import { type EditedRun, readEditedFiles } from "./edited-files.js";
import { type LimitFlags, limitFlagsTyped, readLimitFlags, withLimits } from "./limit-flags.js";
import type { TypedFlags } from "./plan-report.js";
import { readPairs } from "./prepare-run.js";

/** The flags of a resume that decide what it does. */
export interface PlanOptions extends LimitFlags {
  readonly from?: string;
  readonly rerunChanged?: boolean;
  readonly keepCompleted?: boolean;
  readonly recorded?: boolean;
  readonly shareTree?: boolean;
  readonly input?: readonly string[];
}

/** What a resume would do, and with what. */
export interface PlannedRun {
  readonly state: RunState;
  readonly edited: EditedRun;
  readonly choices: ResumeChoices;
  readonly plan: ResumePlan;
  readonly typed: TypedFlags;
}

/**
 * The plan of a resume with these flags, from the run as it stands and the files as they are. `resume --plan`, `why` and
 * the resume itself have it from here. Takes and writes nothing. Rejects `USAGE`, `STAGE_UNKNOWN`, and mistakes of files.
 */
export async function planRun(
  context: CommandContext,
  store: StateStore,
  runId: string,
  options: PlanOptions,
): Promise<PlannedRun> {
  const choices = readChoices(options);
  const limits = readLimitFlags(options);
  const { state } = await loadRun(store, runId);
  const given = { limits, inputs: readPairs("--input", options.input ?? []) };
  // what has succeeded or is to be cancelled goes on with nothing, so its files say nothing
  const isOver = state.status === "succeeded" || state.cancelRequested;
  const read =
    options.recorded === true || isOver
      ? { definition: withLimits(state.definition, limits) ?? state.definition, texts: [] }
      : await readEditedFiles(context, runId, state.definition, given);
  const edited = options.shareTree === true ? sharingTree(read) : read;
  const plan = planResume(state, edited.definition, choices);
  return { state, edited, choices, plan, typed: typedFlags(options) };
}

/** As it would be had it been started with the flag. */
function sharingTree({ definition, texts }: EditedRun): EditedRun {
  return { definition: { ...definition, flags: { ...definition.flags, shareTree: true } }, texts };
}

function readChoices({ from, rerunChanged, keepCompleted, recorded, input }: PlanOptions): ResumeChoices {
  if (rerunChanged === true && keepCompleted === true) {
    throw new TroupeError("USAGE", "--rerun-changed and --keep-completed contradict each other", {
      hint: "Leave out one of them.",
    });
  }
  if (recorded === true && input !== undefined && input.length > 0) {
    throw new TroupeError("USAGE", "--recorded leaves everything as it was started, the inputs too", {
      hint: "Leave out --input or --recorded.",
    });
  }
  const changed = rerunChanged === true ? "rerun" : keepCompleted === true ? "keep" : "ask";
  return from === undefined ? { changed } : { changed, from };
}

function typedFlags(options: PlanOptions): TypedFlags {
  const { from, rerunChanged, keepCompleted, recorded, input = [] } = options;
  return [
    ...(from === undefined ? [] : ["--from", from]),
    ...(rerunChanged === true ? ["--rerun-changed"] : []),
    ...(keepCompleted === true ? ["--keep-completed"] : []),
    ...(recorded === true ? ["--recorded"] : []),
    ...(options.shareTree === true ? ["--share-tree"] : []),
    ...limitFlagsTyped(options),
    ...input.flatMap((pair) => ["--input", `'${pair.replaceAll("'", "'\\''")}'`]),
  ];
}
