import { AssertionError } from "node:assert";
import type { ConformanceCase } from "./conformance-case.js";
import { contentCases } from "./store-content-cases.js";
import { crashCases } from "./store-crash-cases.js";
import { damageCases } from "./store-damage-cases.js";
import { journalCases } from "./store-journal-cases.js";
import { leaseCases } from "./store-lease-cases.js";
import { listCases } from "./store-list-cases.js";
import type { StoreCase, StoreLacks, StoreSubject } from "./store-subject.js";
import { watchCases } from "./store-watch-cases.js";

const cases: readonly StoreCase[] = [
  ...journalCases,
  ...listCases,
  ...contentCases,
  ...leaseCases,
  ...watchCases,
  ...damageCases,
  ...crashCases,
];

/**
 * The contract of `StateStore`. Each case needs a fresh subject. `lacks` names what the store does not have, each with
 * the reason; the cases that would need it are skipped with that reason.
 */
export function storeCases(lacks: StoreLacks = {}): readonly ConformanceCase<StoreSubject>[] {
  return cases.map(({ name, rule, needs, run }) => {
    const skip = needs.flatMap((need) => lacks[need] ?? [])[0];
    if (skip === undefined) return { name, rule, run };
    return { name, rule, skip, run: () => Promise.reject(new AssertionError({ message: `skipped: ${skip}` })) };
  });
}
