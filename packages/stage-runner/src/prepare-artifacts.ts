import { lstat, mkdir, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type PromptFile, resolveInside } from "@troupe/core";
import { ownNames, type RecordedArtifact, recordedArtifacts, type Writers } from "./declared-artifacts.js";
import { replaceMasked } from "./mask-unrecorded.js";
import { findFile, ignoreMissing, placeFile } from "./place-file.js";
import { hasRealFolder } from "./real-folder.js";
import type { TurnScope } from "./turn-scope.js";
import { whileFull } from "./while-full.js";

export interface PreparedArtifacts {
  /** Where each recorded artifact lies, by its name. */
  readonly paths: ReadonlyMap<string, string>;
  /** What lay unrecorded in the place of the turn's own artifacts, by its new paths. */
  readonly setAside: readonly PromptFile[];
}

/**
 * Makes the artifacts folder hold the newest recorded version of all that the turn consumes or may write. What lies in
 * the way is set aside, never lost. Nothing else is touched, least of all what another turn in flight may be writing:
 * then the recorded version is handed out as a copy. Rejects `BLOB_*`, `PATH_OUTSIDE`, `STORE_FAILED`.
 */
export async function prepareArtifacts(scope: TurnScope, writers: Writers): Promise<PreparedArtifacts> {
  const { task, folders } = scope;
  if (!hasRealFolder(scope, folders.latest)) await mkdir(folders.latest, { recursive: true, mode: 0o700 });
  const recorded = recordedArtifacts(task);
  const paths = new Map<string, string>();
  const setAside: PromptFile[] = [];
  const own = ownNames(task);
  for (const name of new Set([...recorded.keys(), ...own])) {
    const artifact = recorded.get(name) ?? null;
    const path = await pathInside(folders.latest, name);
    const found = await findFile(path);
    const isCurrent = found.kind === "file" && found.sha256 === artifact?.sha256;
    if (!isCurrent && writers.isWriting(task, name)) {
      if (artifact !== null) paths.set(name, await copyOf(scope, artifact));
      continue;
    }
    if (!isCurrent && found.kind !== "none") {
      const moved = await moveAside(scope, name, path);
      if (own.has(name)) setAside.push({ name, path: moved });
    }
    if (!isCurrent && artifact !== null) await restore(scope, artifact, path, 0o600);
    if (artifact !== null) paths.set(name, path);
  }
  return { paths, setAside };
}

/** The path of an artifact, of which all but the last part is known to stay inside. */
async function pathInside(root: string, name: string): Promise<string> {
  const folder = dirname(name);
  return join(folder === "." ? root : await resolveInside(root, folder), basename(name));
}

async function moveAside(scope: TurnScope, name: string, path: string): Promise<string> {
  const { task, folders, context } = scope;
  const place = join(folders.unfinished(task.beforeTurn ?? task.turn), name);
  hasRealFolder(scope, dirname(place));
  await replaceMasked(scope, path);
  const target = await freePath(place);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  await rename(path, target);
  context.logger.info(`${task.turn}: ${name} is not a recorded version; set aside as ${target}`);
  return target;
}

async function freePath(path: string): Promise<string> {
  for (let n = 1; ; n += 1) {
    const candidate = n === 1 ? path : `${path}.${n}`;
    if ((await lstat(candidate).catch(ignoreMissing)) === null) return candidate;
  }
}

/** The copy of a recorded version in the folder of the turn that left it, made again if it is not there. */
async function copyOf(scope: TurnScope, artifact: RecordedArtifact): Promise<string> {
  const path = join(scope.folders.turn(artifact.turn), artifact.name);
  hasRealFolder(scope, dirname(path));
  const found = await findFile(path);
  if (found.kind !== "file" || found.sha256 !== artifact.sha256) await restore(scope, artifact, path, 0o400);
  return path;
}

function restore(scope: TurnScope, artifact: RecordedArtifact, path: string, mode: number): Promise<void> {
  const { host } = scope;
  return whileFull(scope, () =>
    placeFile(host, { path, mode, content: host.blobs.get(scope.task.runId, artifact.sha256) }),
  );
}
