import { open } from "node:fs/promises";
import { TroupeError } from "@troupe/core";
import { type DecodedText, decodeText, MAX_FILE_BYTES } from "./decode-text.js";

/**
 * Reads a text file of at most 1 MiB; a larger one is refused without being read whole (also one that never ends).
 * `fileName` is what diagnostics call it. Rejects `FILE_NOT_FOUND` when it does not exist or cannot be read.
 */
export async function readTextFile(path: string, fileName: string = path): Promise<DecodedText> {
  try {
    const file = await open(path, "r");
    try {
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
    throw new TroupeError("FILE_NOT_FOUND", `cannot read ${fileName}: ${reasonOf(error)}`, {
      hint: "Check the path.",
      cause: error,
    });
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "ENOENT") return "it does not exist";
  if (code === "EISDIR") return "it is a folder";
  if (code === "EACCES") return "access is denied";
  return error instanceof Error ? error.message : String(error);
}
