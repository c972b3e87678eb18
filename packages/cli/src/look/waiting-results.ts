import type { RunStateView, StageView } from "@troupe/core";

/** A result that a person has to judge, with the commands for it. */
export interface WaitingResult {
  readonly stage: string;
  /** Its result is what is judged; the commands name it, so that they never judge another one. */
  readonly turn: string;
  readonly approve: string;
  readonly reject: string;
}

/** What a stage waits with and nobody has judged; null = nothing. */
export function waitingResult(runId: string, stage: StageView): WaitingResult | null {
  const { definition, awaitingApproval: turn, approved } = stage;
  if (stage.status !== "waiting" || turn === null || approved !== null) return null;
  const what = `${runId} ${definition.id} --turn ${turn}`;
  return {
    stage: definition.id,
    turn,
    approve: `troupe approve ${what}`,
    reject: `troupe reject ${what} -m "what must change"`,
  };
}

/** Of all stages, in their order. */
export function waitingResults({ runId, stages }: RunStateView): readonly WaitingResult[] {
  return [...stages.values()].flatMap((stage) => waitingResult(runId, stage) ?? []);
}

/** A stage that a resume goes on with: somebody has judged its result already, or it was under way. */
export function canGoOn({ stages }: RunStateView): boolean {
  return [...stages.values()].some(
    ({ status, approved }) => status === "running" || (status === "waiting" && approved !== null),
  );
}

/** The results with the commands for each, for a terminal. */
export function waitingLines(results: readonly WaitingResult[]): string {
  return results
    .map(({ stage, turn, approve, reject }) => `  ${stage} (${turn}):\n    ${approve}\n    ${reject}\n`)
    .join("");
}
