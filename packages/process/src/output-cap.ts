/** How much of an output is kept. */
export interface OutputCapOptions {
  /** Bytes kept at most: the first half and the last half. */
  readonly maxBytes: number;
}

/** Holds a stream of any length in bounded memory. */
export interface OutputCap {
  write(chunk: Uint8Array): void;
  /** All bytes that were written, kept or not. */
  readonly totalBytes: number;
  /** What {@link text} leaves out; 0 = nothing. */
  readonly omittedBytes: number;
  /** As UTF-8, never cut within a character; a line in the middle says how many bytes were left out. */
  text(): string;
}

/** Keeps the head and the tail of a stream in about `maxBytes` of memory, however small or large its chunks are. */
export function createOutputCap({ maxBytes }: OutputCapOptions): OutputCap {
  const head = createHead(Math.ceil(maxBytes / 2));
  const tail = createTail(Math.floor(maxBytes / 2));
  let totalBytes = 0;
  const parts = (): { readonly first: Buffer; readonly last: Buffer; readonly omitted: number } => {
    const [first, last] = [head.bytes(), tail.bytes()];
    if (first.length + last.length === totalBytes) return { first, last, omitted: 0 };
    const [begin, end] = [dropPartialEnd(first), dropPartialStart(last)];
    return { first: begin, last: end, omitted: totalBytes - begin.length - end.length };
  };
  return {
    write(chunk) {
      totalBytes += chunk.length;
      tail.write(chunk.subarray(head.write(chunk)));
    },
    get totalBytes() {
      return totalBytes;
    },
    get omittedBytes() {
      return parts().omitted;
    },
    text() {
      const { first, last, omitted } = parts();
      if (omitted === 0) return Buffer.concat([first, last]).toString("utf8");
      return `${first.toString("utf8")}\n[... ${omitted} bytes left out ...]\n${last.toString("utf8")}`;
    },
  };
}

/** A buffer that grows up to `limit`. */
function createHead(limit: number): { write(chunk: Uint8Array): number; bytes(): Buffer } {
  let buffer = Buffer.alloc(0);
  let length = 0;
  return {
    /** The bytes that were taken. */
    write(chunk) {
      const taken = Math.min(chunk.length, limit - length);
      if (length + taken > buffer.length) buffer = grow(buffer, length + taken, limit);
      buffer.set(chunk.subarray(0, taken), length);
      length += taken;
      return taken;
    },
    bytes: () => buffer.subarray(0, length),
  };
}

/** A ring of the last `limit` bytes; it grows before it turns. */
function createTail(limit: number): { write(chunk: Uint8Array): void; bytes(): Buffer } {
  let ring = Buffer.alloc(0);
  let length = 0;
  let next = 0;
  return {
    write(chunk) {
      const bytes = chunk.subarray(Math.max(0, chunk.length - limit));
      if (bytes.length === 0) return;
      if (length + bytes.length > ring.length && ring.length < limit) {
        ring = grow(ring, length + bytes.length, limit); // has not turned yet: its bytes lie in order from 0
        next = length;
      }
      const room = ring.length - next;
      ring.set(bytes.subarray(0, room), next);
      ring.set(bytes.subarray(room), 0);
      next = (next + bytes.length) % ring.length;
      length = Math.min(ring.length, length + bytes.length);
    },
    bytes() {
      if (length < ring.length) return ring.subarray(0, length);
      return Buffer.concat([ring.subarray(next), ring.subarray(0, next)]);
    },
  };
}

function grow(buffer: Buffer, needed: number, limit: number): Buffer<ArrayBuffer> {
  const bigger = Buffer.alloc(Math.min(limit, Math.max(needed, 2 * buffer.length, 4096)));
  bigger.set(buffer);
  return bigger;
}

function dropPartialEnd(bytes: Buffer): Buffer {
  // a lead byte among the last three that announces more bytes than follow it
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0b1100_0000) === 0b1000_0000) continue;
    return sequenceLength(byte) > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

function dropPartialStart(bytes: Buffer): Buffer {
  let start = 0;
  while (start < Math.min(3, bytes.length) && ((bytes[start] ?? 0) & 0b1100_0000) === 0b1000_0000) start++;
  return bytes.subarray(start);
}

function sequenceLength(lead: number): number {
  if (lead >= 0b1111_0000) return 4;
  if (lead >= 0b1110_0000) return 3;
  return lead >= 0b1100_0000 ? 2 : 1;
}
