import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, lstat, mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type Content, type RunnerHost, type Sha256, TroupeError } from "@troupe/core";

export interface PlacedFile {
  /** Absolute; its folder is made when it is not there. */
  readonly path: string;
  readonly content: Content;
  readonly mode: number;
  /** Resolve only when it would survive a loss of power; rejects `STORE_FAILED` when nobody knows whether it would. */
  readonly durable?: boolean;
}

/** Puts a file in its place whole or not at all, over whatever file is there. */
export async function placeFile(host: RunnerHost, file: PlacedFile): Promise<void> {
  const folder = dirname(file.path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const beside = join(folder, `.${basename(file.path).slice(0, 200)}.${host.randomHex(6)}.tmp`);
  try {
    const handle = await open(beside, "wx", file.mode);
    try {
      await writeAll(handle, file.content);
      if (file.durable === true) await sync(handle, file.path);
    } finally {
      await handle.close();
    }
    await rename(beside, file.path);
    if (file.durable === true) await syncFolder(folder);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

async function writeAll(handle: FileHandle, content: Content): Promise<void> {
  // writeFile of a handle goes on after a short write
  if (content instanceof Uint8Array) return handle.writeFile(content);
  for await (const chunk of content) await handle.writeFile(chunk);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await sync(handle, folder);
  } finally {
    await handle.close();
  }
}

/** A lack of space can be waited for; after any other failed sync a second one proves nothing. */
async function sync(handle: FileHandle, path: string): Promise<void> {
  try {
    await handle.sync();
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT")) throw error;
    throw new TroupeError("STORE_FAILED", `${path} could not be brought to the disk`, {
      hint: `Look at the disk: df -h '${dirname(path)}'`,
      cause: error,
    });
  }
}

/** What is at a path: nothing, a regular file with its hash, or something that no artifact can be. */
export type FoundFile =
  | { readonly kind: "none" }
  | { readonly kind: "other" }
  | { readonly kind: "file"; readonly sha256: Sha256; readonly bytes: number };

/** Looks at the path itself: a symbolic link is `other`, wherever it leads. */
export async function findFile(path: string): Promise<FoundFile> {
  const there = await lstat(path).catch(ignoreMissing);
  if (there === null) return { kind: "none" };
  if (!there.isFile()) return { kind: "other" };
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of readFileChunks(path)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { kind: "file", sha256: hash.digest("hex"), bytes };
}

/** The bytes of a regular file; a link put in its place meanwhile is not followed, a pipe not waited for. */
export async function* readFileChunks(path: string): AsyncGenerator<Uint8Array> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    for await (const chunk of handle.createReadStream({ autoClose: false })) yield chunk;
  } finally {
    await handle.close();
  }
}

export function ignoreMissing(error: unknown): null {
  if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return null;
  throw error;
}
