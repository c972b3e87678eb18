import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { RunId } from "@troupe/core";
import {
  bytesOf,
  contentOf,
  makeRun,
  refuses,
  type StoreCase,
  type StoreSubject,
  withSecond,
} from "./store-subject.js";
import { pause, within } from "./within.js";

const RUN: RunId = "run-1";
const TURN = "WORK.1";
const PATIENCE_MS = 5_000;
/** Writes that take longer than this hold a turn up, in milliseconds. */
const BLOCKING_MS = 2_000;

export const contentCases: readonly StoreCase[] = [
  {
    name: "gives content back by its hash, also content that comes in pieces",
    rule: "BlobStore.get: Chunks of the content",
    needs: [],
    run: givesBack,
  },
  {
    name: "takes content before the run's first entry",
    rule: "BlobStore: Putting them may come before the run's first entry.",
    needs: [],
    run: takesEarly,
  },
  {
    name: "takes the same content again",
    rule: "BlobStore.put: putting the same content again is cheap and not an error",
    needs: [],
    run: takesAgain,
  },
  { name: "keeps large and empty content", rule: "BlobStore.get: Chunks of the content", needs: [], run: keepsAnySize },
  {
    name: "does not know content that nobody put, nor another run's",
    rule: "BlobStore.get: `BLOB_MISSING`",
    needs: [],
    run: refusesMissing,
  },
  {
    name: "passes an error of the content on and keeps nothing of it",
    rule: "BlobStore.put: Durable when it resolves",
    needs: [],
    run: passesErrors,
  },
  {
    name: "shows another handle content that was put",
    rule: "StateStore: All methods may be called at the same time, by several processes.",
    needs: ["reopen"],
    run: showsContent,
  },
  {
    name: "shows a log while it is written, from any offset, and keeps it when it is closed",
    rule: "LogStore.read: From byte `offset` to the end as it is now",
    needs: [],
    run: showsLog,
  },
  {
    name: "keeps the logs of turns apart; a log that was never opened is empty",
    rule: "LogStore.read: nothing when there is no such log",
    needs: [],
    run: keepsLogsApart,
  },
  {
    name: "takes much output at once without holding up the turn, and has all of it when the log is closed",
    rule: "LogWriter.write: Never rejects and never blocks the turn",
    needs: [],
    run: takesMuchOutput,
  },
  {
    name: "opens the log of a turn again without losing what is in it",
    rule: "LogWriter.close: Flushes; the log is complete when it resolves.",
    needs: [],
    run: opensLogAgain,
  },
  {
    name: "shows another handle a log that is still written",
    rule: "LogStore: readable while the turn runs",
    needs: ["reopen"],
    run: showsOthersLog,
  },
];

async function givesBack({ store: { blobs }, store }: StoreSubject): Promise<void> {
  await makeRun(store, RUN);
  const content = Buffer.from("a text – and some bytes \0\xff", "latin1");
  const expected = { sha256: hash(content), bytes: content.length };
  assert.deepEqual(await blobs.put(RUN, content), expected);
  assert.deepEqual(await blobs.put(RUN, pieces([Buffer.from("in "), Buffer.alloc(0), Buffer.from("pieces")])), {
    sha256: hash(Buffer.from("in pieces")),
    bytes: 9,
  });
  assert.deepEqual(await contentOf(blobs, RUN, expected.sha256), content);
  assert.deepEqual(await contentOf(blobs, RUN, hash(Buffer.from("in pieces"))), Buffer.from("in pieces"));
}

async function takesEarly({ store }: StoreSubject): Promise<void> {
  const { sha256 } = await store.blobs.put(RUN, Buffer.from("first"));
  await makeRun(store, RUN);
  assert.equal((await contentOf(store.blobs, RUN, sha256)).toString(), "first");
}

async function takesAgain({ store: { blobs }, store }: StoreSubject): Promise<void> {
  await makeRun(store, RUN);
  const content = Buffer.from("twice");
  const refs = [await blobs.put(RUN, content), await blobs.put(RUN, pieces([content])), await blobs.put(RUN, content)];
  assert.deepEqual(refs, Array(3).fill({ sha256: hash(content), bytes: 5 }));
  const many = Array.from({ length: 4 }, () => blobs.put(RUN, Buffer.from("at once")));
  assert.equal(new Set((await Promise.all(many)).map((ref) => ref.sha256)).size, 1);
  assert.equal((await contentOf(blobs, RUN, hash(Buffer.from("at once")))).toString(), "at once");
}

async function keepsAnySize({ store: { blobs }, store }: StoreSubject): Promise<void> {
  await makeRun(store, RUN);
  const chunk = Buffer.alloc(300_007, "0123456789");
  const large = Array.from({ length: 20 }, () => chunk);
  const { sha256, bytes } = await blobs.put(RUN, pieces(large));
  assert.equal(bytes, 20 * chunk.length);
  assert.ok((await contentOf(blobs, RUN, sha256)).equals(Buffer.concat(large)), "the large content differs");
  const empty = await blobs.put(RUN, Buffer.alloc(0));
  assert.deepEqual(empty, { sha256: hash(Buffer.alloc(0)), bytes: 0 });
  assert.equal((await contentOf(blobs, RUN, empty.sha256)).length, 0);
}

