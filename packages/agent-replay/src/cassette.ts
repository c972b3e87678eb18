import { type Json, TroupeError, type TurnKind } from "@troupe/core";
import { type CassetteLine, readLine } from "./cassette-line.js";

/** What a recorded turn is found by; never by attempt or order. */
export interface CassetteKey {
  readonly stage: string;
  readonly round: number;
  readonly turn: TurnKind;
  readonly agent: string;
}

/** Recorded turns, by their file. */
export interface Cassette {
  readonly fileName: string;
  /** In the order of the file. */
  readonly lines: readonly CassetteLine[];
  find(key: CassetteKey): CassetteLine | null;
}

/**
 * Reads a cassette: one JSON object per line; blank lines are skipped. Throws `CASSETTE_INVALID` with all mistakes,
 * each as `file:line: what is wrong` (details: problems).
 */
export function parseCassette(text: string, fileName: string): Cassette {
  const problems: { readonly line: number; readonly message: string }[] = [];
  const byKey = new Map<string, { readonly line: number; readonly value: CassetteLine }>();
  for (const [index, content] of text
    .replace(/^\u{feff}/u, "")
    .split("\n")
    .entries()) {
    if (content.trim() === "") continue;
    const line = index + 1;
    const value = readLine(content, (message) => problems.push({ line, message }));
    if (value === null) continue;
    const key = keyText(value);
    const first = byKey.get(key);
    if (first === undefined) byKey.set(key, { line, value });
    else problems.push({ line, message: `${describeKey(value)} is already recorded in line ${first.line}` });
  }
  if (problems.length > 0) throw invalid(fileName, problems);
  return {
    fileName,
    lines: [...byKey.values()].map(({ value }) => value),
    find: (key) => byKey.get(keyText(key))?.value ?? null,
  };
}

/** The recorded keys that are most like `key`, the most alike first. */
export function nearestKeys(cassette: Cassette, key: CassetteKey, count: number): readonly CassetteKey[] {
  const likeness = (line: CassetteKey): number =>
    (line.stage === key.stage ? 8 : line.stage.toLowerCase() === key.stage.toLowerCase() ? 7 : 0) +
    (line.agent === key.agent ? 4 : 0) +
    (line.turn === key.turn ? 2 : 0) +
    (line.round === key.round ? 1 : 0);
  return [...cassette.lines].sort((a, b) => likeness(b) - likeness(a)).slice(0, count);
}

export function describeKey({ stage, round, turn, agent }: CassetteKey): string {
  return `stage ${stage}, round ${round}, turn ${turn}, agent ${agent}`;
}

function keyText({ stage, round, turn, agent }: CassetteKey): string {
  return JSON.stringify([stage, round, turn, agent]);
}

function invalid(fileName: string, problems: readonly { readonly [key: string]: Json }[]): TroupeError {
  const list = problems.map(({ line, message }) => `${fileName}:${line}: ${message}`).join("\n");
  const count = problems.length === 1 ? "a mistake" : `${problems.length} mistakes`;
  return new TroupeError("CASSETTE_INVALID", `the cassette has ${count}:\n${list}`, {
    hint: `Correct ${fileName}; each line is one turn as a JSON object.`,
    details: { file: fileName, problems },
  });
}
