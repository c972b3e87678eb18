import type { Clock } from "../plugin/host.js";
import type { Logger } from "../plugin/logger.js";

/** A timer takes at most this many milliseconds; longer waits are made of several. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The clocks of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  wait: async (ms, signal) => {
    for (let left = ms; left > 0 && signal?.aborted !== true; left -= LONGEST_TIMER_MS) {
      await timer(Math.min(left, LONGEST_TIMER_MS), signal);
    }
  },
};

/** A timer that an abort ends early; the timers of `node:timers/promises` make an error for each abort. */
async function timer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(handle);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const handle = setTimeout(end, ms);
    signal?.addEventListener("abort", end, { once: true });
  });
}

/** Asking the system's generator costs the same for many bytes as for few, and more than all else that makes an id. */
const DRAWN_BYTES = 1_024;
let drawn: Buffer = Buffer.alloc(0);
let used = 0;

/** Random lower-case hex digits of `bytes` bytes, from the system's generator. */
export function randomHex(bytes: number): string {
  if (used + bytes > drawn.length) {
    drawn = process.getBuiltinModule("node:crypto").randomBytes(Math.max(bytes, DRAWN_BYTES));
    used = 0;
  }
  used += bytes; // none of them is ever given out again
  return drawn.toString("hex", used - bytes, used);
}

/** A logger that keeps everything to itself. */
export const silentLogger: Logger = { debug: () => {}, info: () => {}, warn: () => {} };
