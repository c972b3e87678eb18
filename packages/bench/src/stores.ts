import type { StateStore } from "@troupe/core";
import { createFsStore } from "@troupe/store-fs";
import { createSqliteStore } from "@troupe/store-sqlite";

/** The stores that are measured. */
export const STORES = ["store-fs", "store-sqlite"] as const;
export type StoreName = (typeof STORES)[number];

/** The target of a row holds for the default store; the figure of the other is there to be compared. */
export function targetFor(store: StoreName, target: number): number | null {
  return store === "store-fs" ? target : null;
}

/** A store in a folder. */
export function openStore(name: StoreName, folder: string): StateStore {
  return name === "store-fs" ? createFsStore({ folder }) : createSqliteStore({ folder });
}
