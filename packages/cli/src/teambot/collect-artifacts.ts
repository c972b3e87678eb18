import { lstat, open, readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { type ArtifactRef, type BlobStore, resolveInside, type StageDefinition, type Workflow } from "@troupe/core";

/** A file that a stage declares, as it lies in TeamBot's artifacts folder. */
export interface FoundArtifact {
  readonly stage: string;
  readonly name: string;
  readonly path: string;
}

/** The declared files that TeamBot left, empty ones and whatever is no plain file left out. */
export async function findArtifacts(workflow: Workflow, folder: string): Promise<readonly FoundArtifact[]> {
  const found: FoundArtifact[] = [];
  for (const { id, artifacts } of workflow.stages) {
    for (const name of artifacts) {
      const path = await plainFile(folder, name);
      if (path !== null) found.push({ stage: id, name, path });
    }
  }
  return found;
}

/** Files in the folder that no stage declares, by their names from there. */
export async function findUndeclared({ stages }: Workflow, folder: string): Promise<readonly string[]> {
  const declared = new Set(stages.flatMap(({ artifacts }) => artifacts.map((name) => join(folder, name))));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []); // it left none
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !declared.has(path))
    .map((path) => relative(folder, path))
    .sort();
}

/** Stages that declare files and have left all of them. */
export function stagesWithFiles(
  stages: readonly StageDefinition[],
  found: readonly FoundArtifact[],
): ReadonlySet<string> {
  const isThere = (stage: string, name: string) => found.some((one) => one.stage === stage && one.name === name);
  const complete = stages.filter(
    ({ id, artifacts }) => artifacts.length > 0 && artifacts.every((name) => isThere(id, name)),
  );
  return new Set(complete.map(({ id }) => id));
}

/** Copies the file into the run's blobs; the original is only read. */
export async function keepArtifact(
  blobs: BlobStore,
  runId: string,
  { name, path }: FoundArtifact,
): Promise<ArtifactRef> {
  const file = await open(path, "r");
  return { name, ...(await blobs.put(runId, file.createReadStream())) };
}

async function plainFile(folder: string, name: string): Promise<string | null> {
  try {
    const path = await resolveInside(folder, name);
    const status = await lstat(path);
    return status.isFile() && status.size > 0 ? path : null;
  } catch {
    return null; // missing, or it leads out of the folder: not a file that the stage has left
  }
}
