// A process that prints the ids of the entries of a run: argv is the state folder and the id of the run.
import { writeSync } from "node:fs";
import { createSqliteStore } from "@troupe/store-sqlite";

const [folder = "", runId = ""] = process.argv.slice(2);
const store = createSqliteStore({ folder });
for await (const { id } of store.read(runId)) writeSync(1, `entry ${id}\n`);
await store.close();
