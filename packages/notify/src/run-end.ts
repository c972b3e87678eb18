import {
  briefMessage,
  type HookEvent,
  type LimitName,
  limitWord,
  type RunOutcome,
  type RunStateView,
  type StageStatus,
  satisfiesNeed,
} from "@troupe/core";

/** How a claim ended, for people. */
export interface RunEnd {
  readonly events: readonly HookEvent[];
  /** One or two words. */
  readonly title: string;
  readonly text: string;
}

/** Of so many stages that failed is it told why. */
const MOST_FAILURES = 5;

const TITLES: Readonly<Record<RunOutcome, string>> = {
  succeeded: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
  limited: "Stopped at its limit",
  waiting: "Waiting for a person",
  interrupted: "Stopped",
};

export function endOf(outcome: RunOutcome, limit: LimitName | null, state: RunStateView): RunEnd {
  const reached = outcome === "interrupted" && isPartDone(state) ? state.until : null;
  const head = reached === null ? TITLES[outcome] : `Stopped after ${reached}`;
  const why = outcome === "limited" && limit !== null ? `Its ${limitWord(limit)} limit is reached. ` : "";
  const lines = [`${state.runId}: ${why}${tally(state)}`];
  if (outcome === "failed") lines.push(...failuresOf(state));
  if (outcome === "waiting") lines.push(...waitingOf(state));
  return { events: [reached === null ? outcome : "reached", "finished"], title: head, text: lines.join("\n") };
}

/** It was performed until a stage, that stage is done, and nobody asked it to stop before. */
function isPartDone({ until, stages, stopRequested }: RunStateView): boolean {
  const status = until === null ? undefined : stages.get(until)?.status;
  return status !== undefined && satisfiesNeed(status) && !stopRequested;
}

function tally({ counts, stages, activeMs, usage }: RunStateView): string {
  const shown: readonly StageStatus[] = ["completed", "skipped", "failed", "cancelled", "waiting"];
  const parts = shown.filter((status) => counts[status] > 0).map((status) => `${counts[status]} ${status}`);
  const cost = usage.costUsd > 0 ? `, ${usage.unknownCost > 0 ? "at least " : ""}$${usage.costUsd.toFixed(2)}` : "";
  return `${parts.length === 0 ? "0 completed" : parts.join(", ")} of ${stages.size} ${stages.size === 1 ? "stage" : "stages"} in ${showSpan(activeMs)}${cost}`;
}

/** `2h 05m`, `4m 10s`, `9s`. */
function showSpan(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${hours}h ${String(minutes).padStart(2, "0")}m`;
  return minutes > 0 ? `${minutes}m ${String(seconds % 60).padStart(2, "0")}s` : `${seconds}s`;
}

function failuresOf({ failed, stages }: RunStateView): readonly string[] {
  const lines = [...failed].slice(0, MOST_FAILURES).map((id) => {
    const error = stages.get(id)?.error ?? null;
    return error === null ? id : `${id}: ${error.code}: ${briefMessage(error.message)}`;
  });
  return failed.size > MOST_FAILURES ? [...lines, `and ${failed.size - MOST_FAILURES} more`] : lines;
}

function waitingOf({ runId, stages }: RunStateView): readonly string[] {
  return [...stages.values()]
    .filter(({ status }) => status === "waiting")
    .slice(0, MOST_FAILURES)
    .map(({ definition: { id } }) => `${id} waits for approval. See it: troupe show ${runId} ${id}`);
}
