import { showMoment } from "../show-time.js";
import type { TimeAxis } from "../time-axis.js";

interface Tick {
  /** From 0 to 1. */
  readonly at: number;
  readonly label: string;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 4, 6, 12, 24, 48, 168].map((count) => count * HOUR),
];
const MOST_TICKS = 7;
const NARROWEST = 0.085;

/** Round times along an axis, none within a shortened pause, none on top of another. */
export function createTicks(axis: TimeAxis): readonly Tick[] {
  const paused = axis.breaks.reduce((sum, { from, to }) => sum + to - from, 0);
  const step = STEPS.find((each) => (axis.to - axis.from - paused) / each <= MOST_TICKS) ?? 4 * 168 * HOUR;
  const ticks: Tick[] = [];
  let at = Math.ceil(axis.from / step) * step;
  for (; at <= axis.to; at += step) {
    const pause = axis.breaks.find(({ from, to }) => from < at && at < to);
    if (pause !== undefined) {
      at = Math.ceil(pause.to / step) * step - step;
      continue;
    }
    const place = axis.place(at);
    if (place > 0.96 || place - (ticks.at(-1)?.at ?? -1) < NARROWEST) continue;
    ticks.push({ at: place, label: labelOf(at, step) });
  }
  return ticks;
}

function labelOf(at: number, step: number): string {
  const moment = showMoment(at);
  if (step >= 24 * HOUR) return moment.slice(5, 10);
  return moment.slice(11, step < MINUTE ? 19 : 16);
}
