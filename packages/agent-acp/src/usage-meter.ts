import type { Usage } from "@troupe/core";

/** Counted since the beginning of a session; null = not told. */
export interface SessionTotals {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: number | null;
}

export const NOTHING_YET: SessionTotals = { inputTokens: 0, outputTokens: 0, costUsd: 0 };
const UNKNOWN: SessionTotals = { inputTokens: null, outputTokens: null, costUsd: null };

/** Turns what an agent counts over a whole session into what one turn used. */
export interface UsageMeter {
  /** The session that the turn goes on with, and what was told of it last; null = unknown. */
  startFrom(before: SessionTotals | null): void;
  /** The prompt is sent: what is told from now on is of this turn. */
  begin(): void;
  /** Of the whole session. */
  cost(amountUsd: number): void;
  tokens(tokens: { readonly input: number; readonly output: number }): void;
  /** Of this turn; null = nothing is known. */
  turn(): Usage | null;
  totals(): SessionTotals;
}

export function createUsageMeter(tokensAre: "turn" | "session"): UsageMeter {
  let before = NOTHING_YET;
  let now = UNKNOWN;
  let told: number | null = null;
  let isBegun = false;
  return {
    startFrom: (totals) => {
      // a cost that was told while the session was taken up again is newer than anything remembered
      before = { ...(totals ?? UNKNOWN), ...(told === null ? {} : { costUsd: told }) };
    },
    begin: () => {
      isBegun = true;
    },
    cost: (amountUsd) => {
      if (isBegun) {
        now = { ...now, costUsd: amountUsd };
        before = { ...before, costUsd: baseFor(amountUsd, before.costUsd) };
      } else {
        told = amountUsd;
        before = { ...before, costUsd: amountUsd };
      }
    },
    tokens: ({ input, output }) => {
      now = { ...now, inputTokens: input, outputTokens: output };
      before = {
        ...before,
        inputTokens: baseFor(input, before.inputTokens),
        outputTokens: baseFor(output, before.outputTokens),
      };
    },
    turn: () => {
      const ofTurn = (total: number | null, base: number | null): number | null =>
        tokensAre === "turn" ? total : difference(total, base);
      const usage = {
        inputTokens: ofTurn(now.inputTokens, before.inputTokens),
        outputTokens: ofTurn(now.outputTokens, before.outputTokens),
        costUsd: difference(now.costUsd, before.costUsd),
      };
      return Object.values(usage).every((value) => value === null) ? null : usage;
    },
    totals: () => ({
      inputTokens: now.inputTokens ?? before.inputTokens,
      outputTokens: now.outputTokens ?? before.outputTokens,
      costUsd: now.costUsd ?? before.costUsd,
    }),
  };
}

/** An agent that counts anew after a resume tells less than before: then all of it is new. */
function baseFor(total: number, base: number | null): number | null {
  return base !== null && total < base ? 0 : base;
}

function difference(total: number | null, base: number | null): number | null {
  return total === null || base === null ? null : total - base;
}
