// A process that holds a run until it is killed: argv is the state folder and the id of the run.
import { writeSync } from "node:fs";
import { createSqliteStore } from "@troupe/store-sqlite";

const [folder = "", runId = ""] = process.argv.slice(2);
const lease = await createSqliteStore({ folder }).acquireLease(runId, { command: "hold-forever", ttlMs: 600_000 });
writeSync(1, "held\n");
setInterval(() => lease.lost.throwIfAborted(), 1_000);
