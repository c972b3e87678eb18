import assert, { AssertionError } from "node:assert/strict";
import {
  type BlobStore,
  type ErrorCode,
  isTroupeError,
  type JournalEntry,
  type ListedRun,
  type NewEntry,
  type RunId,
  type RunSummary,
  type Sha256,
  type StateStore,
} from "@troupe/core";

/** What a store's author hands in for one case: an empty store, and what else it can do. The author closes it. */
export interface StoreSubject {
  /** Without any run. */
  readonly store: StateStore;
  /** Another handle on the same runs, as a second process would have it; the case closes it. */
  readonly reopen?: () => Promise<StateStore>;
  /** Spoils the record of a run at rest, so that reading it must fail. */
  readonly damage?: (runId: RunId) => Promise<void>;
  /** Spoils content at rest, so that giving it back must fail. */
  readonly damageContent?: (runId: RunId, sha256: Sha256) => Promise<void>;
  /**
   * The argv of a process on the same runs that, given the id of a run as its last argument, appends entries at its end
   * for ever and prints the position of each, and a newline, after it was acknowledged. After `JOURNAL_CONFLICT` it
   * reads and goes on; a child that ends instead puts the store to a weaker test.
   */
  readonly childAppender?: readonly string[];
  /** As above, of a process that takes the lease of the run, prints `held` and a newline, and stays. */
  readonly childHolder?: readonly string[];
  /** As above, of a process that writes `logged` and a newline to the log of turn `WORK.1`, prints the same, and stays. */
  readonly childLogger?: readonly string[];
}

/** What a store may not have; whoever leaves one out gives the reason. */
export const STORE_ABILITIES = [
  "reopen",
  "damage",
  "damageContent",
  "childAppender",
  "childHolder",
  "childLogger",
  "watch",
] as const;

/** What not every store has, and what a case may need. */
export type StoreAbility = (typeof STORE_ABILITIES)[number];

/** The reason why a store has no such ability; what is not named here must be there. */
export type StoreLacks = Readonly<Partial<Record<StoreAbility, string>>>;

/** A case with the abilities it uses. */
export interface StoreCase {
  readonly name: string;
  readonly rule: string;
  readonly needs: readonly StoreAbility[];
  readonly run: (subject: StoreSubject) => Promise<void>;
}

/** An ability that the case needs and the author has not ruled out. */
export function ability<Key extends Exclude<StoreAbility, "watch">>(
  subject: StoreSubject,
  key: Key,
): NonNullable<StoreSubject[Key]> {
  const value = subject[key];
  assert.ok(value !== undefined, `the subject has no ${key}: offer it, or give the reason why not`);
  return value;
}

/** Does something with a second handle and closes it. */
export async function withSecond<T>(subject: StoreSubject, use: (second: StateStore) => Promise<T>): Promise<T> {
  const second = await ability(subject, "reopen")();
  try {
    return await use(second);
  } finally {
    await second.close();
  }
}

/** The summary of `newEntry` for a run. */
export function summaryOf(runId: RunId, changes: Partial<RunSummary> = {}): RunSummary {
  const times = { createdAt: 1_700_000_000_000, updatedAt: 1_700_000_000_000 };
  return { runId, workflow: "kit", objective: "Keep the contract", status: "running", ...times, ...changes };
}

/** An entry whose only event carries `text`. */
export function newEntry(runId: RunId, id: string, changes: Partial<RunSummary> = {}, text: string = id): NewEntry {
  const summary = summaryOf(runId, changes);
  return { id, at: summary.updatedAt, events: [{ type: "run.stop-requested", by: text }], summary };
}

/** Creates a run of `length` entries with the ids `<run>-1`, `<run>-2`, ... and returns them. */
export async function makeRun(store: StateStore, runId: RunId, length = 1): Promise<readonly JournalEntry[]> {
  const entries = [await store.create(runId, newEntry(runId, `${runId}-1`))];
  for (let seq = 1; seq < length; seq += 1) {
    entries.push(await store.append(runId, seq, newEntry(runId, `${runId}-${seq + 1}`)));
  }
  return entries;
}

/** All entries of a run after `afterSeq`. */
export async function readAll(store: StateStore, runId: RunId, afterSeq?: number): Promise<readonly JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for await (const entry of store.read(runId, afterSeq)) entries.push(entry);
  return entries;
}

export async function listAll(list: AsyncIterable<ListedRun>): Promise<readonly ListedRun[]> {
  const listed: ListedRun[] = [];
  for await (const run of list) listed.push(run);
  return listed;
}

export async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

export async function contentOf(blobs: BlobStore, runId: RunId, sha256: string): Promise<Buffer> {
  return bytesOf(blobs.get(runId, sha256));
}

/** An `AssertionError` unless it rejects with a Troupe error of this code. */
export async function refuses(code: ErrorCode, what: string, attempt: () => Promise<unknown>): Promise<void> {
  let outcome: unknown;
  try {
    outcome = await attempt();
  } catch (error) {
    assert.equal(isTroupeError(error) ? error.code : String(error), code, what);
    return;
  }
  const actual = `no refusal but ${JSON.stringify(outcome) ?? "nothing"}`;
  assert.fail(new AssertionError({ message: what, expected: code, actual, operator: "refuses" }));
}

/** Of attempts at the same time: the values of those that resolved, the codes of those that did not. */
export async function race<T>(
  attempts: readonly Promise<T>[],
): Promise<{ readonly won: readonly T[]; readonly codes: readonly string[] }> {
  const settled = await Promise.allSettled(attempts);
  return {
    won: settled.flatMap((each) => (each.status === "fulfilled" ? [each.value] : [])),
    codes: settled.flatMap((each) => (each.status === "rejected" ? [codeOf(each.reason)] : [])),
  };
}

function codeOf(error: unknown): string {
  return isTroupeError(error) ? error.code : String(error);
}
