// A process that appends entries to a run until it is killed: argv is the state folder and the id of the run.
import { writeSync } from "node:fs";
import type { JournalEntry } from "@troupe/core";
import { createFsStore } from "@troupe/store-fs";

const [folder = "", runId = ""] = process.argv.slice(2);
const store = createFsStore({ folder });
let last: JournalEntry | null = null;
for await (const entry of store.read(runId)) last = entry;
if (last === null) throw new Error(`run ${runId} has no entry`);
for (let seq = last.seq; ; seq += 1) {
  const { at, events, summary } = last;
  const written = await store.append(runId, seq, { id: `${process.pid}-${seq}`, at, events, summary });
  writeSync(1, `${written.seq}\n`);
}
