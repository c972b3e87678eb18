// A process that races others for positions until it is killed: argv is the state folder and the id of the run. Some of
// its writes are cut short. It prints the position and id of each entry that was acknowledged.
import { writeSync } from "node:fs";
import { hasCode, type NewEntry } from "@troupe/core";
import { createFsStore } from "@troupe/store-fs";
import { faultyFileSystem } from "./faulty-file-system.js";

const SHORT_WRITES = 0.03;

const [folder = "", runId = ""] = process.argv.slice(2);
const isJournal = (path: string): boolean => path.endsWith("journal.jsonl");
const write = (path: string, bytes: Uint8Array): number | undefined =>
  isJournal(path) && Math.random() < SHORT_WRITES ? 1 + Math.floor(Math.random() * (bytes.length - 1)) : undefined;
const store = createFsStore({ folder, fileSystem: faultyFileSystem({ write }) });

let seq = 0;
let like: NewEntry | null = null;
for (let count = 1; ; count += 1) {
  for await (const entry of store.read(runId, seq)) {
    seq = entry.seq;
    like = entry;
  }
  if (like === null) throw new Error(`run ${runId} has no entry`);
  const { at, events, summary } = like;
  const entry = { id: `${process.pid}-${count}`, at, events, summary };
  try {
    const written = await store.append(runId, seq, entry);
    seq = written.seq;
    writeSync(1, `${seq} ${written.id}\n`);
  } catch (error) {
    if (!hasCode(error, "JOURNAL_CONFLICT", "STORE_FULL")) throw error;
  }
}
