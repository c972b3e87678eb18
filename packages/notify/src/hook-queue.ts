import type { Clock } from "@troupe/core";
import type { Delivery } from "./delivery.js";
import type { Notification } from "./notification.js";

/** One hook's notifications, sent one after another, in the order in which things happened. */
export interface HookQueue {
  push(notification: Notification): void;
  /**
   * Waits no longer between attempts: each that is left has one more, until one fails or `deadline` aborts. Resolves
   * with what was not sent, when nothing runs any more.
   */
  finish(deadline: AbortSignal): Promise<readonly Notification[]>;
}

export interface HookQueueParts {
  readonly clock: Clock;
  readonly send: (notification: Notification, signal: AbortSignal) => Promise<Delivery>;
  /** Awaited before the next is sent; must not reject. */
  readonly done: (notification: Notification, how: "sent" | "expired") => Promise<void>;
  /** Of each failure; whoever is told decides what is worth repeating. */
  readonly failed: (failure: Extract<Delivery, { readonly status: "failed" }>) => void;
  /** One attempt each, and nothing of them is kept. */
  readonly once: boolean;
}

/** Who was told nothing for so long does not want to hear of it any more. */
const EXPIRES_MS = 24 * 3_600_000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 300_000;

export function createHookQueue(parts: HookQueueParts): HookQueue {
  const waiting: Notification[] = [];
  const left: Notification[] = [];
  const ending = new AbortController();
  const cut = new AbortController();
  let isRunning = false;
  let running: Promise<void> = Promise.resolve();
  let failures = 0;
  /** Before this, of the monotonic clock, the service does not want to be asked again. */
  let askedUntil = 0;

  /** How long to wait before the next attempt; 0 = whatever comes next is not to wait. */
  const attempt = async (notification: Notification): Promise<number> => {
    const result = await parts.send(notification, cut.signal);
    if (result.status === "sent") {
      failures = 0;
      waiting.shift();
      await parts.done(notification, "sent");
      return 0;
    }
    parts.failed(result);
    if (parts.once || result.retry === "never") {
      waiting.shift();
      if (!parts.once) left.push(notification);
      return 0;
    }
    failures += 1;
    askedUntil = parts.clock.monotonic() + result.retry.afterMs;
    return Math.max(Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS), result.retry.afterMs);
  };

  const run = async (): Promise<void> => {
    for (let next = waiting[0]; next !== undefined && !cut.signal.aborted; next = waiting[0]) {
      if (parts.clock.now() - next.at > EXPIRES_MS) {
        waiting.shift();
        await parts.done(next, "expired");
        continue;
      }
      const isLast = ending.signal.aborted;
      if (isLast && parts.clock.monotonic() < askedUntil) break;
      const waitMs = await attempt(next);
      if (waitMs === 0) continue;
      if (isLast) break;
      await parts.clock.wait(waitMs, ending.signal);
    }
    isRunning = false;
  };
  const start = (): Promise<void> => {
    if (isRunning) return running;
    isRunning = true;
    running = run();
    return running;
  };
  return {
    push(notification) {
      waiting.push(notification);
      if (!ending.signal.aborted) void start();
    },
    async finish(deadline) {
      ending.abort();
      const stop = (): void => cut.abort();
      if (deadline.aborted) stop();
      deadline.addEventListener("abort", stop, { once: true });
      await start();
      return [...left, ...waiting];
    },
  };
}
