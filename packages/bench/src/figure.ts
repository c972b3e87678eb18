import { type Pair, ratioOf, type Spread, spreadOf } from "./statistics.js";

/** One line of the table. */
export interface Figure {
  /** Name of its row. */
  readonly row: string;
  /** What was measured, with the store where it matters. */
  readonly what: string;
  readonly unit: string;
  readonly value: Spread;
  /** What the value is compared with, measured interleaved; null = it stands for itself. */
  readonly floor: { readonly name: string; readonly value: Spread; readonly ratio: Spread } | null;
  /** The most that the ratio, or the value where there is no floor, may be; null = it has no target. */
  readonly target: number | null;
  /** null = it has no target. */
  readonly isMet: boolean | null;
}

interface FigureDraft {
  readonly row: string;
  readonly what: string;
  readonly unit: string;
  readonly target: number | null;
}

/** A figure that is compared with its floor. */
export function compared(draft: FigureDraft, floorName: string, pairs: readonly Pair[]): Figure {
  const ratio = ratioOf(pairs);
  const value = spreadOf(pairs.map((pair) => pair.value));
  const floor = { name: floorName, value: spreadOf(pairs.map((pair) => pair.floor)), ratio };
  return { ...draft, value, floor, isMet: draft.target === null ? null : ratio.median <= draft.target };
}

/** A figure that stands for itself. */
export function measured(draft: FigureDraft, values: readonly number[]): Figure {
  const value = spreadOf(values);
  return { ...draft, value, floor: null, isMet: draft.target === null ? null : value.median <= draft.target };
}
