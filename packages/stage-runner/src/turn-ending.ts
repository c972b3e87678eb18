import { type ErrorCode, hasCode, interruptReason, isTroupeError, serializeError, type TurnFailed } from "@troupe/core";
import type { EndedTurn } from "./turn-scope.js";

/** Another attempt of the agent would meet the same end. */
const FINAL_CODES: readonly ErrorCode[] = [
  "AGENT_CASSETTE_MISS",
  "AGENT_NOT_CONFIGURED",
  "AGENT_NOT_INSTALLED",
  "AGENT_UNKNOWN",
  "TURN_TIMEOUT",
];

export function interrupted(signal: AbortSignal): EndedTurn {
  return { status: "interrupted", reason: interruptReason(signal), usage: null, session: null };
}

/** The end of a turn that could not be performed: nothing of an agent's, so another attempt would fail alike. */
export function endWithError(error: unknown, signal: AbortSignal): EndedTurn {
  if (signal.aborted) return interrupted(signal);
  return failed(serializeError(error, "TURN_FAILED"), "never");
}

/**
 * The end of a turn whose agent, or whose program, failed: worth another attempt (network, overload, a process that
 * died) unless the error rules it out.
 */
export function endWithRetry(error: unknown, signal: AbortSignal, fallback: ErrorCode): EndedTurn {
  if (signal.aborted) return interrupted(signal);
  return failed(serializeError(error, fallback), retryOf(error));
}

function failed(error: TurnFailed["error"], retry: TurnFailed["retry"]): EndedTurn {
  return { status: "failed", error, retry, output: null, usage: null, session: null };
}

function retryOf(error: unknown): TurnFailed["retry"] {
  if (!isTroupeError(error)) return { notBefore: null };
  const { retry, notBefore, limited } = error.details;
  if (retry === "never" || hasCode(error, ...FINAL_CODES)) return "never";
  return { notBefore: typeof notBefore === "number" ? notBefore : null, ...(limited === true ? { limited } : {}) };
}
