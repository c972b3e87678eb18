/** A moment of the calendar and the clock as they are read in some time zone; months count from 1. */
interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
/** Hours east of UTC; only abbreviations that mean one thing where agents are used. */
const ABBREVIATED: Readonly<Record<string, number>> = {
  utc: 0,
  gmt: 0,
  z: 0,
  pst: -8,
  pdt: -7,
  mst: -7,
  mdt: -6,
  cst: -6,
  cdt: -5,
  est: -5,
  edt: -4,
  cet: 1,
  cest: 2,
};
/** A clock that shows minutes names a moment that may be this long ago and still mean today. */
const CLOCK_SLACK_MS = 60_000;

const UNIT = "(?:milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w)";
/** "20s", "1h30m", "3 days 4 hours and 12 minutes", "an hour". */
export const DURATION: string = `(?:(?:\\d{1,9}(?:\\.\\d{1,12})?\\s{0,3}|an?\\s)${UNIT}(?![a-z])[\\s,]{0,3}(?:and\\s)?){1,6}`;
const MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}";
const DAY = "\\d{1,2}(?:st|nd|rd|th)?";
const YEAR = "(?:,?\\s(\\d{4})(?!\\d))?";
const DATE = `(?:(?<month>${MONTH})\\.?\\s(?<day>${DAY})${YEAR.replace("(\\d", "(?<year>\\d")}|(?<day2>${DAY})\\s(?<month2>${MONTH})${YEAR.replace("(\\d", "(?<year2>\\d")}|(?<weekday>(?:sun|mon|tue|wed|thu|fri|sat)[a-z]{0,6}))`;
const CLOCK =
  "(?:(?<hour>\\d{1,2}):(?<minute>\\d{2})(?::(?<second>\\d{2}))?(?:\\s?(?<half>[ap])\\.?m\\b\\.?)?|(?<hour2>\\d{1,2})\\s?(?<half2>[ap])\\.?m\\b\\.?)";
const ZONE =
  "\\s{0,2}\\(?([A-Za-z]{1,20}(?:\\/[A-Za-z0-9_+-]{1,30}){1,2}|(?:Z|[A-Z]{2,5})(?![A-Za-z])(?:[+-]\\d{1,2}(?::?\\d{2})?)?)\\)?";
const MOMENT = new RegExp(`^(?:${DATE}(?:,?\\s(?:at\\s)?${CLOCK.replaceAll("?<", "?<dated_")})?|${CLOCK})`, "i");
const ZONE_BEHIND = new RegExp(`^${ZONE}`);

/** Milliseconds of a duration that matches {@link DURATION}. */
export function durationMs(text: string): number {
  let total = 0;
  for (const [, count = "", unit = ""] of text.matchAll(/(\d+(?:\.\d+)?|\ban?)\s*([a-z]+)/gi)) {
    const name = unit.toLowerCase();
    const key = name === "ms" || name.startsWith("milli") ? "ms" : name.charAt(0);
    total += (/^an?$/i.test(count) ? 1 : Number(count)) * Number(UNIT_MS[key]);
  }
  return Math.ceil(total);
}

/**
 * The next moment, as wall time in ms, that a text names by date, weekday or time of day at its beginning, such as
 * "3pm (Europe/Berlin)", "Nov 25th, 2026 3:05 PM" or "Monday at 9:00 UTC". A time of day that has passed is
 * tomorrow's. Null = it names none, or in a time zone that nobody knows. `zone` is that of a text which names none.
 */
