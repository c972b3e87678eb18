import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Clock, Logger } from "../plugin/host.js";

/** A timer takes at most this many milliseconds; longer waits are made of several. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The clocks of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  wait: async (ms, signal) => {
    for (let left = ms; left > 0; left -= LONGEST_TIMER_MS) {
      if (signal?.aborted === true) return;
      const options = signal === undefined ? {} : { signal };
      await delay(Math.min(left, LONGEST_TIMER_MS), undefined, options).catch(() => {}); // aborted: the wait is over
    }
  },
};

/** Random lower-case hex digits of `bytes` bytes, from the system's generator. */
export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}

export const silentLogger: Logger = { debug: () => {}, info: () => {}, warn: () => {} };
