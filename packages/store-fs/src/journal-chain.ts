import type { JournalEntry, RunId } from "@troupe/core";
import { NO_LINE, parseLine, type WantedParts } from "./journal-line.js";

/** How far a journal has been judged: the last line that counts, and what the rest of the judgement needs. */
export interface Chain {
  /** Whose lines they are; a line of another run is damage wherever it stands. */
  readonly runId: RunId;
  /** Position of the last line that counts; 0 = none yet. */
  readonly seq: number;
  /** Its checksum. */
  readonly crc: string;
  /** Checksums of lines that lost their position to another, with that position; only those that can still have heirs. */
  readonly losers: ReadonlyMap<string, number>;
  /** Offset of the first damaged line since; null = none. Passed over only if the chain continues behind it. */
  readonly damagedAt: number | null;
}

/** Why a journal cannot be read on. */
export type JournalFault =
  | { readonly kind: "corrupt"; readonly offset: number; readonly reason: string }
  | { readonly kind: "newer"; readonly offset: number; readonly version: number };

/** What one segment does to the chain. */
export type ChainStep =
  | { readonly kind: "entry"; readonly chain: Chain; readonly entry: JournalEntry }
  /** It does not count. */
  | { readonly kind: "passed"; readonly chain: Chain }
  | { readonly kind: "fault"; readonly fault: JournalFault };

/** Before the first line. */
export function emptyChain(runId: RunId): Chain {
  return { runId, seq: 0, crc: NO_LINE, losers: new Map(), damagedAt: null };
}

/**
 * Judges the next segment of a journal, `offset` bytes into the file. The first valid line at a position wins it;
 * nothing that was once acknowledged is ever passed over, and nothing is guessed: whatever is neither a line that
 * continues the chain, nor a loser, nor a torn write is a fault.
 */
export function extendChain(chain: Chain, segment: Buffer, offset: number, wanted?: WantedParts): ChainStep {
  const line = parseLine(segment, wanted);
  switch (line.kind) {
    case "blank":
    case "fragment":
      return { kind: "passed", chain };
    case "damaged":
      return { kind: "passed", chain: { ...chain, damagedAt: chain.damagedAt ?? offset } };
    case "foreign":
      return corrupt(chain, offset, "a line that is not an entry");
    case "newer":
      return { kind: "fault", fault: { kind: "newer", offset, version: line.version } };
    case "valid":
      return place(chain, line, offset);
  }
}

/** What is wrong when nothing follows any more; null = nothing. */
export function faultAtEnd(chain: Chain): JournalFault | null {
  if (chain.damagedAt === null) return null;
  return { kind: "corrupt", offset: chain.damagedAt, reason: "a damaged line" };
}

function place(
  chain: Chain,
  line: { readonly entry: JournalEntry; readonly prev: string; readonly crc: string },
  offset: number,
): ChainStep {
  const { seq, summary } = line.entry;
  if (summary.runId !== chain.runId) return corrupt(chain, offset, "a line of another run");
  if (seq === chain.seq + 1 && line.prev === chain.crc) {
    const losers = chain.losers.size === 0 ? chain.losers : new Map([...chain.losers].filter(([, at]) => at >= seq));
    // not spread: a journal has as many chains as lines
    const next = { runId: chain.runId, seq, crc: line.crc, losers, damagedAt: null };
    return { kind: "entry", entry: line.entry, chain: next };
  }
  if (seq <= chain.seq || chain.losers.get(line.prev) === seq - 1) {
    // Heirs of earlier losers stand at taken positions anyway.
    const canHaveHeirs = seq >= chain.seq && line.crc !== chain.crc;
    const losers = canHaveHeirs ? new Map([...chain.losers, [line.crc, seq] as const]) : chain.losers;
    return { kind: "passed", chain: { ...chain, losers } };
  }
  return corrupt(chain, offset, "a line that continues no known one");
}

function corrupt(chain: Chain, offset: number, reason: string): ChainStep {
  // A damaged line before it is the cause, this one the symptom.
  const fault = faultAtEnd(chain) ?? { kind: "corrupt", offset, reason };
  return { kind: "fault", fault };
}
