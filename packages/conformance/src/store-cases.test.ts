import { createMemoryStore } from "@troupe/core/memory";
import { describe, expect, test } from "vitest";
import { createSmallStore } from "../../core/test/small-store.js";
import type { ConformanceCase } from "./conformance-case.js";
import { storeCases } from "./store-cases.js";
import type { StoreLacks, StoreSubject } from "./store-subject.js";

const IN_MEMORY: StoreLacks = {
  reopen: "it lives in one process: there is nothing a second handle could share",
  damage: "memory is not damaged at rest",
  damageContent: "memory is not damaged at rest",
  childAppender: "it ends with its process",
  childHolder: "no other process can hold it",
  childLogger: "it ends with its process",
};

function runKit(cases: readonly ConformanceCase<StoreSubject>[], subject: () => StoreSubject): void {
  for (const { name, run, skip } of cases) {
    test.skipIf(skip !== undefined)(skip === undefined ? name : `${name} (${skip})`, () => run(subject()));
  }
}

describe("the memory store", () => {
  runKit(storeCases(IN_MEMORY), () => ({ store: createMemoryStore() }));
});

describe("a small store written by hand", () => {
  const lacks = { ...IN_MEMORY, watch: "the engine reads it once a second instead" };
  runKit(storeCases(lacks), () => ({ store: createSmallStore() }));
});

describe("the kit", () => {
  test("has a name of its own for each case", () => {
    const names = storeCases().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test("skips only what the author ruled out, with the reason, and does not pass it off as run", async () => {
    const skipped = storeCases({ damageContent: "cannot be damaged" }).filter(({ skip }) => skip !== undefined);
    expect(skipped.map(({ skip }) => skip)).toEqual(["cannot be damaged", "cannot be damaged"]);
    for (const { run } of skipped) await expect(run({ store: createMemoryStore() })).rejects.toThrow("skipped");
  });

  test("fails a store that offers neither an ability nor a reason", async () => {
    const subject = (): StoreSubject => {
      const { watch: _, ...store } = createMemoryStore();
      return { store };
    };
    const failed = await failures(storeCases(), subject);
    const none = { reopen: "-", damage: "-", damageContent: "-", childAppender: "-", childHolder: "-" };
    const needing = storeCases({ ...none, childLogger: "-", watch: "-" });
    expect(failed).toEqual(needing.filter(({ skip }) => skip !== undefined).map(({ name }) => name));
  });
});

/** Names of the cases that fail. */
async function failures(
  cases: readonly ConformanceCase<StoreSubject>[],
  subject: () => StoreSubject,
): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const { name, run, skip } of cases) {
    if (skip !== undefined) continue;
    await run(subject()).catch(() => failed.push(name));
  }
  return failed;
}
