import { type PluginHost, type ProgressEvent, type ProgressReporter, type RunEvent, sanitizeLine } from "@troupe/core";
import type { ConsoleModel, StageRow } from "./console-model.js";
import { createConsoleModel } from "./create-console-model.js";
import { describeRow, elapsedOf } from "./describe-row.js";
import { type EventLine, eventLine } from "./event-line.js";
import { formatActive, formatUsage } from "./format.js";
import { type Glyphs, UNICODE_GLYPHS } from "./glyphs.js";
import { createAttempt, guardReporter } from "./guard-reporter.js";
import { paint, type Segment, segment } from "./segment.js";
import { createWaitNews, HOW_TO_STOP } from "./wait-news.js";
import type { WallClock } from "./wall-clock.js";

/** How the lines of events look. */
export interface LineReporterOptions {
  readonly isColoured: boolean;
  readonly wallClock: WallClock;
  /** Default: Unicode. */
  readonly glyphs?: Glyphs;
}

/** Where the lines of a {@link createLineReporter} go. */
export interface LineOutput {
  /** A line of the journal, with the event that it tells; `model` makes what there is to show then. */
  event(line: EventLine, event: RunEvent, entry: EntryEvent, model: () => ConsoleModel): void;
  /** A line on a wait, which no event tells. */
  wait(line: EventLine, at: number): void;
  notice(notice: NoticeEvent, at: number): void;
  /** The sign of life. */
  beat(text: string, at: number): void;
  close?(): void;
}

type EntryEvent = Extract<ProgressEvent, { type: "entry" }>;
export type NoticeEvent = Extract<ProgressEvent, { type: "notice" }>;

const HEARTBEAT_MS = 60_000;
/** Stages named in a heartbeat. */
const NAMED = 5;

/** One line per journal event on stderr, without cursor codes, and a sign of life each minute while the run is open. */
export function createLineReporter(host: PluginHost, options: LineReporterOptions): ProgressReporter {
  const { stderr } = host.streams;
  const write = (at: number, segments: readonly Segment[]): void => {
    stderr.write(`${timedLine(at, segments, options)}\n`);
  };
  return createLineTeller(host, options, {
    event: (line, _event, { entry }) => write(entry.at, line.segments),
    wait: (line, at) => write(at, line.segments),
    notice: (notice, at) => write(at, [noticeSegment(notice)]),
    beat: (text, at) => write(at, [segment(text, "dim")]),
  });
}

/** `15:02:40 [analysis] RESEARCH: work by builder started` */
export function timedLine(at: number, segments: readonly Segment[], options: LineReporterOptions): string {
  const { isColoured, wallClock, glyphs = UNICODE_GLYPHS } = options;
  const line = [segment(`${wallClock.time(at)} `, "dim"), ...segments];
  return paint(
    line.map(({ text, tone }) => segment(glyphs.text(text), tone)),
    isColoured,
  );
}

/** Makes lines of what it is told, and a sign of life each minute while the run is open; `output` shows them. */
export function createLineTeller(host: PluginHost, options: LineReporterOptions, output: LineOutput): ProgressReporter {
  const { clock } = host;
  const { wallClock, glyphs = UNICODE_GLYPHS } = options;
  const attempt = createAttempt(host.logger);
  const model = createConsoleModel(wallClock);
  const waits = createWaitNews(wallClock);
  let heart: AbortController | null = null;
  const beat = async (signal: AbortSignal): Promise<void> => {
    for (;;) {
      await clock.wait(HEARTBEAT_MS, signal);
      if (signal.aborted) return;
      const now = clock.now();
      attempt(() => output.beat(heartbeat(model.at(now)), now));
    }
  };
  const showEntry = (event: EntryEvent): void => {
    const { entry, state } = event;
    const turnInFlight = (turn: string) => model.turnInFlight(turn);
    const told = entry.events.map(
      (each) => [each, eventLine(each, { entry, state, wallClock, glyphs, turnInFlight })] as const,
    );
    model.apply(event);
    for (const [each, line] of told) if (line !== null) output.event(line, each, event, () => model.at(entry.at));
    for (const line of waits.after(entry, state)) output.wait(line, entry.at);
    if (state.status !== "running") heart = stop(heart);
    else if (heart === null) {
      heart = new AbortController();
      void beat(heart.signal);
    }
  };
  return guardReporter(
    {
      report(event) {
        if (event.type === "entry") showEntry(event);
        else if (event.type === "notice") output.notice(event, clock.now());
        else model.apply(event);
      },
      close() {
        heart = stop(heart);
        output.close?.();
      },
    },
    attempt,
  );
}

/** `warning: 12 MB left`, in the tone of its level. */
export function noticeSegment({ level, message }: NoticeEvent): Segment {
  const tone = level === "error" ? "bad" : level === "warning" ? "wait" : "plain";
  return segment(`${level}: ${sanitizeLine(message)}`, tone);
}

function heartbeat({ run, blocks, now }: ConsoleModel): string {
  if (run === null) return "nothing has started yet";
  const rows = blocks.flatMap((block) => (block.type === "stage" ? [block.row] : block.rows));
  const busy = rows.filter(({ status }) => isAtWork(status));
  const named = busy.slice(0, NAMED).map((row) => `${row.name} (${describeRow(row)}, ${elapsedOf(row, now)})`);
  const more = busy.length > NAMED ? [`${busy.length - NAMED} more`] : [];
  const done = `${run.counts.completed + run.counts.skipped}/${run.stages} stages done`;
  const isOnlyWaiting = busy.length > 0 && busy.every(({ status }) => status === "retrying");
  const what = isOnlyWaiting ? "only waiting" : "in progress";
  const doing = busy.length === 0 ? "nothing is running right now" : `${what}: ${[...named, ...more].join("; ")}`;
  const advice = isOnlyWaiting ? `. ${HOW_TO_STOP}` : "";
  const used = [formatActive(run.activeMs, run.limits), ...formatUsage(run.usage, run.limits)];
  return `${doing} - ${done}, ${used.join(", ")}${advice}`;
}

function isAtWork(status: StageRow["status"]): boolean {
  return !["pending", "completed", "failed", "cancelled", "skipped"].includes(status);
}

function stop(heart: AbortController | null): null {
  heart?.abort();
  return null;
}
