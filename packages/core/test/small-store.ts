// A store in about a hundred lines, for one process: what the interface asks of an implementer.
import { createHash } from "node:crypto";
import {
  type BlobStore,
  type Holder,
  type JournalEntry,
  type Lease,
  type LogStore,
  type NewEntry,
  type Owner,
  type StateStore,
  TroupeError,
} from "@troupe/core";

async function bytesOf(content: Uint8Array | AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  if (content instanceof Uint8Array) return content;
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export function createSmallStore(): StateStore {
  const journals = new Map<string, JournalEntry[]>();
  const leases = new Map<string, { readonly owner: Owner; readonly ttlMs: number }>();
  const contents = new Map<string, Uint8Array>();
  const texts = new Map<string, Uint8Array[]>();
  const self = { pid: process.pid, startTime: null, bootId: null, pidNamespace: null, host: "here" };
  const journal = (runId: string) => {
    const entries = journals.get(runId);
    if (entries === undefined) throw new TroupeError("RUN_NOT_FOUND", `there is no run ${runId}`);
    return entries;
  };
  const put = (entries: JournalEntry[], expectedSeq: number, entry: NewEntry): JournalEntry => {
    const there = entries[expectedSeq];
    if (there?.id === entry.id) return there;
    if (entries.length !== expectedSeq)
      throw new TroupeError("JOURNAL_CONFLICT", `position ${expectedSeq + 1} is taken`);
    const written = { ...entry, seq: expectedSeq + 1 };
    entries.push(written);
    return written;
  };
  const blobs: BlobStore = {
    async put(runId, content) {
      const bytes = await bytesOf(content);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      contents.set(`${runId}/${sha256}`, bytes);
      return { sha256, bytes: bytes.length };
    },
    async *get(runId, sha256) {
      const bytes = contents.get(`${runId}/${sha256}`);
      if (bytes === undefined) throw new TroupeError("BLOB_MISSING", `no content ${sha256}`);
      yield bytes;
    },
  };
  const logs: LogStore = {
    async open(runId, turn) {
      const chunks = texts.get(`${runId}/${turn}`) ?? [];
      texts.set(`${runId}/${turn}`, chunks);
      const write = (chunk: Uint8Array) => void chunks.push(chunk);
      return { write, close: async () => ({ turn, bytes: Buffer.concat(chunks).length, truncated: false }) };
    },
    async *read(runId, turn, offset = 0) {
      yield Buffer.concat(texts.get(`${runId}/${turn}`) ?? []).subarray(offset);
    },
  };
  const holder = (runId: string): Holder | null => {
    const held = leases.get(runId);
    return held === undefined ? null : { ...held, renewedAt: null, alive: "alive" };
  };
  const refuseHeld = (runId: string) => {
    const details = { ...leases.get(runId)?.owner };
    if (leases.has(runId)) throw new TroupeError("RUN_LOCKED", `run ${runId} is held`, { details });
  };
  return {
    blobs,
    logs,
    async create(runId, entry) {
      const entries = journals.get(runId) ?? [];
      if (entries.length > 0 && entries[0]?.id !== entry.id) throw new TroupeError("RUN_EXISTS", `run ${runId} exists`);
      journals.set(runId, entries);
      return put(entries, 0, entry);
    },
    append: async (runId, expectedSeq, entry) => put(journal(runId), expectedSeq, entry),
    async *read(runId, afterSeq = 0) {
      yield* journal(runId).slice(afterSeq);
    },
    async *list({ statuses } = {}) {
      const summaries = [...journals.values()].flatMap((entries) => entries.at(-1)?.summary ?? []);
      for (const summary of summaries.sort((a, b) => b.createdAt - a.createdAt))
        if (statuses?.includes(summary.status) ?? true) yield { damaged: false, summary };
    },
    holder: async (runId) => holder(runId),
    async acquireLease(runId, { command, ttlMs }): Promise<Lease> {
      journal(runId);
      refuseHeld(runId);
      const owner: Owner = { ...self, command };
      leases.set(runId, { owner, ttlMs });
      const release = async () => void (leases.get(runId)?.owner === owner && leases.delete(runId));
      return { owner, previous: null, lost: new AbortController().signal, [Symbol.asyncDispose]: release };
    },
    async remove(runId) {
      journal(runId);
      refuseHeld(runId);
      journals.delete(runId);
      for (const kept of [contents, texts])
        for (const key of kept.keys()) if (key.startsWith(`${runId}/`)) kept.delete(key);
    },
    close: async () => {},
  };
}
