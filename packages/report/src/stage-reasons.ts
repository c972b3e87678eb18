import type { InterruptReason, RunState, ShownRunStatus, StageId } from "@troupe/core";
import { reasonOf } from "./incidents.js";
import type { ReportWait } from "./report.js";

type StageRecord = NonNullable<ReturnType<RunState["stages"]["get"]>>;

/** Why a stage is as it is, where its status does not say it. */
export function whyOf(
  state: RunState,
  record: StageRecord,
  run: {
    readonly status: ShownRunStatus;
    readonly wait: ReportWait | undefined;
    /** Of its last turn, when that was interrupted. */
    readonly interrupted: InterruptReason | null;
  },
): string | null {
  switch (record.status) {
    case "skipped":
      return record.skippedBy === "condition" ? "its condition did not hold" : "skipped by a flag or a file";
    case "cancelled":
      return record.cancelledBy?.by === "stage" ? `${record.cancelledBy.stage} failed` : "the run was cancelled";
    case "waiting":
      return record.approved !== null && record.approved === record.awaitingApproval
        ? `${record.approved} is approved, and nobody has gone on with the run yet`
        : `${record.awaitingApproval ?? "its result"} awaits approval`;
    case "pending":
      return whyPending(state, record, run.status);
    case "running":
      return whyRunning(run);
    default:
      return null;
  }
}

function whyRunning({ status, wait, interrupted }: Parameters<typeof whyOf>[2]): string | null {
  if (status === "stalled") return "nobody works on the run any more";
  if (status !== "running" && interrupted !== null) return reasonOf(interrupted);
  if (wait?.error == null || status !== "running") return null;
  return wait.kind === "limit" ? "waits for a limit of its agent" : `tried again after ${wait.error.code}`;
}

function whyPending(state: RunState, record: StageRecord, status: ShownRunStatus): string {
  const { failed, open } = blockersOf(state, record.definition.id);
  if (failed.length > 0) return `not run: ${list(failed)} did not complete`;
  if (status === "running" || status === "stalled" || status === "waiting") {
    return open.length > 0 ? `waits for ${list(open)}` : "has not started yet";
  }
  return open.length > 0
    ? `not run: ${list(open)} did not finish before the run ended`
    : "not run: the run ended first";
}

/** Stages upstream that failed or were cancelled, the nearest of each branch; else the unfinished ones it needs itself. */
function blockersOf(
  state: RunState,
  id: StageId,
): { readonly failed: readonly StageId[]; readonly open: readonly StageId[] } {
  const seen = new Set<StageId>([id]);
  const failed: StageId[] = [];
  for (const each of seen) {
    if (seen.size > MOST_LOOKED_AT) break;
    for (const need of state.stages.get(each)?.definition.needs ?? []) {
      const status = state.stages.get(need)?.status;
      if (status === "failed" || status === "cancelled") {
        if (!failed.includes(need)) failed.push(need);
      } else if (status === "pending") seen.add(need);
    }
  }
  const needs = state.stages.get(id)?.definition.needs ?? [];
  const open = needs.filter((need) => {
    const status = state.stages.get(need)?.status;
    return status !== "completed" && status !== "skipped";
  });
  return { failed, open };
}

const MOST_NAMES = 5;
/** Stages upstream of one: a chain of many thousands that never began must not cost the square of that. */
const MOST_LOOKED_AT = 1_000;

function list(ids: readonly StageId[]): string {
  const more = ids.length - MOST_NAMES;
  return more > 0 ? `${ids.slice(0, MOST_NAMES).join(", ")} and ${more} more` : ids.join(", ");
}
