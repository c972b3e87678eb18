import {
  loadRun,
  planResume,
  type ResumeChoices,
  type ResumePlan,
  type RunState,
  type StateStore,
  TroupeError,
} from "@troupe/core";
import type { CommandContext } from "../command-context.js";
import { quoteWord } from "../print/quote-word.js";
import { type EditedRun, type GivenAgain, readEditedFiles, recordedWith } from "./edited-files.js";
import { type LimitFlags, limitFlagsTyped, readLimitFlags } from "./limit-flags.js";
import type { TypedFlags } from "./plan-report.js";
import { readAgentFlags, readPairs } from "./prepare-run.js";

/** The flags of a resume that decide what it does. */
export interface PlanOptions extends LimitFlags {
  readonly from?: string;
  readonly rerunChanged?: boolean;
  readonly keepCompleted?: boolean;
  readonly recorded?: boolean;
  readonly shareTree?: boolean;
  readonly input?: readonly string[];
  readonly skip?: readonly string[];
  readonly check?: readonly string[];
  readonly agent?: readonly string[];
  readonly ignoreMissingTemplates?: boolean;
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
  const given = readGiven(context, options, limits);
  // what has succeeded or is to be cancelled goes on with nothing, so its files say nothing
  const isOver = state.status === "succeeded" || state.cancelRequested;
  const read =
    options.recorded === true || isOver
      ? { definition: recordedWith(context, state.definition, given), texts: [] }
      : await readEditedFiles(context, runId, state.definition, given);
  const edited = options.shareTree === true ? sharingTree(read) : read;
  const plan = planResume(state, edited.definition, choices);
  return { state, edited, choices, plan, typed: typedFlags(options) };
}

function readGiven({ cwd }: CommandContext, options: PlanOptions, limits: GivenAgain["limits"]): GivenAgain {
  const { input = [], skip = [], check = [], agent = [] } = options;
  return {
    limits,
    inputs: readPairs("--input", input),
    skip: skip.length === 0 ? null : skip,
    checks: check.length === 0 ? null : check,
    agents: readAgentFlags(agent, cwd),
    ignoreMissingTemplates: options.ignoreMissingTemplates === true,
  };
}

/** As it would be had it been started with the flag. */
function sharingTree({ definition, texts }: EditedRun): EditedRun {
  return { definition: { ...definition, flags: { ...definition.flags, shareTree: true } }, texts };
}

function readChoices(options: PlanOptions): ResumeChoices {
  const { from, rerunChanged, keepCompleted, recorded } = options;
  if (rerunChanged === true && keepCompleted === true) {
    throw new TroupeError("USAGE", "--rerun-changed and --keep-completed contradict each other", {
      hint: "Leave out one of them.",
    });
  }
  if (recorded === true) refuseBesideRecorded(options);
  const changed = rerunChanged === true ? "rerun" : keepCompleted === true ? "keep" : "ask";
  return from === undefined ? { changed } : { changed, from };
}

/** What would change the workflow or its stages contradicts it; limits and who does the work do not. */
function refuseBesideRecorded({ rerunChanged, input = [], skip = [], check = [], ...options }: PlanOptions): void {
  const beside = [
    ...(rerunChanged === true ? ["--rerun-changed"] : []),
    ...(input.length > 0 ? ["--input"] : []),
    ...(skip.length > 0 ? ["--skip"] : []),
    ...(check.length > 0 ? ["--check"] : []),
    ...(options.ignoreMissingTemplates === true ? ["--ignore-missing-templates"] : []),
  ];
  if (beside.length === 0) return;
  throw new TroupeError(
    "USAGE",
    `--recorded leaves everything as it was started, so ${beside.join(", ")} cannot count`,
    {
      hint: `Leave out ${beside.join(" ")} or --recorded.`,
    },
  );
}

function typedFlags(options: PlanOptions): TypedFlags {
  const { from, rerunChanged, keepCompleted, recorded, input = [], skip = [], check = [], agent = [] } = options;
  const repeated = (flag: string, values: readonly string[]) => values.flatMap((value) => [flag, quoteWord(value)]);
  return [
    ...(from === undefined ? [] : ["--from", quoteWord(from)]),
    ...(rerunChanged === true ? ["--rerun-changed"] : []),
    ...(keepCompleted === true ? ["--keep-completed"] : []),
    ...(recorded === true ? ["--recorded"] : []),
    ...(options.shareTree === true ? ["--share-tree"] : []),
    ...limitFlagsTyped(options),
    ...repeated("--input", input),
    ...repeated("--skip", skip),
    ...repeated("--check", check),
    ...repeated("--agent", agent),
    ...(options.ignoreMissingTemplates === true ? ["--ignore-missing-templates"] : []),
  ];
}
