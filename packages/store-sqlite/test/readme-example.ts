import { join } from "node:path";
import { createSqliteStore } from "@troupe/store-sqlite";

const store = createSqliteStore({ folder: join(process.cwd(), ".troupe") });
const summary = {
  runId: "notes-1",
  workflow: "release-notes",
  objective: "Write the release notes",
  status: "running",
  createdAt: Date.now(),
  updatedAt: Date.now(),
} as const;
const { seq } = await store.create("notes-1", { id: "a1", at: Date.now(), events: [], summary });
await store.append("notes-1", seq, { id: "b2", at: Date.now(), events: [], summary }); // on the disk when it resolves
for await (const entry of store.read("notes-1")) console.log(entry.seq, entry.id);
await store.close();
