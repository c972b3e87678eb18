import type { Report, Span } from "./report.js";

/** A stretch in which nothing ran, drawn narrower than it was. */
interface Break extends Span {
  /** Where it is drawn, from 0 to 1. */
  readonly at: number;
  readonly width: number;
}

/** Where a moment is drawn on a line from 0 to 1. */
export interface TimeAxis {
  place(at: number): number;
  readonly breaks: readonly Break[];
  readonly from: number;
  readonly to: number;
}

/** A pause that would take more of the line than this is drawn so wide. */
const WIDEST_BREAK = 0.03;
/** All breaks together take no more of it. */
const ALL_BREAKS = 0.3;

/**
 * From the first turn to the end of the last one, or to what has been seen of it. Active time is to scale; a long pause
 * (a night between two claims, a wait for a person) is shortened, so that what happened before and after can be seen.
 */
export function createTimeAxis({
  turns,
  figures,
  reportedAt,
}: Pick<Report, "turns" | "figures" | "reportedAt">): TimeAxis {
  const from = Math.min(...firstAndLast(turns.map(({ startedAt }) => startedAt)), reportedAt);
  const ends = turns.map(({ startedAt, endedAt }) => endedAt ?? startedAt);
  const to = Math.max(from + 1, ...firstAndLast([...ends, ...figures.activeSpans.map((span) => span.to)]));
  const pauses = pausesOf(figures.activeSpans, from, to);
  const paused = pauses.reduce((sum, pause) => sum + pause.to - pause.from, 0);
  const active = Math.max(1, to - from - paused);
  const widest = Math.min(WIDEST_BREAK, ALL_BREAKS / Math.max(1, pauses.length)) * active;
  const drawn = (pause: Span): number => Math.min(pause.to - pause.from, widest);
  const total = active + pauses.reduce((sum, pause) => sum + drawn(pause), 0);
  const scaled = (at: number): number => {
    let gone = at - from;
    for (const pause of pauses) {
      const inside = Math.min(Math.max(at - pause.from, 0), pause.to - pause.from);
      if (inside > 0) gone -= inside - (inside / (pause.to - pause.from)) * drawn(pause);
    }
    return Math.min(1, Math.max(0, gone / total));
  };
  const breaks = pauses
    .filter((pause) => pause.to - pause.from > widest)
    .map((pause) => ({ ...pause, at: scaled(pause.from), width: drawn(pause) / total }));
  return { place: scaled, breaks, from, to };
}

function pausesOf(spans: readonly Span[], from: number, to: number): readonly Span[] {
  const pauses: Span[] = [];
  let last = from;
  for (const span of spans) {
    if (span.from > last) pauses.push({ from: last, to: span.from });
    last = Math.max(last, span.to);
  }
  if (to > last) pauses.push({ from: last, to });
  return pauses;
}

/** Least and greatest; spreading a hundred thousand numbers into a call would be too many arguments. */
function firstAndLast(values: readonly number[]): readonly number[] {
  const [first] = values;
  if (first === undefined) return [];
  let [least, most] = [first, first];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}
