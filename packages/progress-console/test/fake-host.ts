import type { Clock, PluginHost, TextSink } from "@troupe/core";

/** Time that passes when the test says so. */
interface FakeClock extends Clock {
  /** Lets time pass, and everything that waited for it happen, in order. */
  advance(ms: number): Promise<void>;
  readonly waiting: number;
}

function createFakeClock(start: number): FakeClock {
  const waits = new Set<{ readonly until: number; readonly resolve: () => void }>();
  let passed = 0;
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    now: () => start + passed,
    monotonic: () => passed,
    wait(ms, signal) {
      return new Promise((resolve) => {
        if (signal?.aborted === true) return resolve();
        const wait = { until: passed + ms, resolve };
        waits.add(wait);
        signal?.addEventListener("abort", () => {
          waits.delete(wait);
          resolve();
        });
      });
    },
    async advance(ms) {
      const end = passed + ms;
      for (;;) {
        const next = [...waits].toSorted((a, b) => a.until - b.until)[0];
        if (next === undefined || next.until > end) break;
        passed = next.until;
        waits.delete(next);
        next.resolve();
        await settle();
      }
      passed = end;
    },
    get waiting() {
      return waits.size;
    },
  };
}

export interface FakeSink extends TextSink {
  readonly writes: string[];
  text(): string;
  resize(columns: number, rows: number): void;
  readonly listeners: number;
}

export function createFakeSink(isTerminal = false, columns = 80, rows = 24): FakeSink {
  const writes: string[] = [];
  const listeners = new Set<() => void>();
  let size = { columns, rows };
  return {
    writes,
    isTerminal,
    write: (text) => {
      writes.push(text);
    },
    text: () => writes.join(""),
    size: () => size,
    onResize(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    resize(newColumns, newRows) {
      size = { columns: newColumns, rows: newRows };
      for (const listener of listeners) listener();
    },
    get listeners() {
      return listeners.size;
    },
  };
}

export interface FakeHost extends PluginHost {
  readonly clock: FakeClock;
  readonly streams: { readonly stdout: FakeSink; readonly stderr: FakeSink };
  readonly logged: readonly string[];
}

export function createFakeHost(
  start: number,
  stderr: FakeSink = createFakeSink(),
  environment: Readonly<Record<string, string>> = {},
): FakeHost {
  const logged: string[] = [];
  const log = (message: string): void => {
    logged.push(message);
  };
  return {
    clock: createFakeClock(start),
    randomHex: () => "",
    environment,
    streams: { stdout: createFakeSink(), stderr },
    projectFolder: "/",
    stateFolder: "/",
    logger: { debug: log, info: log, warn: log },
    logged,
  };
}
