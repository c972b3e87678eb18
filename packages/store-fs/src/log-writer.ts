import type { LogRef, LogWriter, TurnId } from "@troupe/core";
import type { OpenFile } from "./file-system-port.js";
import { createLogTail } from "./log-tail.js";
import type { WaitingRoom } from "./waiting-room.js";

const MAX_TAIL_BYTES = 1024 * 1024;

/** What a log is written with. */
export interface LogWriterOptions {
  readonly turn: TurnId;
  /** Opens the file for appending; called once, before the first byte. */
  readonly open: () => Promise<OpenFile>;
  /** Makes what was written durable and closes. */
  readonly settle: (file: OpenFile) => Promise<void>;
  /** Bytes that are in the file already. */
  readonly existingBytes: number;
  /** Bytes kept at most, at least 2: the first ones go to the file at once, the last ones when it is closed. */
  readonly maxBytes: number;
  /** Where bytes wait for the disk; shared by all logs of a store. */
  readonly room: WaitingRoom;
}

/**
 * Writes behind the turn's back: `write` only takes note. Once the head is full, or the disk too slow or too full for
 * it, only the last bytes are kept, in memory, and a line in the file says how many are missing.
 */
export function createLogWriter(options: LogWriterOptions): LogWriter {
  const tailBytes = Math.min(MAX_TAIL_BYTES, Math.floor(options.maxBytes / 2));
  const tail = createLogTail(tailBytes);
  const head = createFileHead(options, options.maxBytes - tailBytes - options.existingBytes);
  let given = 0;
  let closed: Promise<LogRef> | null = null;

  async function finish(): Promise<LogRef> {
    await head.flushed();
    const rest = tail.kept();
    const missing = given - head.writtenBytes() - rest.length;
    const marker = missing === 0 ? "" : `\n[${missing} bytes left out]\n`;
    await head.end(Buffer.from(marker), rest);
    const kept = head.writtenBytes();
    return { turn: options.turn, bytes: options.existingBytes + kept, truncated: kept < given };
  }

  return {
    write(chunk) {
      if (closed !== null) return;
      given += chunk.length;
      tail.push(chunk.subarray(head.take(chunk)));
    },
    close() {
      closed ??= finish();
      return closed;
    },
  };
}

interface FileHead {
  /** How many of the bytes it will write, from the first. Once it cannot take all, it takes no more. */
  take(chunk: Uint8Array): number;
  flushed(): Promise<void>;
  /** Without the marker. */
  writtenBytes(): number;
  /** Writes the end, if it can, and settles the file. Rejects only when settling does. */
  end(marker: Buffer, rest: Buffer): Promise<void>;
}

/** The file side: one write at a time, the rest waits. */
function createFileHead(options: LogWriterOptions, roomBytes: number): FileHead {
  const queue = options.room.open();
  let room = Math.max(0, roomBytes);
  let file: OpenFile | null = null;
  let written = 0;
  let pumping: Promise<void> | null = null;

  async function writeOut(bytes: Uint8Array, onWritten: (count: number) => void): Promise<void> {
    file ??= await options.open();
    for (let rest = bytes; rest.length > 0; ) {
      const count = await file.write(rest);
      if (count === 0) throw new Error("a write of 0 bytes");
      onWritten(count);
      rest = rest.subarray(count);
    }
  }

  async function pump(): Promise<void> {
    for (let bytes = queue.first(); bytes !== null; bytes = queue.first()) {
      try {
        await writeOut(bytes, (count) => {
          written += count;
        });
        queue.leave();
      } catch {
        room = 0; // a log never harms its turn: what is missing is counted and marked
        queue.clear();
      }
    }
    pumping = null;
  }

  return {
    take(chunk) {
      const taken = queue.enter(chunk.subarray(0, room));
      room = taken < chunk.length ? 0 : room - taken;
      if (taken > 0) pumping ??= pump();
      return taken;
    },
    flushed: async () => pumping ?? undefined,
    writtenBytes: () => written,
    async end(marker, rest) {
      let markerLeft = marker.length;
      const count = (bytes: number) => {
        const ofMarker = Math.min(markerLeft, bytes);
        markerLeft -= ofMarker;
        written += bytes - ofMarker;
      };
      const bytes = Buffer.concat([marker, rest]);
      if (bytes.length > 0) await writeOut(bytes, count).catch(() => {}); // still no space: what is there stays
      if (file !== null) await options.settle(file);
    },
  };
}
