// A process that writes to the log of a turn and stays until it is killed: argv is the state folder and the id of the run.
import { writeSync } from "node:fs";
import { createFsStore } from "@troupe/store-fs";

const [folder = "", runId = ""] = process.argv.slice(2);
const log = await createFsStore({ folder }).logs.open(runId, "WORK.1");
log.write(Buffer.from("logged\n"));
writeSync(1, "logged\n");
setInterval(() => {}, 60_000);
