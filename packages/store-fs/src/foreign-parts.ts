import { join } from "node:path";
import type { RunId } from "@troupe/core";
import type { FileSystemPort } from "./file-system-port.js";
import { notOurs, orMissing, storeError } from "./fs-errors.js";
import type { JournalPlace } from "./journal-open.js";

/**
 * A run is not taken while something else than a file or a folder of its own lies in its folder: agents can write there,
 * and through a link in the place of `logs`, `texts` or `processes` we would write elsewhere. Rejects `STORE_FAILED`.
 */
export async function refuseForeignParts({ fs, layout }: JournalPlace, runId: RunId): Promise<void> {
  const folder = layout.runFolder(runId);
  try {
    for (const name of await fs.list(folder)) {
      const path = join(folder, name);
      const status = await orMissing(fs.status(path));
      if (status?.kind === "link" || status?.kind === "other") throw notOurs(path);
    }
  } catch (error) {
    throw await storeError(fs, error, "look at", folder);
  }
}

/** The folder itself, not what a link leads to; one that is not there is fine. Rejects `STORE_FAILED`. */
export async function refuseForeignFolder(fs: FileSystemPort, path: string): Promise<void> {
  const status = await orMissing(fs.status(path));
  if (status !== null && status.kind !== "folder") throw notOurs(path);
}
