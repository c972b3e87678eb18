import { createHash } from "node:crypto";
import { lstat, readdir, rename } from "node:fs/promises";
import { basename, join } from "node:path";
import { maskContent, NO_SECRETS, type RunId, resolveInside } from "@troupe/core";
import { type Writers, writableNames } from "./declared-artifacts.js";
import { maskerOf } from "./mask-secrets.js";
import { findFile, ignoreMissing, placeFile, readFileChunks } from "./place-file.js";
import { hasRealFolder } from "./real-folder.js";
import type { TurnScope } from "./turn-scope.js";
import { whileFull } from "./while-full.js";

/**
 * Masks a file in the artifacts folder where it lies, when it is a text with the value of a secret in it: it stays in
 * the run's folder. The turn that wrote it is over.
 */
export async function replaceMasked(scope: TurnScope, path: string): Promise<void> {
  const { host, context, output, task } = scope;
  const masker = maskerOf(host);
  if (masker === NO_SECRETS || !(await hasSecrets(scope, path))) return;
  await whileFull(scope, () =>
    placeFile(host, { path, mode: 0o600, content: maskContent(masker, readFileChunks(path)) }),
  );
  const what = `${basename(path)} held the value of a secret, which is masked now`;
  context.logger.warn(`${task.turn}: ${what}`);
  output.note(`[troupe] ${what}`);
}

async function hasSecrets({ host }: TurnScope, path: string): Promise<boolean> {
  const found = await findFile(path);
  if (found.kind !== "file") return false;
  const hash = createHash("sha256");
  for await (const chunk of maskContent(maskerOf(host), readFileChunks(path))) hash.update(chunk);
  return hash.digest("hex") !== found.sha256;
}

/** Masks what turns left in the artifacts folder and nobody has recorded. */
export interface LeftoverMask {
  /** Never rejects. */
  apply(scope: TurnScope): Promise<void>;
}

export function createLeftoverMask(writers: Pick<Writers, "isAlone">): LeftoverMask {
  /** When the folder of a run was looked through, wall time in ms: what has not changed since is masked. */
  const lookedAt = new Map<RunId, number>();
  return {
    async apply(scope) {
      const { task, host, folders, context } = scope;
      if (maskerOf(host) === NO_SECRETS) return;
      try {
        if (!hasRealFolder(scope, folders.latest)) return;
        // nothing is taken from under the hands of another turn: the last one looks through all of it
        if (!writers.isAlone(task)) {
          for (const name of writableNames(task)) await replaceMasked(scope, await resolveInside(folders.latest, name));
          return;
        }
        const now = host.clock.now();
        await maskFolder(scope, (lookedAt.get(task.runId) ?? 0) - CLOCK_SLACK_MS);
        lookedAt.set(task.runId, now);
      } catch (error) {
        context.logger.warn(`${task.turn}: not all that it left could be masked: ${String(error)}`);
      }
    },
  };
}

/** Between the time of a file system and ours. */
const CLOCK_SLACK_MS = 2_000;

async function maskFolder(scope: TurnScope, since: number): Promise<void> {
  const masker = maskerOf(scope.host);
  const entries = await readdir(scope.folders.latest, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const there = await lstat(path).catch(ignoreMissing);
    if (there === null || !there.isFile() || there.ctimeMs < since) continue;
    await replaceMasked(scope, path);
    const name = masker.mask(entry.name);
    if (name !== entry.name) await rename(path, join(entry.parentPath, name));
  }
}
