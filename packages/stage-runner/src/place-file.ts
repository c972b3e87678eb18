import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, lstat, mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Content, RunnerHost, Sha256 } from "@troupe/core";

export interface PlacedFile {
  /** Absolute; its folder is made when it is not there. */
  readonly path: string;
  readonly content: Content;
  readonly mode: number;
  /** Resolve only when it would survive a loss of power. */
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
      if (file.durable === true) await handle.sync();
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
    await handle.sync();
  } finally {
    await handle.close();
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
