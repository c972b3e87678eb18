import { findPackage } from "./find-import-entry.js";

/** JSON, by package: put in by the build of the command, which holds them; not there when run from source. */
declare const INLINED_VERSIONS: string | undefined;

/**
 * Whether the plugin that the built command holds is the one that is installed beside it: whoever updates a plugin alone
 * gets the new one, only slower to load. From source there is but one.
 */
export function isStillOurs(packageName: string): boolean {
  if (typeof INLINED_VERSIONS === "undefined") return true;
  const inlined: Readonly<Record<string, string>> = JSON.parse(INLINED_VERSIONS);
  // undefined: a command in one file, without its dependencies
  return findPackage(packageName, import.meta.filename)?.manifest.version === inlined[packageName];
}
