/** The last bytes of a stream, in a fixed amount of memory. */
export interface LogTail {
  push(bytes: Uint8Array): void;
  /** Bytes pushed that are no longer kept. */
  droppedBytes(): number;
  /** What is kept, oldest first. */
  kept(): Buffer;
}

export function createLogTail(capacityBytes: number): LogTail {
  let ring: Buffer | null = null; // most logs never need it
  let pushed = 0;
  return {
    push(bytes) {
      ring ??= Buffer.alloc(capacityBytes);
      const skipped = Math.max(0, bytes.length - capacityBytes);
      pushed += skipped;
      for (let rest = bytes.subarray(skipped); rest.length > 0; ) {
        const at = pushed % capacityBytes;
        const part = rest.subarray(0, capacityBytes - at);
        ring.set(part, at);
        pushed += part.length;
        rest = rest.subarray(part.length);
      }
    },
    droppedBytes: () => Math.max(0, pushed - capacityBytes),
    kept() {
      if (ring === null) return Buffer.alloc(0);
      if (pushed <= capacityBytes) return ring.subarray(0, pushed);
      const at = pushed % capacityBytes;
      return Buffer.concat([ring.subarray(at), ring.subarray(0, at)]);
    },
  };
}
