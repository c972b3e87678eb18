import { countedSince, type Usage } from "@troupe/core";

export const NOTHING_YET: Usage = { inputTokens: 0, outputTokens: 0, costUsd: 0 };

/** Turns what an agent counts over a whole session into what one turn used. */
export interface UsageMeter {
  /** How far the session had counted that the turn goes on with; null = unknown. */
  startFrom(before: Usage | null): void;
  /** The prompt is sent: what is told from now on is of this turn. */
  begin(): void;
  /** Of the whole session. */
  cost(amountUsd: number): void;
  tokens(tokens: { readonly input: number; readonly output: number }): void;
  /** Of this turn; null = nothing is known. */
  turn(): Usage | null;
  /** Of the whole session until now, as far as a later turn needs it. */
  totals(): Usage;
}

export function createUsageMeter(tokensAre: "turn" | "session"): UsageMeter {
  const [input, output, cost] = [createCount(), createCount(), createCount()];
  const tokens = tokensAre === "session";
  let isBegun = false;
  return {
    startFrom: (before) => {
      input.startFrom(tokens ? (before?.inputTokens ?? null) : 0);
      output.startFrom(tokens ? (before?.outputTokens ?? null) : 0);
      // one that was told while the session was taken up again is newer than anything remembered
      cost.startFrom(cost.total() ?? before?.costUsd ?? null);
    },
    begin: () => {
      isBegun = true;
    },
    cost: (amountUsd) => (isBegun ? cost.add(amountUsd) : cost.startFrom(amountUsd)),
    tokens: (told) => {
      input.add(told.input);
      output.add(told.output);
    },
    turn: () => {
      const usage = { inputTokens: input.added(), outputTokens: output.added(), costUsd: cost.added() };
      return Object.values(usage).every((value) => value === null) ? null : usage;
    },
    totals: () => ({
      inputTokens: tokens ? input.total() : null,
      outputTokens: tokens ? output.total() : null,
      costUsd: cost.total(),
    }),
  };
}

/** One amount that grows. */
interface Count {
  startFrom(total: number | null): void;
  /** What it stands at now; less than before = it has begun anew. */
  add(total: number): void;
  /** Since the start; null = unknown, or nothing was told since. */
  added(): number | null;
  /** What was told last, else the start. */
  total(): number | null;
}

function createCount(): Count {
  let start: number | null = null;
  let now: number | null = null;
  let earlier = 0; // before it last began anew
  return {
    startFrom: (total) => {
      start = total;
    },
    add: (total) => {
      if (now !== null && start !== null && total < now) {
        earlier += countedSince(now, start) ?? 0;
        start = 0;
      }
      now = total;
    },
    added: () => {
      const since = countedSince(now, start);
      return since === null ? null : earlier + since;
    },
    total: () => now ?? start,
  };
}
