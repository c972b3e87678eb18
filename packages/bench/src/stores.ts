import type { StateStore } from "@troupe/core";

/** The stores that are measured. */
export const STORES = ["store-fs", "store-sqlite"] as const;
export type StoreName = (typeof STORES)[number];

/** The target of a row holds for the default store; the figure of the other is there to be compared. */
export function targetFor(store: StoreName, target: number): number | null {
  return store === "store-fs" ? target : null;
}

/** A store in a folder. Only that one is loaded, as by whoever uses it: each takes some megabytes. */
export async function openStore(name: StoreName, folder: string): Promise<StateStore> {
  if (name === "store-fs") return (await import("@troupe/store-fs")).createFsStore({ folder });
  return (await import("@troupe/store-sqlite")).createSqliteStore({ folder });
}
