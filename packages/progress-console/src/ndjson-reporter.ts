import {
  type JournalEntry,
  jsonLine,
  type PluginHost,
  type ProgressReporter,
  type RunEvent,
  sanitizeLine,
} from "@troupe/core";
import { formatWarning } from "./format.js";
import { createAttempt, guardReporter } from "./guard-reporter.js";

/** One line of the NDJSON output. Fields may be added; a change of their meaning raises `v`. */
export interface NdjsonLine {
  readonly v: 1;
  /** The same as `event.type`. */
  readonly type: RunEvent["type"];
  /** Position of the entry in the journal; the events of one entry share it. */
  readonly seq: number;
  /** ms since the epoch. */
  readonly at: number;
  readonly event: RunEvent;
}

/** Each event of the journal as a line of JSON on stdout, when it is durable; notices and warnings of limits as text on stderr. */
export function createNdjsonReporter(host: PluginHost): ProgressReporter {
  const { stdout, stderr } = host.streams;
  return guardReporter(
    {
      report(event) {
        if (event.type === "entry") {
          stdout.write(linesOf(event.entry));
          for (const warning of warningsOf(event.entry)) stderr.write(warning);
        } else if (event.type === "notice") stderr.write(`${event.level}: ${sanitizeLine(event.message)}\n`);
      },
      close() {},
    },
    createAttempt(host.logger),
  );
}

/** Who reads the events with a program may still want to see by eye that a budget runs out. */
function warningsOf({ events }: JournalEntry): readonly string[] {
  return events.flatMap((event) => (event.type === "limit.neared" ? `warning: ${formatWarning(event)}\n` : []));
}

function linesOf({ seq, at, events }: JournalEntry): string {
  return events
    .map((event) => {
      const line: NdjsonLine = { v: 1, type: event.type, seq, at, event };
      return `${jsonLine(line)}\n`;
    })
    .join("");
}
