import { type PluginHost, type ProgressEvent, type ProgressReporter, sanitizeLine } from "@troupe/core";
import type { ConsoleModel, StageRow } from "./console-model.js";
import { createConsoleModel } from "./create-console-model.js";
import { describeRow, elapsedOf } from "./describe-row.js";
import { eventLine } from "./event-line.js";
import { formatActive, formatUsage } from "./format.js";
import { createAttempt, guardReporter } from "./guard-reporter.js";
import { paint, type Segment, segment } from "./segment.js";
import type { WallClock } from "./wall-clock.js";

export interface LineReporterOptions {
  readonly isColoured: boolean;
  readonly wallClock: WallClock;
}

const HEARTBEAT_MS = 60_000;
/** Stages named in a heartbeat. */
const NAMED = 5;

/** One line per journal event on stderr, without cursor codes, and a sign of life each minute while the run is open. */
export function createLineReporter(host: PluginHost, { isColoured, wallClock }: LineReporterOptions): ProgressReporter {
  const { clock, streams } = host;
  const attempt = createAttempt(host.logger);
  const model = createConsoleModel(wallClock);
  let heart: AbortController | null = null;
  const write = (at: number, segments: readonly Segment[]): void => {
    streams.stderr.write(`${paint([segment(`${wallClock.time(at)} `, "dim"), ...segments], isColoured)}\n`);
  };
  const beat = async (signal: AbortSignal): Promise<void> => {
    for (;;) {
      await clock.wait(HEARTBEAT_MS, signal);
      if (signal.aborted) return;
      const now = clock.now();
      attempt(() => write(now, [segment(heartbeat(model.at(now)), "dim")]));
    }
  };
  const showEntry = (event: Extract<ProgressEvent, { type: "entry" }>): void => {
    const { entry, state } = event;
    for (const each of entry.events) {
      const line = eventLine(each, { entry, state, wallClock, turnInFlight: (turn) => model.turnInFlight(turn) });
      if (line !== null) write(entry.at, line.segments);
    }
    model.apply(event);
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
        else if (event.type === "notice") write(clock.now(), [noticeSegment(event)]);
        else model.apply(event);
      },
      close() {
        heart = stop(heart);
      },
    },
    attempt,
  );
}

/** `warning: 12 MB left`, in the tone of its level. */
export function noticeSegment({ level, message }: Extract<ProgressEvent, { type: "notice" }>): Segment {
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
  const doing = busy.length === 0 ? "nothing is running right now" : `in progress: ${[...named, ...more].join("; ")}`;
  const used = [formatActive(run.activeMs, run.limits), ...formatUsage(run.usage, run.limits)];
  return `${doing} - ${done}, ${used.join(", ")}`;
}

function isAtWork(status: StageRow["status"]): boolean {
  return !["pending", "completed", "failed", "cancelled", "skipped"].includes(status);
}

function stop(heart: AbortController | null): null {
  heart?.abort();
  return null;
}
