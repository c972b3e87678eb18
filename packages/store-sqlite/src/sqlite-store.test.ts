import { join } from "node:path";
import { type StoreSubject, storeCases } from "@troupe/conformance";
import { describe, test } from "vitest";
import { childOn, openStore, tempStore, withDatabase } from "../test/temp-store.js";

async function subject(): Promise<StoreSubject> {
  const { store, folder } = await tempStore();
  return {
    store,
    reopen: async () => openStore(folder),
    childAppender: childOn("append-forever", folder),
    childHolder: childOn("hold-forever", folder),
    childLogger: childOn("log-forever", folder),
    damageContent: async () =>
      withDatabase(join(folder, "troupe.db"), (db) => {
        db.exec("UPDATE content SET bytes = x'0011' WHERE name LIKE 'draft:%'");
      }),
    damage: async (runId) =>
      withDatabase(join(folder, "troupe.db"), (db) => {
        db.prepare("UPDATE entries SET body = replace(body, 'running', 'runninh') WHERE run = ?").run(runId);
      }),
  };
}

describe("the contract of a store", () => {
  for (const { name, run } of storeCases()) test(name, async () => run(await subject()));
});
