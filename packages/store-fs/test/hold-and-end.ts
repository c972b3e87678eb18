// A process that takes a run, does not give it back, and has nothing more to do: argv as of `hold-forever.ts`.
import { createFsStore } from "@troupe/store-fs";

const [folder = "", runId = ""] = process.argv.slice(2);
await createFsStore({ folder }).acquireLease(runId, { command: "hold-and-end", ttlMs: 90 });