export function namedMoment(text: string, now: number, zone: string | undefined): number | null {
  const found = MOMENT.exec(text);
  if (found === null) return null;
  const part: Readonly<Record<string, string | undefined>> = { ...found.groups };
  const named = ZONE_BEHIND.exec(text.slice(found[0].length))?.[1];
  const read = zoneReader(named ?? zone);
  if (read === null) return null;
  const clock = readClock(part);
  if (clock === null) return null;
  const seconds = Number(part.second ?? part.dated_second ?? 0) * 1000;
  const today = read(now);
  const month = monthOf(part.month ?? part.month2);
  if (month !== null) {
    const year = part.year ?? part.year2;
    const day = Number.parseInt(String(part.day ?? part.day2), 10);
    const date = { year: Number(year ?? today.year), month, day, ...clock };
    const at = toEpoch(date, read);
    return year === undefined && at < now - CLOCK_SLACK_MS
      ? toEpoch({ ...date, year: date.year + 1 }, read)
      : at + seconds;
  }
  const weekday = part.weekday === undefined ? null : WEEKDAYS.indexOf(part.weekday.slice(0, 3).toLowerCase());
  const step = weekday === null ? 1 : 7;
  const ahead = weekday === null ? 0 : (weekday - weekdayOf(today) + 7) % 7;
  const date = { ...today, ...clock, day: today.day + ahead };
  const at = toEpoch(date, read);
  return at < now - CLOCK_SLACK_MS ? toEpoch({ ...date, day: date.day + step }, read) : at + seconds;
}

/** Wall time in ms of an ISO date and time; one without an offset is read in `zone`. Null = it is none. */
export function isoMoment(text: string, zone: string | undefined): number | null {
  const [, year, month, day, hour, minute, second = "0", offset = zone] =
    /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d(?:\.\d{1,9})?))?\s?(Z|[+-]\d\d:?\d\d)?/i.exec(text) ?? [];
  if (year === undefined) return null;
  const wall = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
  };
  const read = zoneReader(offset?.replace(/^(?=[+-])/, "UTC"));
  return read === null ? null : toEpoch(wall, read) + Math.ceil(Number(second) * 1000);
}

function readClock(part: Readonly<Record<string, string | undefined>>): Pick<WallTime, "hour" | "minute"> | null {
  const hour = part.hour ?? part.hour2 ?? part.dated_hour ?? part.dated_hour2;
  if (hour === undefined) return { hour: 0, minute: 0 };
  const half = (part.half ?? part.half2 ?? part.dated_half ?? part.dated_half2)?.toLowerCase();
  const minute = Number(part.minute ?? part.dated_minute ?? 0);
  const number = Number(hour);
  if (minute > 59 || number > (half === undefined ? 23 : 12) || (half !== undefined && number === 0)) return null;
  return { hour: half === undefined ? number : (number % 12) + (half === "p" ? 12 : 0), minute };
}

function monthOf(name: string | undefined): number | null {
  return name === undefined ? null : MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
}

function weekdayOf({ year, month, day }: WallTime): number {
  return (daysOf(year, month, day) + 4) % 7; // the first day of the epoch was a Thursday
}

type ZoneReader = (at: number) => WallTime;

/** How a moment reads in a zone; undefined = the zone of this machine. Null = nobody knows such a zone. */
function zoneReader(zone: string | undefined): ZoneReader | null {
  const [, name = "", sign, hours = "0", minutes = "0"] =
    /^([a-z]{1,5})(?:([+-])(\d{1,2}):?(\d{2})?)?$/i.exec(zone ?? "") ?? [];
  const base = ABBREVIATED[name.toLowerCase()];
  try {
    if (base === undefined) return createReader(zone);
    const ahead = base * 60 + (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
    const read = createReader("UTC");
    return (at) => read(at + ahead * 60_000);
  } catch {
    return null; // a RangeError: no such zone
  }
}

function createReader(timeZone: string | undefined): ZoneReader {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const of = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
    return { year: of("year"), month: of("month"), day: of("day"), hour: of("hour"), minute: of("minute") };
  };
}

/** The moment at which the zone reads `wall`. Two steps, because the first guess may lie across a change of the clocks. */
function toEpoch(wall: WallTime, read: ZoneReader): number {
  const wanted = utcOf(wall);
  let at = wanted;
  for (let step = 0; step < 2; step += 1) at += wanted - utcOf(read(at));
  return at;
}

function utcOf({ year, month, day, hour, minute }: WallTime): number {
  return ((daysOf(year, month, day) * 24 + hour) * 60 + minute) * 60_000;
}

/** Days since 1970-01-01 in the Gregorian calendar; years begin in March, so that the leap day comes last. */
function daysOf(year: number, month: number, day: number): number {
  const marchYear = month < 3 ? year - 1 : year;
  const yearDay = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + yearDay - 719_468;
}
