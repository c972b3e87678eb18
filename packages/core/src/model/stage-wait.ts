import type { SerializedError } from "../errors/troupe-error.js";
import type { TurnResult } from "./turn.js";
import type { StageView } from "./view.js";

/** What a stage waits for between two attempts. */
export interface StageWait {
  /** Wall time, ms. */
  readonly until: number;
  /** The failure named this time (a rate or usage limit); else it is the delay of a retry, or of a limit without a time. */
  readonly isNamed: boolean;
  /** Why the attempt before has failed. */
  readonly error: SerializedError;
}

interface Attempt {
  readonly retryAt: number | null;
  readonly last: { readonly result: TurnResult } | null;
}

/** Null = nothing of the stage waits for a time; of several agents that wait, the one whose time comes first. */
export function stageWait(stage: StageView): StageWait | null {
  const waits = [stage, ...stage.parts.values()].flatMap((attempt) => waitOf(attempt) ?? []);
  return waits.toSorted((one, other) => one.until - other.until)[0] ?? null;
}

function waitOf({ retryAt, last }: Attempt): StageWait | null {
  if (retryAt === null || last?.result.status !== "failed") return null;
  const { retry, error } = last.result;
  return { until: retryAt, isNamed: retry !== "never" && retry.notBefore === retryAt, error };
}
