import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository, absolute. */
export const ROOT: string = fileURLToPath(new URL("../../..", import.meta.url));
/** Source of the site; what is generated lies in {@link GENERATED} below it, and git ignores it. */
export const PAGES: string = join(ROOT, "docs");
/** Folders of `docs/` whose pages are written by `generate.ts`. */
export const GENERATED: readonly string[] = ["reference", "api", "project"];

interface PublishedManifest {
  readonly private?: boolean;
  readonly description?: string;
  readonly repository?: { readonly url: string };
}

/** A manifest of this repository; its shape is the caller's knowledge, so this is the parser. */
export function readManifest(folder: string): PublishedManifest {
  return JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8")) as PublishedManifest;
}

/** Where the repository lives, for links to files that are no page: `https://github.com/owner/name`. */
export function repositoryAddress(): string {
  const url = readManifest("packages/core").repository?.url ?? "";
  return url.replace(/^git\+/, "").replace(/\.git$/, "");
}
