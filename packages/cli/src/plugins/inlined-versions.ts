import { createRequire } from "node:module";

/** By package: put in by the build of the command, which holds them; not there when run from source. */
declare const INLINED_VERSIONS: Readonly<Record<string, string>> | undefined;

/**
 * Whether the plugin that the built command holds is the one that is installed beside it: whoever updates a plugin alone
 * gets the new one, only slower to load. From source there is but one.
 */
export function isStillOurs(packageName: string): boolean {
  if (typeof INLINED_VERSIONS === "undefined") return true;
  return versionBesideUs(packageName) === INLINED_VERSIONS[packageName];
}

function versionBesideUs(packageName: string): string | undefined {
  try {
    const manifest: unknown = createRequire(import.meta.url)(`${packageName}/package.json`);
    const hasVersion = typeof manifest === "object" && manifest !== null && "version" in manifest;
    return hasVersion ? String(manifest.version) : undefined;
  } catch {
    return undefined; // a command in one file, without its dependencies
  }
}
