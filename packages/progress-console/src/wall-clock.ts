/** Shows points in time (ms since the epoch) as a person's clock does. */
export interface WallClock {
  /** `15:00:07` */
  time(at: number): string;
  /** `15:00`; with seconds when it is near, and on another day than `now` with the date before it. */
  until(at: number, now: number): string;
}

/** Nearer than this the seconds of a wait matter. */
const NEAR_MS = 600_000;

/** In `timeZone` (an IANA name), else in the zone of the system. Throws a `RangeError` for an unknown zone. */
export function createWallClock(timeZone?: string): WallClock {
  const zone = timeZone === undefined ? {} : { timeZone };
  const format = new Intl.DateTimeFormat("en-GB", {
    ...zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  const partsOf = (at: number): { readonly date: string; readonly time: string } => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const join = (types: readonly Intl.DateTimeFormatPartTypes[], by: string): string =>
      types.map((type) => parts.get(type)).join(by);
    return { date: join(["year", "month", "day"], "-"), time: join(["hour", "minute", "second"], ":") };
  };
  return {
    time: (at) => partsOf(at).time,
    until(at, now) {
      const { date, time } = partsOf(at);
      const shown = Math.abs(at - now) < NEAR_MS ? time : time.slice(0, 5);
      return date === partsOf(now).date ? shown : `${date} ${shown}`;
    },
  };
}
