import type { ChildProcess } from "node:child_process";
import { countChunk } from "./free-chunks.js";

/** What is being read from a child. */
export interface OutputReading {
  bytes(): number;
  /** Settles when all pipes are closed. Never rejects. */
  readonly closed: Promise<unknown>;
}

export function readOutput(
  child: ChildProcess,
  onChunk: (chunk: Uint8Array, source: "stdout" | "stderr") => void,
): OutputReading {
  let bytes = 0;
  for (const source of ["stdout", "stderr"] as const) {
    const stream = child[source];
    stream?.on("data", (chunk: Uint8Array) => {
      bytes += chunk.length;
      onChunk(chunk, source);
      countChunk(chunk.length);
    });
    stream?.on("error", () => {}); // a broken pipe ends the output, not the program
  }
  return { bytes: () => bytes, closed: new Promise((resolve) => child.once("close", resolve)) };
}

const LOOK_MS = 50;
const QUIET_LOOKS = 3;
const MOST_LOOKS = 40;

/**
 * After a process has ended: waits until its pipes are read to their end, then closes them. A process that escaped may
 * hold them open, so it stops when nothing has come for a moment, and after 2 s in any case.
 */
export async function drainOutput(child: ChildProcess, { bytes, closed }: OutputReading): Promise<void> {
  child.stdin?.destroy();
  let looks = 0;
  let quiet = 0;
  let before = bytes();
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  const timer = setInterval(() => {
    quiet = bytes() === before ? quiet + 1 : 0;
    before = bytes();
    if (quiet >= QUIET_LOOKS || ++looks >= MOST_LOOKS) resolve();
  }, LOOK_MS);
  await Promise.race([closed, enough]);
  clearInterval(timer);
  child.stdout?.destroy();
  child.stderr?.destroy();
}
