import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { createOutputSink } from "./output-sink.js";

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "troupe-sink-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function neverOpened(): never {
  throw new Error("the stream was made");
}

test("lines go to the descriptor without the stream being made", () => {
  const path = join(createFolder(), "out.txt");
  const descriptor = openSync(path, "w");
  const sink = createOutputSink(neverOpened, descriptor);
  sink.write("first ä\n");
  sink.write("");
  sink.write("second\n");
  closeSync(descriptor);
  expect(readFileSync(path, "utf8")).toBe("first ä\nsecond\n");
  sink.write("after the end, which is no mistake\n");
});

test("once the stream is needed for something, everything goes through it", () => {
  const stream = Object.assign(new PassThrough(), { isTTY: true });
  const path = join(createFolder(), "out.txt");
  const descriptor = openSync(path, "w");
  onTestFinished(() => closeSync(descriptor));
  const sink = createOutputSink(() => stream, descriptor);
  sink.write("before ");
  expect(sink.isTerminal).toBe(true);
  sink.write("behind");
  expect([readFileSync(path, "utf8"), String(stream.read())]).toEqual(["before ", "behind"]);
});

test("what a full pipe does not take at once goes through the stream, in order", async () => {
  const folder = createFolder();
  const fifo = join(folder, "pipe");
  expect(spawnSync("mkfifo", [fifo]).status).toBe(0);
  const { O_NONBLOCK, O_RDONLY, O_WRONLY } = process.getBuiltinModule("node:fs").constants;
  const reader = openSync(fifo, O_RDONLY | O_NONBLOCK);
  const writer = openSync(fifo, O_WRONLY | O_NONBLOCK);
  onTestFinished(() => [reader, writer].forEach(closeSync));
  const stream = new PassThrough({ highWaterMark: 10_000_000 });
  const sink = createOutputSink(() => stream, writer);
  const text = `${"line ä\n".repeat(100_000)}`;
  sink.write(text);
  sink.write("end\n");
  const taken = Buffer.alloc(1_000_000);
  const count = process.getBuiltinModule("node:fs").readSync(reader, taken);
  expect(count).toBeGreaterThan(0);
  stream.end();
  expect(Buffer.concat([taken.subarray(0, count), await buffer(stream)]).toString("utf8")).toBe(`${text}end\n`);
});
