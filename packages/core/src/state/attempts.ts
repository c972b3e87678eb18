import type { RunId } from "../model/ids.js";
import type { TurnFailed, TurnInterrupted } from "../model/turn.js";
import type { RetryPolicy } from "../model/workflow.js";
import type { Attempts, SettledTurn } from "./run-state.js";
import { type DelayStep, type FailStep, fail, type TurnStep, turnAgain } from "./step.js";

/** A turn that its runner's crashes interrupted this often in a row fails. */
const MAX_CRASHES: number = 3;
/** A service that names a fraction of a second again and again is not asked, and paid, as often. */
const LEAST_NAMED_WAIT_MS: number = 5_000;
/** Nobody is asked more often than this while a limit lasts that names no time, whatever the stage's policy. */
const LEAST_LIMIT_WAIT_MS: number = 30_000;
/** Steps by which a delay grows: more than any policy takes to its longest, and no overflow. */
const MOST_GROWTH: number = 32;

/** What follows the newest turn, which did not succeed: it again, at once or later, or the end. */
export function afterEnd(
  attempts: Attempts,
  last: SettledTurn & { readonly result: TurnFailed | TurnInterrupted },
  retry: RetryPolicy,
  runId: RunId,
): TurnStep | DelayStep | FailStep {
  const { result } = last;
  if (result.status === "failed") return afterFailure(attempts, last, result, retry);
  if (attempts.crashes < MAX_CRASHES) return turnAgain(last);
  const message = `the runner died ${MAX_CRASHES} times in a row while ${last.turn.turn} was in flight`;
  return fail(last.turn.turn, "TURN_CRASHED", message, `Look for the cause, then: troupe resume ${runId}`);
}

function afterFailure(
  { failures, limits }: Attempts,
  { turn, at }: SettledTurn,
  result: TurnFailed,
  retry: RetryPolicy,
): DelayStep | FailStep {
  const failed: FailStep = { do: "fail", turn: turn.turn, error: result.error };
  if (result.retry === "never") return failed;
  const named = namedTime(result, at);
  if (named !== null) return { do: "delay", at: Math.max(named, at + LEAST_NAMED_WAIT_MS) };
  if (isLimited(result)) return { do: "delay", at: at + Math.max(delayAfter(limits, retry), LEAST_LIMIT_WAIT_MS) };
  if (failures >= retry.attempts) return failed;
  return { do: "delay", at: at + delayAfter(failures, retry) };
}

function delayAfter(failures: number, { delayMs, backoff, maxDelayMs }: RetryPolicy): number {
  return Math.min(delayMs * backoff ** Math.min(failures - 1, MOST_GROWTH), maxDelayMs);
}

/** At a limit, whether it names a time or not: trying again uses no attempt. */
export function isLimited({ retry }: TurnFailed): boolean {
  return retry !== "never" && retry.limited === true;
}

/**
 * The time that a failure at `at` names; null = none. A time that has passed is none: waiting for it would try again at
 * once, without end.
 */
export function namedTime({ retry }: TurnFailed, at: number): number | null {
  return retry === "never" || retry.notBefore === null || retry.notBefore <= at ? null : retry.notBefore;
}

/** Counters belong to one turn: they start anew with its first attempt. */
export function forgetAttempts(attempts: Attempts): void {
  attempts.failures = 0;
  attempts.limits = 0;
  attempts.crashes = 0;
  attempts.waitingSince = null;
}
