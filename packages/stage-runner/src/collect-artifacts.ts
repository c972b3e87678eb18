import { lstat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type ArtifactRef, hasCode, maskContent, resolveInside, type Sha256 } from "@troupe/core";
import { recordedArtifacts, writableNames } from "./declared-artifacts.js";
import { maskerOf } from "./mask-secrets.js";
import { replaceMasked } from "./mask-unrecorded.js";
import { findFile, ignoreMissing, placeFile, readFileChunks } from "./place-file.js";
import { hasRealFolder } from "./real-folder.js";
import type { TurnScope } from "./turn-scope.js";
import { whileFull } from "./while-full.js";

/**
 * Records what the turn left of the artifacts it may write: those that exist, are regular files of this folder and not
 * empty, each as content of the store and as a read-only copy in the turn's folder. A fix leaves those it has changed.
 * Rejects `PATH_OUTSIDE` when the folder has been replaced; one that has been removed holds no artifacts.
 */
export async function collectArtifacts(scope: TurnScope): Promise<readonly ArtifactRef[]> {
  const { task, folders } = scope;
  const names = writableNames(task);
  if (names.size === 0 || !hasRealFolder(scope, folders.latest)) return [];
  const recorded = recordedArtifacts(task);
  const collected: ArtifactRef[] = [];
  for (const name of names) {
    const artifact = await collectOne(scope, name, task.kind === "fix" ? (recorded.get(name)?.sha256 ?? null) : null);
    if (artifact !== null) collected.push(artifact);
  }
  return collected;
}

/** `unless`: the hash of a version that need not be recorded again. */
async function collectOne(scope: TurnScope, name: string, unless: Sha256 | null): Promise<ArtifactRef | null> {
  const { folders, host, task } = scope;
  const path = await findArtifact(scope, name);
  if (path === null) return null;
  const there = unless === null ? null : await findFile(path);
  if (there?.kind === "file" && there.sha256 === unless) return null;
  // The copy is made first and is what the store gets: a process that goes on writing cannot make the two differ.
  const copy = join(folders.turn(task.turn), name);
  hasRealFolder(scope, dirname(copy));
  await whileFull(scope, () =>
    placeFile(host, { path: copy, mode: 0o400, content: maskContent(maskerOf(host), readFileChunks(path)) }),
  );
  const found = await findFile(copy);
  if (found.kind !== "file" || found.bytes === 0) return null;
  await replaceMasked(scope, path);
  const { sha256, bytes } = await whileFull(scope, () => host.blobs.put(task.runId, readFileChunks(copy)));
  return { name, sha256, bytes };
}

/** The file that an artifact's name stands for, or null when there is none that may be taken. */
async function findArtifact(scope: TurnScope, name: string): Promise<string | null> {
  const { folders, context, output, task } = scope;
  try {
    const path = await resolveInside(folders.latest, name);
    const there = await lstat(path).catch(ignoreMissing);
    return there?.isFile() === true && there.size > 0 ? path : null;
  } catch (error) {
    if (!hasCode(error, "PATH_OUTSIDE")) throw error;
    context.logger.warn(`${task.turn}: ${error.message}`);
    output.note(`[troupe] not taken as an artifact: ${error.message}`);
    return null;
  }
}
