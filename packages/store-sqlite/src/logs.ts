import type { LogRef, LogStore, LogWriter, RunId, TurnId } from "@troupe/core";
import { addPart, endOf, readParts } from "./content.js";
import type { Change, Database } from "./database.js";
import { refuse, requireRun } from "./journal.js";
import { createLogTail } from "./log-tail.js";

/** The first bytes are written at once, what follows within this time together: a row for each would cost too much. */
const PAUSE_MS = 50;
const MAX_TAIL_BYTES = 1024 * 1024;
/** What may wait in memory for a busy database before it counts as left out. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** Logs as content named `log:<turn>`; `maxBytes`, at least 2, caps each. */
export function createLogs(db: Database, maxBytes: number): LogStore {
  return {
    async open(runId, turn) {
      const existingBytes = await db.read(
        (sql) => (requireRun(sql, runId) > 0 ? endOf(sql, runId, `log:${turn}`) : 0),
        () => refuse(runId),
      );
      return createLogWriter({ db, runId, turn, maxBytes, existingBytes });
    },
    read: (runId, turn, offset = 0) => readParts(db, runId, `log:${turn}`, offset),
  };
}

interface OpenLog {
  readonly db: Database;
  readonly runId: RunId;
  readonly turn: TurnId;
  readonly maxBytes: number;
  /** Bytes that are there already. */
  readonly existingBytes: number;
}

/**
 * Writes behind the turn's back: `write` only takes note. Once the head is full, or the database does not take it, only
 * the last bytes are kept, in memory, and a line in the log says how many are missing. Without a sync of its own: the
 * entry that refers to the log is written behind it in the same file, and is not there without it.
 */
function createLogWriter({ db, runId, turn, maxBytes, existingBytes }: OpenLog): LogWriter {
  const tailBytes = Math.min(MAX_TAIL_BYTES, Math.floor(maxBytes / 2));
  const tail = createLogTail(tailBytes);
  let room = Math.max(0, maxBytes - tailBytes - existingBytes);
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let given = 0;
  let written = 0;
  let lastWrite = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;
  let closed: Promise<LogRef> | null = null;

  const adding = (bytes: Uint8Array): Change<void> => ({
    work(sql) {
      requireRun(sql, runId); // a removed run does not come back as a log
      addPart(sql, runId, `log:${turn}`, bytes);
    },
    absent: () => refuse(runId),
    durable: false,
  });

  function schedule(): void {
    timer ??= setTimeout(flush, performance.now() - lastWrite < PAUSE_MS ? PAUSE_MS : 0).unref();
  }

  function flush(): void {
    timer = null;
    lastWrite = performance.now();
    try {
      if (!db.tryWrite(adding(Buffer.concat(waiting)))) {
        schedule();
        return;
      }
      written += waitingBytes;
    } catch {
      room = 0; // a log never harms its turn: what is missing is counted and marked
    }
    waiting = [];
    waitingBytes = 0;
  }

  function take(chunk: Uint8Array): number {
    if (waitingBytes > MAX_WAITING_BYTES) room = 0;
    const part = Buffer.from(chunk.subarray(0, room)); // a copy: the caller may use its buffer again
    room = part.length < chunk.length ? 0 : room - part.length;
    if (part.length === 0) return 0;
    waiting.push(part);
    waitingBytes += part.length;
    schedule();
    return part.length;
  }

  /** Whether it was written; waits for a busy database, and gives up without an error. */
  async function add(bytes: Buffer): Promise<boolean> {
    if (bytes.length === 0) return true;
    return await db.write(adding(bytes)).then(
      () => true,
      () => false,
    );
  }

  async function finish(): Promise<LogRef> {
    if (timer !== null) clearTimeout(timer);
    if (await add(Buffer.concat(waiting))) written += waitingBytes;
    const rest = tail.kept();
    const missing = given - written - rest.length;
    const marker = missing === 0 ? "" : `\n[${missing} bytes left out]\n`;
    if (await add(Buffer.concat([Buffer.from(marker), rest]))) written += rest.length;
    return { turn, bytes: existingBytes + written, truncated: written < given };
  }

  return {
    write(chunk) {
      if (closed !== null) return;
      given += chunk.length;
      tail.push(chunk.subarray(take(chunk)));
    },
    close() {
      closed ??= finish();
      return closed;
    },
  };
}
