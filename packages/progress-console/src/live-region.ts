import { Writable } from "node:stream";
import type { TextSink } from "@troupe/core";
import { createLogUpdate } from "log-update";
import stringWidth from "string-width";

/** Rows at the end of the terminal that are drawn over and over, with lasting lines above them. */
export interface LiveRegion {
  /** Writes `lasting` above the region and `lines` as the region, in one write. */
  draw(lasting: readonly string[], lines: readonly string[]): void;
}

const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";
/** A terminal that knows these shows what lies between them at once. */
const BEGIN_UPDATE = "\u001b[?2026h";
const END_UPDATE = "\u001b[?2026l";
const ERASE_LINE_AND_GO_UP = "\u001b[2K\u001b[1A";
const ERASE_FIRST_LINE = "\u001b[2K\u001b[G";

/**
 * Never clears more than its own rows. The cursor is hidden during a redraw only: what ends the process between two of
 * them, `kill -9` too, leaves it below the rows, where a shell goes on.
 */
export function createLiveRegion(sink: TextSink): LiveRegion {
  let written = "";
  const update = createLogUpdate(
    createTerminal(sink, (text) => (written += text)),
    { showCursor: true },
  );
  let drawn: readonly string[] = [];
  let columns = sink.size().columns;
  const eraseRewrapped = (): void => {
    const now = sink.size().columns;
    // The terminal has wrapped the rows anew, and log-update would erase too few of them.
    if (now < columns && drawn.length > 0) {
      const rows = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(stringWidth(line) / now)), 0);
      written += `${ERASE_LINE_AND_GO_UP.repeat(rows)}${ERASE_FIRST_LINE}`;
      update.done();
    }
    columns = now;
  };
  return {
    draw(lasting, lines) {
      eraseRewrapped();
      if (lasting.length > 0) {
        update.clear();
        written += `${lasting.join("\n")}\n`; // not `persist`: it would break long lines for good
      }
      if (lines.length > 0) update(lines.join("\n"));
      else update.clear();
      drawn = lines;
      if (written !== "") sink.write(`${BEGIN_UPDATE}${HIDE_CURSOR}${written}${SHOW_CURSOR}${END_UPDATE}`);
      written = "";
    },
  };
}

/** The stream that log-update wants, in front of a sink. */
function createTerminal(sink: TextSink, write: (text: string) => void): Writable {
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      write(String(chunk));
      done();
    },
  });
  return Object.defineProperties(stream, {
    columns: { get: () => sink.size().columns },
    rows: { get: () => sink.size().rows },
  });
}
