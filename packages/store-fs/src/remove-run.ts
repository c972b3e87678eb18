import { dirname, join } from "node:path";
import type { RunId } from "@troupe/core";
import { syncFolder } from "./durable-file.js";
import { isMissing, storeError } from "./fs-errors.js";
import { type LeasePlace, takeLease } from "./leases.js";

const LEASE_TTL_MS = 30_000;

/** Removes a run that is there and that nobody holds, damaged or not, with its content and logs. The run itself goes first, at once. */
export async function removeRun(place: LeasePlace, runId: RunId): Promise<void> {
  const { fs, layout } = place;
  const folder = layout.runFolder(runId);
  const lease = await takeLease(place, runId, { command: "remove", ttlMs: LEASE_TTL_MS });
  try {
    await moveAway(place, folder);
    await moveAway(place, layout.blobsOf(runId));
  } catch (error) {
    throw await storeError(fs, error, "remove", folder);
  } finally {
    await lease[Symbol.asyncDispose]();
  }
}

/** Out of sight first: what a crash leaves in the staging folder is swept later. */
async function moveAway({ fs, layout, randomHex }: LeasePlace, path: string): Promise<void> {
  const moved = join(layout.staging, `removed-${randomHex(8)}`);
  try {
    await fs.rename(path, moved);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  await syncFolder(fs, dirname(path)); // or a loss of power could bring it back with half of its files
  await fs.removeTree(moved);
}
