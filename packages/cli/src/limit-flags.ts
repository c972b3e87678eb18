import { parseDuration } from "@troupe/config";
import { defineRun, type RunDefinition, type RunLimits, TroupeError } from "@troupe/core";

/** The flags of `run` and `resume` that bound a run. */
export interface LimitFlags {
  readonly maxDuration?: string;
  readonly concurrency?: string;
}

/** The limits that were typed. Throws `USAGE`. */
export function readLimitFlags({ maxDuration, concurrency }: LimitFlags): Partial<RunLimits> {
  return {
    ...(maxDuration === undefined ? {} : { durationMs: durationOf(maxDuration) }),
    ...(concurrency === undefined ? {} : { concurrency: countOf(concurrency) }),
  };
}

/** The definition with other limits; null when none was given. */
export function withLimits(definition: RunDefinition, limits: Partial<RunLimits>): RunDefinition | null {
  if (Object.keys(limits).length === 0) return null;
  const flags = { ...definition.flags, limits: { ...definition.flags.limits, ...limits } };
  return defineRun({ ...definition, limits: { ...definition.limits, ...limits }, flags });
}

function durationOf(text: string): number {
  const ms = parseDuration(text);
  if (ms !== null && ms > 0) return ms;
  throw new TroupeError("USAGE", `--max-duration ${text} is no duration`, { hint: "Write it like 90m, 8h or 1h30m." });
}

function countOf(text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw new TroupeError("USAGE", `--concurrency ${text} is no number of turns`, {
    hint: "Write a whole number from 1.",
  });
}
