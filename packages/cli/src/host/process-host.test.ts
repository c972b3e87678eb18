import { EventEmitter } from "node:events";
import { closeSync, openSync } from "node:fs";
import { PassThrough } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { createProcessHost, type HostProcess } from "./process-host.js";

class TestStream extends PassThrough {
  isTTY = false;
  columns: number | undefined;
  rows: number | undefined;
}

interface TestProcess extends HostProcess {
  readonly events: EventEmitter;
  readonly stdin: TestStream;
  readonly stdout: TestStream;
  readonly stderr: TestStream;
  readonly exits: number[];
}

function createTestProcess(isTerminal = false): TestProcess {
  const events = new EventEmitter();
  const exits: number[] = [];
  const [stdin, stdout, stderr] = [new TestStream(), new TestStream(), new TestStream()];
  for (const stream of [stdin, stdout, stderr]) stream.isTTY = isTerminal;
  return {
    events,
    exits,
    stdin,
    stdout,
    stderr,
    env: { NAME: "value" },
    cwd: () => "/somewhere",
    on: (name, listener) => events.on(name, listener),
    off: (name, listener) => events.off(name, listener),
    exit: (code) => void exits.push(code),
  };
}

test("gives environment, folder, standard input, signals and the end of the process", async () => {
  const process = createTestProcess();
  const host = createProcessHost(process);
  expect({ environment: host.environment, cwd: host.cwd, ask: host.ask }).toEqual({
    environment: { NAME: "value" },
    cwd: "/somewhere",
    ask: null,
  });
  process.stdin.write("first ");
  process.stdin.end("last");
  expect(await host.readStdin()).toBe("first last");
  const signals: string[] = [];
  const stop = host.onSignal((signal) => void signals.push(signal));
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1"]) process.events.emit(name, name);
  stop();
  process.events.emit("SIGINT", "SIGINT");
  expect(signals).toEqual(["SIGINT", "SIGTERM", "SIGHUP"]);
  host.exitNow(130);
  await expect.poll(() => process.exits).toEqual([130]);
});

test("the last words reach their reader before the process ends, but it does not wait for one that never reads", async () => {
  const process = createTestProcess();
  const host = createProcessHost(process);
  const words = `${"word ".repeat(40_000)}last\n`;
  host.stderr.write(words);
  host.exitNow(130);
  await new Promise((resolve) => setImmediate(resolve));
  expect(process.exits).toEqual([]);
  let read = "";
  process.stderr.on("data", (chunk) => {
    read += String(chunk);
  });
  await expect.poll(() => process.exits).toEqual([130]);
  expect(read).toBe(words);
  process.stdout.write("x".repeat(100_000));
  host.exitNow(143);
  await expect.poll(() => process.exits, { timeout: 60_000 }).toEqual([130, 143]);
});

test("a stream that takes nothing any more does not keep the process", async () => {
  const process = createTestProcess();
  const host = createProcessHost(process);
  process.stderr.destroy();
  process.stdout.write = () => {
    throw new Error("no space");
  };
  host.exitNow(129);
  await expect.poll(() => process.exits).toEqual([129]);
});

test("all is written while it goes to descriptors, and nobody knows once a stream or bytes have been asked for", async () => {
  const descriptor = openSync("/dev/null", "w");
  onTestFinished(() => closeSync(descriptor));
  const descriptors = { stdout: descriptor, stderr: descriptor };
  const host = createProcessHost(createTestProcess(), descriptors);
  host.stdout.write("a line\n");
  host.stderr.write("a line\n");
  expect(host.isWritten).toBe(true);
  host.stderr.size();
  expect(host.isWritten).toBe(false);
  const other = createProcessHost(createTestProcess(), descriptors);
  await other.writeBytes?.(Buffer.from("bytes"));
  expect(other.isWritten).toBe(false);
  const streaming = createProcessHost(createTestProcess());
  streaming.stdout.write("a line\n");
  expect(streaming.isWritten).toBe(false);
});

test("a sink knows its terminal", () => {
  const process = createTestProcess(true);
  const { stderr } = createProcessHost(process);
  expect({ isTerminal: stderr.isTerminal, size: stderr.size() }).toEqual({
    isTerminal: true,
    size: { columns: 80, rows: 24 },
  });
  Object.assign(process.stderr, { columns: 120, rows: 50 });
  let resizes = 0;
  const stop = stderr.onResize?.(() => {
    resizes += 1;
  });
  process.stderr.emit("resize");
  stop?.();
  process.stderr.emit("resize");
  expect({ size: stderr.size(), resizes }).toEqual({ size: { columns: 120, rows: 50 }, resizes: 1 });
});

test("a sink tells that its process goes on after a stop", () => {
  const process = createTestProcess(true);
  const { stderr } = createProcessHost(process);
  let count = 0;
  const stop = stderr.onContinue?.(() => {
    count += 1;
  });
  process.events.emit("SIGCONT");
  stop?.();
  process.events.emit("SIGCONT");
  expect(count).toBe(1);
});

test("a closed pipe ends the output and nothing else, as does any other error of the output", () => {
  const process = createTestProcess();
  const { stdout } = createProcessHost(process);
  stdout.write("before");
  process.stdout.emit("error", Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
  stdout.write("after");
  expect(process.stdout.read()?.toString()).toBe("before");
  expect(() => process.stdout.emit("error", new Error("no space"))).not.toThrow("no space");
});

test("a question goes to the terminal, and its end is an answer too", async () => {
  const process = createTestProcess(true);
  let shown = "";
  process.stderr.on("data", (chunk) => {
    shown += String(chunk);
  });
  const isShown = async (): Promise<void> => {
    await expect.poll(() => shown).toContain("Go on? ");
    shown = "";
  };
  const { ask } = createProcessHost(process);
  process.stdin.write("no, typed before the question\n");
  const answer = ask?.("Go on? ");
  await isShown();
  process.stdin.write("yes\n");
  expect(await answer).toBe("yes");
  const stop = new AbortController();
  const withdrawn = ask?.("Go on? ", stop.signal);
  await isShown();
  stop.abort(new Error("over"));
  await expect(withdrawn).rejects.toThrow();
  expect(shown).toContain(" (withdrawn)\n");
  shown = "";
  await expect(ask?.("Go on? ", stop.signal)).rejects.toThrow("over");
  expect(shown).toBe("");
  const silence = ask?.("Go on? ");
  await isShown();
  process.stdin.end();
  expect(await silence).toBe("");
  expect(await ask?.("Go on? ")).toBe("");
});
