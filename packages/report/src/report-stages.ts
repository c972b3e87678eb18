import { activeMsOf, type ShownRunStatus, type StageId, type Verdict } from "@troupe/core";
import type { History } from "./read-history.js";
import type { ReportRound, ReportStage, ReportTurn, ReportWait } from "./report.js";
import { shownError } from "./report-error.js";
import { whyOf } from "./stage-reasons.js";

/** The stages of the workflow as they are now; `activeMs` is where the run's active clock stands. */
export function createStages(
  { state, waits, rounds }: History,
  of: { readonly status: ShownRunStatus; readonly activeMs: number; readonly turns: readonly ReportTurn[] },
): readonly ReportStage[] {
  const busy = new Map<StageId, number>();
  for (const { stage, activeFrom, activeTo } of of.turns)
    busy.set(stage, (busy.get(stage) ?? 0) + activeTo - activeFrom);
  const judged = new Map(rounds.flatMap((round) => (round.by === "checks" ? [] : [[round.stage, round] as const])));
  const interrupted = new Map(of.turns.map(({ stage, reason }) => [stage, reason]));
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
      why: whyOf(state, record, {
        status: of.status,
        wait: waiting.get(id),
        interrupted: interrupted.get(id) ?? null,
      }),
      round: record.round,
      maxRounds,
      turns: record.turns,
      startedAt: record.startedAt,
      endedAt: record.endedAt,
      activeMs: activeMsOf(record, of.activeMs),
      busyMs: busy.get(id) ?? 0,
      verdict: verdictOf(record.lastVerdict, judged.get(id)),
      checks: record.lastChecks,
      error: error === null ? null : shownError(error),
      usage: record.usage,
    };
  });
}

/** The state keeps what the rounds went by: that a person has approved a result after all is no round. */
function verdictOf(last: Verdict | null, newest: ReportRound | undefined): Verdict | null {
  if (newest?.by !== "person" || newest.decision !== "approved" || last?.decision !== "rejected") return last;
  return { decision: "approved", reasons: newest.reasons, source: "person" };
}
