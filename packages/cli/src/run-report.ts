import {
  type Holder,
  type LimitName,
  type RunStateView,
  type ShownRunStatus,
  type ShownStageStatus,
  type StageView,
  sanitizeLine,
} from "@troupe/core";
import { showDuration, showMoment } from "./show-time.js";

/** A run as `status` shows it: the journal's state, corrected by whether anybody works on it. */
export interface RunReport {
  readonly runId: string;
  readonly status: ShownRunStatus;
  readonly objective: string;
  readonly workflow: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly activeMs: number;
  /** Who works on it; null = nobody. */
  readonly holder: { readonly pid: number; readonly host: string; readonly command: string } | null;
  readonly stages: readonly StageReport[];
  readonly usage: RunStateView["usage"];
  /** The next command to type. */
  readonly next: string | null;
}

export interface StageReport {
  readonly id: string;
  readonly group: string | null;
  readonly status: ShownStageStatus;
  readonly round: number;
  readonly maxRounds: number;
  readonly durationMs: number | null;
  readonly verdict: string | null;
  /** Turns in flight. */
  readonly turns: readonly string[];
  readonly retryAt: number | null;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string | null } | null;
  readonly cancelledBy: string | null;
}

/** A holder that is known to be dead holds nothing. */
export function isHeld(holder: Holder | null): holder is Holder {
  return holder !== null && holder.alive !== "dead";
}

/** `limit`: the one that ended the run, of a run that is `limited`. */
export function reportRun(state: RunStateView, holder: Holder | null, limit: LimitName | null, now: number): RunReport {
  const held = isHeld(holder);
  const stages = [...state.stages.values()].map((stage) => reportStage(stage, held, now));
  return {
    runId: state.runId,
    status: state.status === "running" && !held ? "stalled" : state.status,
    objective: state.definition.objective.title,
    workflow: state.definition.workflow.name,
    createdAt: state.createdAt,
    updatedAt: state.updatedAt,
    activeMs: state.activeMs,
    holder: held ? { pid: holder.owner.pid, host: holder.owner.host, command: holder.owner.command } : null,
    stages,
    usage: state.usage,
    next: held || state.status === "succeeded" ? null : suggestResume(state, limit),
  };
}

function reportStage(stage: StageView, held: boolean, now: number): StageReport {
  const { definition, startedAt, endedAt, error, cancelledBy } = stage;
  const until = endedAt ?? (held ? now : null);
  return {
    id: definition.id,
    group: definition.group,
    status: stage.status === "running" && !held ? "interrupted" : stage.status,
    round: stage.round,
    maxRounds: definition.maxRounds,
    durationMs: startedAt === null || until === null ? null : Math.max(0, until - startedAt),
    verdict: stage.lastVerdict?.decision ?? null,
    turns: stage.inFlight.map(({ turn }) => turn),
    retryAt: stage.retryAt,
    error: error === null ? null : { code: error.code, message: error.message, hint: error.hint },
    cancelledBy: cancelledBy === null ? null : cancelledBy.by === "request" ? "troupe cancel" : cancelledBy.stage,
  };
}

/** The command that goes on with a run; null when no flag raises the limit that ended it. */
export function suggestResume(
  { runId, status, activeMs, definition }: RunStateView,
  limit: LimitName | null,
): string | null {
  const yes = status === "cancelled" ? " --yes" : "";
  if (limit === "cost" || limit === "tokens") return null;
  if (limit !== "duration") return `troupe resume ${runId}${yes}`;
  const hours = Math.ceil(Math.max(activeMs, definition.limits.durationMs ?? 0) / 3_600_000) + 8;
  return `troupe resume ${runId} --max-duration ${hours}h${yes}`;
}

/** The report for a terminal or a file. */
export function renderReport(report: RunReport): string {
  const lines = [
    `Run ${report.runId}: ${report.status}`,
    `  objective  ${sanitizeLine(report.objective)}`,
    `  workflow   ${sanitizeLine(report.workflow)}, ${report.stages.length} stages`,
    `  started    ${showMoment(report.createdAt)} UTC, active for ${showDuration(report.activeMs)}`,
  ];
  const { holder } = report;
  if (holder !== null)
    lines.push(`  held by    process ${holder.pid} on ${holder.host}: ${sanitizeLine(holder.command)}`);
  lines.push(`  usage      ${usageLine(report.usage)}`, "");
  const width = Math.max(...report.stages.map(({ id, group }) => id.length + (group === null ? 0 : 2))) + 2;
  let group: string | null = null;
  for (const stage of report.stages) {
    if (stage.group !== group && stage.group !== null) lines.push(`  group ${stage.group}`);
    group = stage.group;
    lines.push(...stageLines(stage, width));
  }
  if (report.next !== null) lines.push("", `Next: ${report.next}`);
  return `${lines.join("\n")}\n`;
}

function stageLines(stage: StageReport, width: number): readonly string[] {
  const facts: string[] = [];
  if (stage.durationMs !== null) facts.push(showDuration(stage.durationMs));
  if (stage.round > 1 || stage.verdict !== null) facts.push(`round ${stage.round} of ${stage.maxRounds}`);
  if (stage.verdict !== null) facts.push(stage.verdict);
  if (stage.turns.length > 0) facts.push(stage.turns.join(", "));
  if (stage.retryAt !== null) facts.push(`waits until ${showMoment(stage.retryAt)} UTC`);
  if (stage.cancelledBy !== null) facts.push(`because of ${stage.cancelledBy}`);
  const edge = stage.group === null ? "  " : "  | ";
  const first = `${edge}${stage.id.padEnd(stage.group === null ? width : width - 2)}${stage.status.padEnd(12)}${facts.join(", ")}`;
  const lines = [first.trimEnd()];
  if (stage.error !== null) lines.push(`${edge}  ${stage.error.code}: ${sanitizeLine(stage.error.message)}`);
  return lines;
}

function usageLine(usage: RunReport["usage"]): string {
  const tokens = `${usage.unknownTokens > 0 ? "at least " : ""}${usage.inputTokens + usage.outputTokens} tokens`;
  return `${tokens}, ${usage.unknownCost > 0 ? "at least " : ""}$${usage.costUsd.toFixed(2)}`;
}