async function refusesMissing({ store: { blobs }, store }: StoreSubject): Promise<void> {
  await makeRun(store, "one");
  await makeRun(store, "two");
  const { sha256 } = await blobs.put("one", Buffer.from("of one"));
  await refuses("BLOB_MISSING", "never put", () => contentOf(blobs, "one", hash(Buffer.from("never put"))));
  await refuses("BLOB_MISSING", "not a hash", () => contentOf(blobs, "one", "../../etc/passwd"));
  await refuses("BLOB_MISSING", "of another run", () => contentOf(blobs, "two", sha256));
}

async function passesErrors({ store: { blobs }, store }: StoreSubject): Promise<void> {
  await makeRun(store, RUN);
  const broken = new Error("the source broke");
  async function* source(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("half");
    throw broken;
  }
  await assert.rejects(blobs.put(RUN, source()), broken);
  await refuses("BLOB_MISSING", "half of the content", () => contentOf(blobs, RUN, hash(Buffer.from("half"))));
}

async function showsContent(subject: StoreSubject): Promise<void> {
  await makeRun(subject.store, RUN);
  const { sha256 } = await subject.store.blobs.put(RUN, Buffer.from("for all"));
  await withSecond(subject, async ({ blobs }) => {
    assert.equal((await contentOf(blobs, RUN, sha256)).toString(), "for all");
  });
}

async function showsLog({ store }: StoreSubject): Promise<void> {
  await makeRun(store, RUN);
  const log = await store.logs.open(RUN, TURN);
  log.write(Buffer.from("one "));
  log.write(Buffer.from("two "));
  const read = (offset?: number) => bytesOf(store.logs.read(RUN, TURN, offset));
  await eventually("the log while it is open", "one two ", async () => (await read()).toString());
  log.write(Buffer.from("three"));
  const ref = await log.close();
  assert.deepEqual(ref, { turn: TURN, bytes: 13, truncated: false });
  assert.deepEqual(await log.close(), ref, "closed twice");
  const seen = await Promise.all([undefined, 0, 4, 12, 13, 99].map(read));
  assert.deepEqual(seen.map(String), ["one two three", "one two three", "two three", "e", "", ""]);
}

async function keepsLogsApart({ store }: StoreSubject): Promise<void> {
  await makeRun(store, RUN);
  const turns = ["WORK.1", "WORK.2", "A.B-c_d.10"];
  const logs = await Promise.all(turns.map((turn) => store.logs.open(RUN, turn)));
  for (const [index, log] of logs.entries()) log.write(Buffer.from(`log ${index}`));
  assert.deepEqual(
    (await Promise.all(logs.map((log) => log.close()))).map((ref) => ref.turn),
    turns,
  );
  const texts = await Promise.all([...turns, "NEVER.1"].map((turn) => bytesOf(store.logs.read(RUN, turn))));
  assert.deepEqual(texts.map(String), ["log 0", "log 1", "log 2", ""]);
}

async function takesMuchOutput({ store }: StoreSubject): Promise<void> {
  await makeRun(store, RUN);
  const log = await store.logs.open(RUN, TURN);
  const chunk = Buffer.alloc(64 * 1024, "0123456789abcdef");
  const before = performance.now();
  for (let n = 0; n < 64; n += 1) log.write(chunk);
  const tookMs = performance.now() - before;
  assert.ok(tookMs < BLOCKING_MS, `64 writes of 64 KiB held the turn up for ${Math.round(tookMs)} ms`);
  const { bytes } = await log.close();
  assert.equal(bytes, 64 * chunk.length, "bytes that were counted");
  const { length } = await bytesOf(store.logs.read(RUN, TURN));
  assert.equal(length, 64 * chunk.length, "bytes in the log");
}

async function opensLogAgain({ store }: StoreSubject): Promise<void> {
  await makeRun(store, RUN);
  for (const text of ["one ", "two"]) {
    const log = await store.logs.open(RUN, TURN);
    log.write(Buffer.from(text));
    await log.close();
  }
  assert.equal((await bytesOf(store.logs.read(RUN, TURN))).toString(), "one two");
}

async function showsOthersLog(subject: StoreSubject): Promise<void> {
  await makeRun(subject.store, RUN);
  const log = await subject.store.logs.open(RUN, TURN);
  log.write(Buffer.from("live"));
  await withSecond(subject, async ({ logs }) => {
    await eventually("the log", "live", async () => (await bytesOf(logs.read(RUN, TURN))).toString());
  });
  await log.close();
}

async function eventually(what: string, expected: string, read: () => Promise<string>): Promise<void> {
  const reading = async (): Promise<void> => {
    while ((await read()) !== expected) await pause(2);
  };
  await within(PATIENCE_MS, `${what} being ${JSON.stringify(expected)}`, reading());
}

async function* pieces(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

function hash(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
