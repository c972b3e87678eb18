// What the tests share: requests for real processes, and an independent look at what runs.
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Clock, CommandLine } from "@troupe/core";
import { type ProcessLister, PS_COLUMNS, parsePs, psTimeToMs } from "../src/listed-processes.js";
import type { ProcessRequest } from "../src/run-process.js";

let count = 0;

export function freshMarker(): string {
  return `test-${process.pid}-${process.hrtime.bigint()}/1/WORK.${++count}`;
}

export const environment: Readonly<Record<string, string>> = { PATH: process.env.PATH ?? "" };

/** As on macOS; the `ps` of Linux takes other options for the same list. */
export const psOfLinux: ProcessLister = {
  list: ["/bin/ps", "axeww", ...PS_COLUMNS],
  listOne: (pid) => ["/bin/ps", ...PS_COLUMNS, "-p", String(pid)],
  tellsMarkers: true,
  parse: parsePs,
  toMs: psTimeToMs,
  end: null,
};

export interface Recorded {
  readonly request: ProcessRequest;
  readonly stop: AbortController;
  readonly kill: AbortController;
  readonly pids: number[];
  text(): string;
  /** Resolves once the output holds `part`. */
  said(part: string): Promise<void>;
}

/** A request for `command` (a text is a shell line) that records its output. */
export function record(command: CommandLine | string, changes: Partial<ProcessRequest> = {}): Recorded {
  const stop = new AbortController();
  const kill = new AbortController();
  const pids: number[] = [];
  const chunks: Uint8Array[] = [];
  const text = (): string => Buffer.concat(chunks).toString("utf8");
  const listeners = new Set<() => void>();
  return {
    stop,
    kill,
    pids,
    text,
    said: (part) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (text().includes(part)) resolve();
        };
        listeners.add(look);
        look();
      }),
    request: {
      command: typeof command === "string" ? { shell: command } : command,
      cwd: tmpdir(),
      env: environment,
      input: null,
      marker: freshMarker(),
      timeoutMs: null,
      idleTimeoutMs: null,
      onOutput: (chunk) => {
        chunks.push(chunk);
        for (const listener of listeners) listener();
      },
      onStarted: (pid) => pids.push(pid),
      signal: stop.signal,
      kill: kill.signal,
      ...changes,
    },
  };
}

/** Whether a process runs; one that has ended and waits to be collected does not. */
export function isRunning(pid: number): boolean {
  return !["", "Z", "X"].includes(stateOf(pid));
}

/** The letter that `ps` shows; "" = there is no such process. */
export function stateOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.charAt(stat.lastIndexOf(")") + 2);
  } catch {
    return "";
  }
}

/** Everything that runs with this marker. */
export function runningWith(marker: string): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(`TROUPE_TURN=${marker}`))
    .map(Number)
    .filter(isRunning);
}

function environmentOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return [];
  }
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(5);
}

/** A folder that is removed at the end of `use`. */
export async function inFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "troupe-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export interface FakeClock extends Clock {
  advance(ms: number): Promise<void>;
  /** How many are waiting. */
  waiting(): number;
}

/** Time passes only by `advance`. */
export function createFakeClock(): FakeClock {
  let now = 0;
  const waiters = new Set<{ readonly at: number; readonly resolve: () => void }>();
  return {
    now: () => now,
    monotonic: () => now,
    wait: (ms, signal) =>
      new Promise((resolve) => {
        const waiter = {
          at: now + ms,
          resolve: () => {
            waiters.delete(waiter);
            resolve();
          },
        };
        if (signal?.aborted === true) return resolve();
        waiters.add(waiter);
        signal?.addEventListener("abort", waiter.resolve, { once: true });
      }),
    waiting: () => waiters.size,
    async advance(ms) {
      now += ms;
      for (const waiter of [...waiters]) if (waiter.at <= now) waiter.resolve();
      await wait(0);
    },
  };
}
