import { constants } from "node:fs";
import { dirname } from "node:path";
import type { FileSystemPort, OpenFile } from "./file-system-port.js";
import { isMissing, systemCode } from "./fs-errors.js";

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;

/** Only a new file: never one that is there, never through a link. */
export const CREATE_NEW: number = O_WRONLY | O_CREAT | O_EXCL;
/** Never through a link, and a FIFO does not hang the open: who opens must look at the kind. */
export const READ: number = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
export const READ_APPEND: number = O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK;

/** Writes all of it, in as many calls as it takes; for files that no other process knows yet. */
export async function writeAll(file: OpenFile, bytes: Uint8Array): Promise<void> {
  let rest = bytes;
  while (rest.length > 0) {
    const count = await file.write(rest);
    if (count === 0) throw new Error("a write of 0 bytes");
    rest = rest.subarray(count);
  }
}

/** A new file with its whole content on the disk; its name is not yet: see {@link syncFolder}. */
export async function writeNewFile(fs: FileSystemPort, path: string, bytes: Uint8Array): Promise<void> {
  const file = await fs.open(path, CREATE_NEW);
  try {
    await writeAll(file, bytes);
    await file.sync();
  } catch (error) {
    await fs.unlink(path).catch(() => {}); // the first error is the one to report
    throw error;
  } finally {
    await file.close();
  }
}

/** The names in a folder are on the disk when it resolves. */
export async function syncFolder(fs: FileSystemPort, path: string): Promise<void> {
  const folder = await fs.open(path, O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * The folder and those above it, durable when it resolves: also one that is there, for whoever made it may not have got
 * that far.
 */
export async function makeFolders(fs: FileSystemPort, path: string, isLast = false): Promise<void> {
  try {
    await fs.makeFolder(path);
  } catch (error) {
    if (isMissing(error) && dirname(path) !== path && !isLast) {
      await makeFolders(fs, dirname(path));
      await makeFolders(fs, path, true); // once: the parent may be a link that leads nowhere
      return;
    }
    if (systemCode(error) !== "EEXIST") throw error;
  }
  await syncFolder(fs, dirname(path));
}

/** Reads on until `buffer` is full or the file ends. */
export async function readFully(file: OpenFile, buffer: Buffer, position: number): Promise<Buffer> {
  let count = 0;
  while (count < buffer.length) {
    const more = await file.read(buffer.subarray(count), position + count);
    if (more === 0) break;
    count += more;
  }
  return buffer.subarray(0, count);
}

/** Chunks from `offset` to the end as it is then. */
export async function* readChunks(file: OpenFile, offset: number, chunkBytes: number): AsyncGenerator<Buffer> {
  for (let position = offset; ; ) {
    const chunk = await readFully(file, Buffer.allocUnsafe(chunkBytes), position);
    if (chunk.length > 0) yield chunk;
    if (chunk.length < chunkBytes) return;
    position += chunk.length;
  }
}
