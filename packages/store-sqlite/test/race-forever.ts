// A process that races others for positions until it is killed: argv is the state folder and the id of the run. It
// prints the position and id of each entry that was acknowledged.
import { hasCode, type NewEntry } from "@troupe/core";
import { createSqliteStore } from "@troupe/store-sqlite";

const [folder = "", runId = ""] = process.argv.slice(2);
const store = createSqliteStore({ folder });
let seq = 0;
let like: NewEntry | null = null;
for (let count = 1; ; count += 1) {
  for await (const entry of store.read(runId, seq)) {
    seq = entry.seq;
    like = entry;
  }
  if (like === null) throw new Error(`run ${runId} has no entry`);
  const { at, events, summary } = like;
  try {
    const written = await store.append(runId, seq, { id: `${process.pid}-${count}`, at, events, summary });
    seq = written.seq;
    await new Promise((resolve) => process.stdout.write(`${seq} ${written.id}\n`, resolve));
  } catch (error) {
    if (!hasCode(error, "JOURNAL_CONFLICT")) throw error;
  }
}
