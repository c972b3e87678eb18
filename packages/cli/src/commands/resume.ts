import {
  alreadyFinished,
  executeRun,
  type Holder,
  isReached,
  limitUses,
  limitWord,
  type RunState,
  type StateStore,
  sanitizeLine,
  stageChanged,
  TroupeError,
  writeText,
} from "@troupe/core";
import { type CommandContext, withStore } from "../command-context.js";
import { findResumable } from "../look/find-run.js";
import { isHeld } from "../look/run-report.js";
import { suggestResume } from "../look/suggest-resume.js";
import { refuseUnfitAgents } from "../plugins/agent-health.js";
import { printJson } from "../print/print-json.js";
import { showShare } from "../print/show-usage.js";
import { refuseUnusableSecrets } from "../project/secrets.js";
import { admitToTree } from "../run/busy-tree.js";
import { composeForRun } from "../run/compose-run.js";
import { performRun } from "../run/perform-run.js";
import { describeReason, describeVanished, renderPlan } from "../run/plan-report.js";
import { type PlannedRun, type PlanOptions, planRun } from "../run/plan-run.js";
import { refuseUnknownStage } from "../run/prepare-run.js";
import { stagesBeside } from "../run/stages-beside.js";

export interface ResumeOptions extends PlanOptions {
  readonly plan?: boolean;
  /** Stop when this stage is done. */
  readonly until?: string;
}

/**
 * Goes on with a run: finished stages are kept, failed and cancelled ones start anew, edited files count. Rejects
 * `STAGE_CHANGED`, with the plan, when an edit reaches what is finished and nobody has said what to do with it.
 */
export async function resumeCommand(
  context: CommandContext,
  run: string | undefined,
  options: ResumeOptions,
): Promise<number> {
  const planned = await withStore(context, async (store) => {
    const runId = run ?? (await findResumable(store, context.note));
    const planned = await planRun(context, store, runId, options);
    const holder = await store.holder(runId);
    if (options.plan === true) refuseHeld(runId, holder);
    return { ...planned, isHeld: isHeld(holder) };
  });
  const { state, edited, choices, plan } = planned;
  const { runId } = state;
  if (state.status === "succeeded") throw alreadyFinished(runId);
  if (needsTurns(planned)) refuseReachedLimit(state, edited.definition.limits);
  refuseUnknownStage(edited.definition.workflow, options.until);
  if (options.plan === true) return showPlan(context, planned, options.until);
  refuseUnusableSecrets(context.settings.secrets, context.note);
  if (!planned.isHeld) refuseUnasked(context, planned); // who holds it is said when it is taken
  await using composition = await composeForRun(context, edited.definition, plan);
  const { engine, agents } = composition;
  await confirmCancelled(context, state);
  await refuseUnfitAgents(agents, context.host.clock);
  noteEdits(context, planned);
  await keepTexts(engine.store, runId, edited.texts);
  const { definition } = edited;
  const { until } = options;
  const changes = { definition, choices, plan, ...(until === undefined ? {} : { until }) };
  const tree = { store: engine.store, clock: engine.clock, folder: context.project.folder, definition };
  return await performRun(context, composition, "resume", (asking, execution) =>
    executeRun(asking, { runId, ...execution, changes, admit: admitToTree({ ...tree, stop: execution.stop }, runId) }),
  );
}

/** A resume would be refused, and what the run does next is its holder's. One that nobody can look at may be dead. */
function refuseHeld(runId: string, holder: Holder | null): void {
  if (holder?.alive !== "alive") return;
  const { pid, host, command } = holder.owner;
  throw new TroupeError("RUN_LOCKED", `run ${runId} is held by process ${pid} on ${host}: ${sanitizeLine(command)}`, {
    hint: `A resume would be refused. See what it does: troupe status ${runId}`,
    details: { pid, host, command },
  });
}

async function keepTexts({ blobs }: StateStore, runId: string, texts: readonly string[]): Promise<void> {
  for (const text of texts) await writeText(blobs, runId, text);
}

/** Refuses what a resume with the same flags would refuse, but for the question about a cancelled run, which it names. */
function showPlan(
  { options, print, place }: CommandContext,
  { state, plan, typed, edited }: PlannedRun,
  until: string | undefined,
): number {
  const { runId, cancelRequested } = state;
  const { stages, vanished, asks } = plan;
  const left = until === undefined ? [] : stagesBeside(edited.definition.workflow, until);
  const command = until === undefined ? typed : [...typed, "--until", until];
  if (options.json === true)
    printJson({ print }, "plan", { version: 1, runId, cancelRequested, asks, stages, vanished, left });
  else print(place(renderPlan(state, plan, command, left)));
  if (asks) throw stageChanged(runId, plan, typed);
  return 0;
}

function refuseUnasked({ host }: CommandContext, { state, plan, typed }: PlannedRun): void {
  if (!plan.asks) return;
  host.stderr.write(renderPlan(state, plan, typed));
  throw stageChanged(state.runId, plan, typed);
}

/** Nothing is used, dropped or started anew because of an edit without being said. */
function noteEdits({ note }: CommandContext, { plan, edited }: PlannedRun): void {
  const { source } = edited.definition;
  const said = plan.stages.filter(
    ({ changes, reason }) => changes.length > 0 || reason === "new stage" || isSilentOtherwise(reason),
  );
  for (const one of said) {
    const what = one.changes.length > 0 || one.reason === "new stage" ? "Edited" : "Starts anew";
    note(`${what}: ${one.stage} ${describeReason(one)}.\n`);
  }
  for (const one of plan.vanished) note(`Edited: ${one.stage} ${describeVanished(one)}.\n`);
  if (said.length + plan.vanished.length === 0)
    note(`Going on with ${source === "built-in" ? "the built-in workflow" : source}.\n`);
}

function isSilentOtherwise(reason: string): boolean {
  return reason === "upstream ran again" || reason === "no longer skipped";
}

/** Of what a person has approved at a limit nothing may be left to do but to say so. */
function needsTurns({ plan, edited }: PlannedRun): boolean {
  const kinds = new Map(edited.definition.workflow.stages.map(({ id, kind }) => [id, kind]));
  return plan.stages.some(({ stage, action }) => action === "run" && kinds.get(stage) !== "terminal");
}

/** A run that has reached a limit would end at once again: say what to type instead. */
function refuseReachedLimit(state: RunState, limits: RunState["definition"]["limits"]): void {
  const reached = limitUses(limits, state.usage, state.activeMs).filter(isReached);
  if (reached.length === 0) return;
  const figures = reached.map((use) => `its ${limitWord(use.limit)} limit (${showShare(use)})`).join(" and ");
  throw new TroupeError("LIMIT_REACHED", `run ${state.runId} has reached ${figures}`, {
    hint: `Raise ${reached.length === 1 ? "it" : "them"}: ${suggestResume(state, limits)}`,
  });
}

/** Somebody has ended it: going on must be meant. */
async function confirmCancelled({ options, ask }: CommandContext, { runId, status }: RunState): Promise<void> {
  if (status !== "cancelled" || options.yes === true) return;
  const answer = await ask?.(`Run ${runId} was cancelled. Go on with it all the same? [y/N] `);
  if (/^y(es)?$/i.test(answer?.trim() ?? "")) return;
  throw new TroupeError("CONFIRMATION_NEEDED", `run ${runId} was cancelled`, {
    hint: `To go on all the same: troupe resume ${runId} --yes`,
  });
}
