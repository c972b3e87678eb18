import {
  activeMsOf,
  briefMessage,
  describeScenarios,
  type Holder,
  type LimitName,
  type LimitUse,
  limitUses,
  limitWord,
  percentUsed,
  type RunStateView,
  type ScenarioResult,
  type ShownRunStatus,
  type ShownStageStatus,
  type StageView,
  sanitizeLine,
  stageWait,
  type UsageTotals,
} from "@troupe/core";
import { errorLines } from "../print/error-lines.js";
import { showCount } from "../print/show-count.js";
import { showDuration, showMoment } from "../print/show-time.js";
import { showKnownUsage, showLimit, showUsage } from "../print/show-usage.js";
import { suggestNext } from "./suggest-next.js";
import { type WaitingResult, waitingResult } from "./waiting-results.js";

/** A run as `status` shows it: the journal's state, corrected by whether anybody works on it. */
export interface RunReport {
  readonly runId: string;
  readonly status: ShownRunStatus;
  readonly objective: string;
  readonly workflow: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Over all claims, until now. */
  readonly activeMs: number;
  /** Who works on it; null = nobody. */
  readonly holder: { readonly pid: number; readonly host: string; readonly command: string } | null;
  readonly stages: readonly StageReport[];
  readonly groups: readonly GroupReport[];
  /** Over all claims, attempts and resets; with unknown turns at least so much. */
  readonly usage: UsageTotals;
  /** Of time, cost and tokens, as far as they are limited. */
  readonly limits: readonly (LimitUse & { readonly percent: number })[];
  /** The limit that kept it from going on, of a run that has ended as limited or failed. */
  readonly limit: LimitName | null;
  /** Its newest claim performs only this stage and what it needs; null = everything. */
  readonly until: string | null;
  /** The next command to type. */
  readonly next: string | null;
}

interface GroupReport {
  readonly name: string;
  /** Members side by side count once. */
  readonly activeMs: number;
  readonly usage: UsageTotals;
}

export interface StageReport {
  readonly id: string;
  readonly group: string | null;
  readonly status: ShownStageStatus;
  readonly round: number;
  readonly maxRounds: number;
  readonly durationMs: number | null;
  readonly verdict: string | null;
  /** How the newest verdict was found. */
  readonly verdictSource: string | null;
  /** Acceptance test scenarios by the newest check turn; empty = it judged none. */
  readonly scenarios: readonly ScenarioResult[];
  /** The result that a person has to judge, with the commands for it; null = none. */
  readonly waiting: Omit<WaitingResult, "stage"> | null;
  /** The turn whose result a person has approved and that nobody has gone on with yet. */
  readonly approved: string | null;
  /** Turns in flight. */
  readonly turns: readonly string[];
  readonly activeMs: number;
  readonly usage: UsageTotals;
  readonly retryAt: number | null;
  /** Why it waits until `retryAt`; `named`: a limit of its agent resets then. */
  readonly waits: { readonly named: boolean; readonly code: string; readonly message: string } | null;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string | null } | null;
  readonly cancelledBy: string | null;
}

/** A holder that is known to be dead holds nothing. */
export function isHeld(holder: Holder | null): holder is Holder {
  return holder !== null && holder.alive !== "dead";
}

/** `limit`: the one that kept the run from going on, of a run that has ended. */
export function reportRun(state: RunStateView, holder: Holder | null, limit: LimitName | null, now: number): RunReport {
  const held = isHeld(holder);
  const activeMs = activeMsNow(state, held, now);
  const stages = [...state.stages.values()].map((stage) =>
    reportStage(stage, { runId: state.runId, held, now, runActiveMs: activeMs }),
  );
  return {
    runId: state.runId,
    status: state.status === "running" && !held ? "stalled" : state.status,
    objective: state.definition.objective.title,
    workflow: state.definition.workflow.name,
    createdAt: state.createdAt,
    updatedAt: state.updatedAt,
    activeMs,
    holder: held ? { pid: holder.owner.pid, host: holder.owner.host, command: holder.owner.command } : null,
    stages,
    groups: [...state.groups.values()].map((group) => ({
      name: group.name,
      activeMs: activeMsOf(group, activeMs),
      usage: group.usage,
    })),
    usage: state.usage,
    limits: limitUses(state.definition.limits, state.usage, activeMs).map((use) => ({
      ...use,
      percent: percentUsed(use),
    })),
    limit,
    until: state.until,
    next: held || state.status === "succeeded" ? null : suggestNext(state),
  };
}

/** The journal knows the time until its newest entry; a living holder's turns have been in flight ever since. */
function activeMsNow({ activeMs, updatedAt, epoch, stages }: RunStateView, held: boolean, now: number): number {
  const inFlight = [...stages.values()].flatMap((stage) => stage.inFlight);
  const isActive = held && inFlight.length > 0 && inFlight.every((turn) => turn.epoch === epoch);
  return isActive ? activeMs + Math.max(0, now - updatedAt) : activeMs;
}

