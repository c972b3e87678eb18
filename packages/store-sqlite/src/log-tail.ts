/** The last bytes of a stream, in a fixed amount of memory. */
export interface LogTail {
  push(bytes: Uint8Array): void;
  /** Oldest first. */
  kept(): Buffer;
}

export function createLogTail(capacityBytes: number): LogTail {
  let ring: Buffer | null = null; // most logs never need it
  let end = 0;
  let isFull = false;
  return {
    push(bytes) {
      for (let rest = bytes.subarray(Math.max(0, bytes.length - capacityBytes)); rest.length > 0; ) {
        ring ??= Buffer.alloc(capacityBytes);
        const part = rest.subarray(0, capacityBytes - end);
        ring.set(part, end);
        isFull ||= end + part.length === capacityBytes;
        end = (end + part.length) % capacityBytes;
        rest = rest.subarray(part.length);
      }
    },
    kept() {
      if (ring === null) return Buffer.alloc(0);
      return isFull ? Buffer.concat([ring.subarray(end), ring.subarray(0, end)]) : ring.subarray(0, end);
    },
  };
}
