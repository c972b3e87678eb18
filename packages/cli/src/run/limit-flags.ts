import { parseDuration } from "@troupe/config/plain";
import { defineRun, type RunDefinition, type RunLimits, TroupeError } from "@troupe/core";

/** The flags of `run` and `resume` that bound a run. */
export interface LimitFlags {
  readonly maxDuration?: string;
  readonly maxCost?: string;
  readonly maxTokens?: string;
  readonly maxWait?: string;
  readonly concurrency?: string;
}

type FlagName = keyof LimitFlags;

/** How each flag is typed, and the limit that its value sets. */
const FLAGS: Readonly<Record<FlagName, { readonly flag: string; read(text: string): Partial<RunLimits> }>> = {
  maxDuration: { flag: "--max-duration", read: (text) => ({ durationMs: durationOf("--max-duration", text) }) },
  maxCost: { flag: "--max-cost", read: (text) => ({ costUsd: amountOf(text) }) },
  maxTokens: { flag: "--max-tokens", read: (text) => ({ tokens: tokensOf(text) }) },
  maxWait: { flag: "--max-wait", read: (text) => ({ waitMs: durationOf("--max-wait", text) }) },
  concurrency: { flag: "--concurrency", read: (text) => ({ concurrency: countOf(text) }) },
};

/** The limits that were typed. Throws `USAGE`. */
export function readLimitFlags(typed: LimitFlags): Partial<RunLimits> {
  return Object.assign({}, ...given(typed).map(([name, text]) => FLAGS[name].read(text)));
}

/** The same flags, to be typed again. */
export function limitFlagsTyped(typed: LimitFlags): readonly string[] {
  return given(typed).flatMap(([name, text]) => [FLAGS[name].flag, text]);
}

/** The definition with other limits; null when none was given. */
export function withLimits(definition: RunDefinition, limits: Partial<RunLimits>): RunDefinition | null {
  if (Object.keys(limits).length === 0) return null;
  const flags = { ...definition.flags, limits: { ...definition.flags.limits, ...limits } };
  return defineRun({ ...definition, limits: { ...definition.limits, ...limits }, flags });
}

function given(typed: LimitFlags): readonly (readonly [FlagName, string])[] {
  const names: readonly FlagName[] = ["maxDuration", "maxCost", "maxTokens", "maxWait", "concurrency"];
  return names.flatMap((name) => {
    const text = typed[name];
    return text === undefined ? [] : [[name, text] as const];
  });
}

function durationOf(flag: string, text: string): number {
  const ms = parseDuration(text);
  if (ms !== null) return ms;
  throw new TroupeError("USAGE", `${flag} ${text} is no duration`, { hint: "Write it like 90m, 8h or 1h30m." });
}

/** `5`, `2.50`, `$5`. */
function amountOf(text: string): number {
  const amount = /^\$?(\d+(?:\.\d+)?|\.\d+)$/.exec(text)?.[1];
  const usd = Number(amount ?? 0);
  if (Number.isFinite(usd) && usd > 0) return usd;
  throw new TroupeError("USAGE", `--max-cost ${text} is no amount`, {
    hint: "Write US dollars, more than 0, like 5 or 2.50.",
  });
}

/** `500000`, `500k`, `1.5M`. */
function tokensOf(text: string): number {
  const [, digits = "0", unit = ""] = /^(\d+(?:\.\d+)?)([kM]?)$/i.exec(text) ?? [];
  const factor = unit === "" ? 1 : unit.toLowerCase() === "k" ? 1_000 : 1_000_000;
  const tokens = unit === "" ? Number(digits) : Math.round(Number(digits) * factor);
  if (Number.isSafeInteger(tokens) && tokens >= 1) return tokens;
  throw new TroupeError("USAGE", `--max-tokens ${text} is no number of tokens`, {
    hint: "Write a whole number from 1, like 500000, 500k or 2M.",
  });
}

function countOf(text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw new TroupeError("USAGE", `--concurrency ${text} is no number of turns`, {
    hint: "Write a whole number from 1.",
  });
}
