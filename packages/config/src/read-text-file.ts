import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { isTroupeError, TroupeError } from "@troupe/core";
import { type DecodedText, decodeText, MAX_FILE_BYTES } from "./decode-text.js";

/** Opening a named pipe waits for a writer, maybe for ever; Windows has none in the file system and not the flag. */
const READ = process.platform === "win32" ? constants.O_RDONLY : constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * Reads a text file of at most 1 MiB; a larger one is refused without being read whole. Pipes and devices are refused
 * without waiting for them. `fileName` is what diagnostics call it. Rejects `FILE_NOT_FOUND` when it does not exist or
 * cannot be read.
 */
export async function readTextFile(path: string, fileName: string = path): Promise<DecodedText> {
  try {
    const file = await open(path, READ);
    try {
      const stats = await file.stat();
      // a folder says so itself when it is read
      if (!stats.isFile() && !stats.isDirectory()) return refuse(fileName, "it is not a file", NO_FILE_HINT);
      const buffer = Buffer.alloc(MAX_FILE_BYTES + 1);
      let length = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
        length += bytesRead;
        if (bytesRead === 0 || length === buffer.length) break;
      }
      return decodeText(buffer.subarray(0, length), fileName);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isTroupeError(error)) throw error;
    return refuse(fileName, reasonOf(error), "Check the path.", error);
  }
}

const NO_FILE_HINT =
  "Pipes and devices are not read. Write it to a file, or name - for an objective on standard input.";

function refuse(fileName: string, reason: string, hint: string, cause?: unknown): never {
  throw new TroupeError("FILE_NOT_FOUND", `cannot read ${fileName}: ${reason}`, { hint, cause });
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "ENOENT") return "it does not exist";
  if (code === "EISDIR") return "it is a folder";
  if (code === "EACCES") return "access is denied";
  if (code === "ENXIO") return "it is not a file"; // a socket
  return error instanceof Error ? error.message : String(error);
}