function reportStage(
  stage: StageView,
  { runId, held, now, runActiveMs }: { runId: string; held: boolean; now: number; runActiveMs: number },
): StageReport {
  const waiting = waitingResult(runId, stage);
  const wait = stageWait(stage);
  const { definition, startedAt, endedAt, error, cancelledBy } = stage;
  const until = endedAt ?? (held ? now : null);
  return {
    id: definition.id,
    group: definition.group,
    status: stage.status === "running" && !held ? "interrupted" : stage.status,
    round: stage.round,
    maxRounds: definition.maxRounds,
    durationMs: startedAt === null || until === null ? null : Math.max(0, until - startedAt),
    ...verdictOf(stage),
    scenarios: stage.lastChecks.flatMap(({ scenarios }) => scenarios ?? []),
    waiting: waiting === null ? null : { turn: waiting.turn, approve: waiting.approve, reject: waiting.reject },
    approved: stage.status === "waiting" ? stage.approved : null,
    turns: stage.inFlight.map(({ turn }) => turn),
    activeMs: activeMsOf(stage, runActiveMs),
    usage: stage.usage,
    retryAt: wait?.until ?? stage.retryAt,
    waits: wait === null ? null : { named: wait.isNamed, code: wait.error.code, message: wait.error.message },
    error: error === null ? null : { code: error.code, message: error.message, hint: error.hint },
    cancelledBy: cancelledBy === null ? null : cancelledBy.by === "request" ? "troupe cancel" : cancelledBy.stage,
  };
}

/** What the rounds went by; a person who has approved a result after all has the last word. */
function verdictOf({ status, approved, lastVerdict }: StageView): Pick<StageReport, "verdict" | "verdictSource"> {
  const isOverruled = status === "completed" && approved !== null && lastVerdict?.decision !== "approved";
  if (isOverruled) return { verdict: "approved", verdictSource: "person" };
  return { verdict: lastVerdict?.decision ?? null, verdictSource: lastVerdict?.source ?? null };
}

/** The report for a terminal or a file. */
export function renderReport(report: RunReport): string {
  const lines = [
    `Run ${report.runId}: ${report.status}${report.limit === null ? "" : ` (${limitWord(report.limit)} limit)`}${untilText(report)}`,
    `  objective  ${sanitizeLine(report.objective)}`,
    `  workflow   ${sanitizeLine(report.workflow)}, ${showCount(report.stages.length, "stage")}`,
    `  started    ${showMoment(report.createdAt)} UTC, active for ${showDuration(report.activeMs)}`,
  ];
  const { holder } = report;
  if (holder !== null)
    lines.push(`  held by    process ${holder.pid} on ${holder.host}: ${sanitizeLine(holder.command)}`);
  lines.push(`  usage      ${showUsage(report.usage)}`);
  if (report.limits.length > 0) lines.push(`  limits     ${report.limits.map(showLimit).join(", ")}`);
  lines.push("");
  const width = Math.max(...report.stages.map(({ id, group }) => id.length + (group === null ? 0 : 2))) + 2;
  let group: string | null = null;
  for (const stage of report.stages) {
    if (stage.group !== group && stage.group !== null) lines.push(groupLine(report, stage.group));
    group = stage.group;
    lines.push(...stageLines(stage, width));
  }
  const next = report.status === "cancelled" ? "To go on after all" : "Next";
  if (report.next !== null) lines.push("", `${next}: ${report.next}`);
  return `${lines.join("\n")}\n`;
}

function untilText({ until }: RunReport): string {
  return until === null ? "" : ` (only until ${until})`;
}

function groupLine({ groups, stages }: RunReport, name: string): string {
  const hasBegun = stages.some((stage) => stage.group === name && stage.round > 0);
  const group = hasBegun ? groups.find((each) => each.name === name) : undefined;
  const facts = group === undefined ? [] : [showDuration(group.activeMs), ...showKnownUsage(group.usage)];
  return `  group ${name}${facts.length === 0 ? "" : `  ${facts.join(", ")}`}`;
}

function stageLines(stage: StageReport, width: number): readonly string[] {
  const facts: string[] = [];
  if (stage.durationMs !== null) facts.push(showDuration(stage.durationMs));
  if (stage.round > 1 || stage.verdict !== null) facts.push(`round ${stage.round} of ${stage.maxRounds}`);
  if (stage.verdict !== null) facts.push(stage.verdict);
  facts.push(...showKnownUsage(stage.usage));
  if (stage.turns.length > 0) facts.push(stage.turns.join(", "));
  if (stage.retryAt !== null) facts.push(`waits until ${showMoment(stage.retryAt)} UTC`);
  if (stage.waiting !== null) facts.push(`${stage.waiting.turn} waits for a person`);
  if (stage.approved !== null) facts.push(`${stage.approved} is approved`);
  if (stage.cancelledBy !== null) facts.push(`because of ${stage.cancelledBy}`);
  const edge = stage.group === null ? "  " : "  | ";
  const first = `${edge}${stage.id.padEnd(stage.group === null ? width : width - 2)}${stage.status.padEnd(12)}${facts.join(", ")}`;
  const lines = [first.trimEnd()];
  if (stage.scenarios.length > 0) lines.push(`${edge}  ${sanitizeLine(describeScenarios(stage.scenarios))}`);
  if (stage.waiting !== null) lines.push(`${edge}  ${stage.waiting.approve}`, `${edge}  ${stage.waiting.reject}`);
  if (stage.waits !== null) {
    const again = stage.waits.named ? "" : "tried again after ";
    lines.push(`${edge}  ${again}${stage.waits.code}: ${briefMessage(stage.waits.message)}`);
  }
  if (stage.error !== null) lines.push(...errorLines(stage.error).map((line) => `${edge}  ${line}`));
  return lines;
}
