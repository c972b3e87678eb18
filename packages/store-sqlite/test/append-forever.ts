// A process that appends entries to a run until it is killed: argv is the state folder and the id of the run.
import type { JournalEntry } from "@troupe/core";
import { createSqliteStore } from "@troupe/store-sqlite";

const [folder = "", runId = ""] = process.argv.slice(2);
const store = createSqliteStore({ folder });
let last: JournalEntry | null = null;
for await (const entry of store.read(runId)) last = entry;
if (last === null) throw new Error(`run ${runId} has no entry`);
for (let seq = last.seq; ; seq += 1) {
  const { at, events, summary } = last;
  const written = await store.append(runId, seq, { id: `${process.pid}-${seq}`, at, events, summary });
  await new Promise((resolve) => process.stdout.write(`${written.seq}\n`, resolve));
}
