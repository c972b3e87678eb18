import { activeMsOf, type ShownRunStatus, type StageId } from "@troupe/core";
import type { History } from "./read-history.js";
import type { ReportStage, ReportTurn, ReportWait } from "./report.js";
import { shownError } from "./report-error.js";
import { whyOf } from "./stage-reasons.js";

/** The stages of the workflow as they are now; `activeMs` is where the run's active clock stands. */
export function createStages(
  { state, waits }: History,
  of: { readonly status: ShownRunStatus; readonly activeMs: number; readonly turns: readonly ReportTurn[] },
): readonly ReportStage[] {
  const busy = new Map<StageId, number>();
  for (const { stage, activeFrom, activeTo } of of.turns)
    busy.set(stage, (busy.get(stage) ?? 0) + activeTo - activeFrom);
  const waiting = new Map<StageId, ReportWait>();
  for (const wait of waits) if (wait.endedAt === null) waiting.set(wait.stage, wait);
  return [...state.stages.values()].map((record): ReportStage => {
    const { definition, error } = record;
    const { id, name, kind, group, needs, reviews, maxRounds } = definition;
    return {
      id,
      name,
      kind,
      group,
      needs,
      reviews,
      status: record.status === "running" && of.status !== "running" ? "interrupted" : record.status,
      why: whyOf(state, record, { status: of.status, wait: waiting.get(id) }),
      round: record.round,
      maxRounds,
      turns: record.turns,
      startedAt: record.startedAt,
      endedAt: record.endedAt,
      activeMs: activeMsOf(record, of.activeMs),
      busyMs: busy.get(id) ?? 0,
      verdict: record.lastVerdict,
      checks: record.lastChecks,
      error: error === null ? null : shownError(error),
      usage: record.usage,
    };
  });
}
