import { storeCases } from "@troupe/conformance";
import { createMemoryStore } from "@troupe/core/memory";
import { test } from "vitest";

const cases = storeCases({
  reopen: "it lives in one process",
  damage: "memory is not damaged at rest",
  damageContent: "memory is not damaged at rest",
  childAppender: "it ends with its process",
  childHolder: "no other process can hold it",
  childLogger: "it ends with its process",
});
for (const { name, run, skip } of cases) {
  test.skipIf(skip !== undefined)(name, () => run({ store: createMemoryStore() })); // a fresh store for each case
}
