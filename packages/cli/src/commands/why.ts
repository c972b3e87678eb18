import { type Holder, hasCode, type ResumePlan, type StagePlan, type StateStore, stageUnknown } from "@troupe/core";
import { type CommandContext, withStore } from "../command-context.js";
import { findResumable, findRun } from "../look/find-run.js";
import { isHeld } from "../look/run-report.js";
import { waitingResult } from "../look/waiting-results.js";
import { errorLines } from "../print/error-lines.js";
import { printJson } from "../print/print-json.js";
import { showMoment } from "../print/show-time.js";
import { behindApprovals } from "../run/behind-approvals.js";
import {
  choicesOf,
  commandOf,
  describeBehind,
  describeReason,
  describeVanished,
  renderChange,
} from "../run/plan-report.js";
import { type PlannedRun, type PlanOptions, planRun } from "../run/plan-run.js";

/** Says whether a resume would keep or run a stage, and the facts behind it. Takes and writes nothing. */
export async function whyCommand(
  context: CommandContext,
  stage: string,
  run: string | undefined,
  options: PlanOptions,
): Promise<number> {
  return await withStore(context, async (store) => {
    const runId = run ?? (await findResumed(context, store));
    const planned = await planRun(context, store, runId, options);
    const { plan, state } = planned;
    const one = plan.stages.find((each) => each.stage === stage);
    const gone = plan.vanished.find((each) => each.stage === stage);
    if (one === undefined && gone === undefined)
      throw stageUnknown(
        stage,
        plan.stages.map((each) => each.stage),
      );
    const holder = await store.holder(runId);
    const held = isHeld(holder) ? holder : null;
    const facts = factsOf(planned, stage, one, held);
    const waiting = waitingCommands(state, stage);
    const commands = waiting ?? (held?.alive === "alive" ? [`troupe status ${runId}`] : nextCommands(planned));
    const next = commands.map(context.place);
    if (context.options.json === true) {
      printJson(context, "why", {
        version: 1,
        runId,
        ...one,
        ...(gone === undefined ? {} : { vanished: gone }),
        holder: held?.owner ?? null,
        facts,
        next,
      });
      return 0;
    }
    const lines = [
      headline(planned, one, gone, held),
      ...facts.map((fact) => `  ${fact}`),
      ...next.map((command, index) => `${index === 0 ? "Next: " : "  or: "}${command}`),
    ];
    context.print(`${lines.join("\n")}\n`);
    return 0;
  });
}

/** The run that a resume without an id would take, else the newest. */
async function findResumed({ note }: CommandContext, store: StateStore): Promise<string> {
  try {
    return await findResumable(store, () => {});
  } catch (error) {
    if (!hasCode(error, "RUN_NOT_FOUND", "RUN_LOCKED")) throw error;
    return await findRun(store, undefined, note);
  }
}

function headline(
  { state, plan }: PlannedRun,
  one: StagePlan | undefined,
  gone: ResumePlan["vanished"][number] | undefined,
  held: Holder | null,
): string {
  const { runId, stages } = state;
  const { alive, owner } = held ?? {};
  if (one !== undefined && alive === "alive" && stages.get(one.stage)?.status === "running") {
    return `${one.stage} of ${runId}: it runs now, in process ${owner?.pid} on ${owner?.host}.`;
  }
  if (one === undefined) return gone === undefined ? "" : `${gone.stage} of ${runId}: it ${describeVanished(gone)}.`;
  const action = one.asks ? "ask first" : one.action;
  return `${one.stage} of ${runId}: ${action}. It ${describeReason(one)}${describeBehind(behindApprovals(state, plan).get(one.stage))}.`;
}

/** What is known of the stage and bears on the answer. */
function factsOf(
  { state, plan }: PlannedRun,
  stage: string,
  one: StagePlan | undefined,
  held: Holder | null,
): readonly string[] {
  const record = state.stages.get(stage);
  const facts: string[] = [];
  if (record !== undefined) {
    const word = record.status === "waiting" ? "since" : "at";
    const when = record.endedAt === null ? "" : ` ${word} ${showMoment(record.endedAt)} UTC`;
    const turns =
      record.turns === 0 ? "no turn of it has started" : `after ${record.turns} turn${record.turns === 1 ? "" : "s"}`;
    const by = record.skippedBy === null ? "" : record.skippedBy === "flag" ? ", by --skip" : ", by its condition";
    const status = record.status === "running" && held === null ? "interrupted" : record.status;
    facts.push(`${status}${by}${when}, ${turns}`);
    if (record.error !== null) facts.push(...errorLines(record.error));
    if (record.cancelledBy?.by === "stage") facts.push(`cancelled because ${record.cancelledBy.stage} failed`);
  }
  if (held !== null) {
    const refused = held.alive === "alive" ? ": a resume would be refused" : "";
    facts.push(`the run is worked on by process ${held.owner.pid} on ${held.owner.host}${refused}`);
  }
  for (const change of one?.changes ?? []) facts.push(renderChange(change));
  for (const id of one?.upstream ?? []) {
    const reason = plan.stages.find((each) => each.stage === id);
    if (reason !== undefined) facts.push(`${id} ${describeReason(reason)}`);
  }
  return facts;
}

/** Both answers to a result that waits, whoever holds the run; null = it does not wait. */
function waitingCommands({ runId, stages }: PlannedRun["state"], stage: string): readonly string[] | null {
  const record = stages.get(stage);
  const waiting = record === undefined ? null : waitingResult(runId, record);
  return waiting === null ? null : [waiting.approve, waiting.reject];
}

function nextCommands({ state, plan, typed }: PlannedRun): readonly string[] {
  if (state.status === "succeeded") return [];
  return plan.asks ? choicesOf(state, typed) : [commandOf(state, typed)];
}
