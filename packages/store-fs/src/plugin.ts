import type { OptionsSchema, PluginDefinition, SchemaIssue } from "@troupe/core";
import { createFsStore } from "./fs-store.js";

/** What `troupe.yaml` may say of this store. */
export interface FsStorePluginOptions {
  readonly force?: boolean;
  readonly maxLogBytes?: number;
}

const MIN_LOG_BYTES = 1_024;

const options: OptionsSchema<FsStorePluginOptions> = {
  "~standard": {
    version: 1,
    vendor: "troupe",
    validate(value) {
      if (value === undefined || value === null) return { value: {} };
      if (typeof value !== "object" || Array.isArray(value)) return { issues: [{ message: "expected a map" }] };
      const issues = Object.entries(value).flatMap(([key, given]) => issuesOf(key, given));
      return issues.length > 0 ? { issues } : { value };
    },
  },
};

function issuesOf(key: string, given: unknown): readonly SchemaIssue[] {
  if (key === "force") return typeof given === "boolean" ? [] : [{ message: "expected true or false", path: [key] }];
  if (key !== "maxLogBytes") return [{ message: 'unknown option; known are "force" and "maxLogBytes"', path: [key] }];
  const isSize = typeof given === "number" && Number.isSafeInteger(given) && given >= MIN_LOG_BYTES;
  return isSize ? [] : [{ message: `expected a whole number of bytes, at least ${MIN_LOG_BYTES}`, path: [key] }];
}

/** The plugin: the store in the state folder of its host. */
export const fsStorePlugin: PluginDefinition<"store", FsStorePluginOptions> = {
  kind: "store",
  name: "@troupe/store-fs",
  apiVersion: 1,
  options,
  create: (given, { stateFolder, clock, randomHex }) =>
    createFsStore({ ...given, folder: stateFolder, clock, randomHex }),
};
