import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type StoreSubject, storeCases } from "@troupe/conformance";
import { describe, test } from "vitest";
import { childOn, openStore, tempStore } from "../test/temp-store.js";

async function subject(): Promise<StoreSubject> {
  const { store, folder } = await tempStore();
  return {
    store,
    reopen: async () => openStore(folder),
    childAppender: childOn("append-forever", folder),
    childHolder: childOn("hold-forever", folder),
    childLogger: childOn("log-forever", folder),
    async damageContent(runId, sha256) {
      const path = join(folder, "blobs", runId, sha256);
      await chmod(path, 0o600);
      await writeFile(path, "something else");
    },
    async damage(runId) {
      const path = join(folder, "runs", runId, "journal.jsonl");
      const bytes = await readFile(path);
      bytes[bytes.length - 60] = (bytes[bytes.length - 60] ?? 0) ^ 1;
      await writeFile(path, bytes);
    },
  };
}

describe("the contract of a store", () => {
  for (const { name, run } of storeCases()) test(name, async () => run(await subject()));
});
