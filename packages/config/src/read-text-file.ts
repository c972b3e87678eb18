import { constants } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { dirname, parse } from "node:path";
import { isTroupeError, sanitizeLine, TroupeError } from "@troupe/core";
import { type DecodedText, decodeText, MAX_FILE_BYTES } from "./decode-text.js";
import { nearestName } from "./nearest-name.js";

/** Opening a named pipe waits for a writer, maybe for ever; Windows has none in the file system and not the flag. */
const READ = process.platform === "win32" ? constants.O_RDONLY : constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * Reads a text file of at most 1 MiB; a larger one is refused without being read whole. Pipes and devices are refused
 * without waiting for them. `fileName` is what diagnostics call it. Rejects `FILE_NOT_FOUND` when it does not exist or
 * cannot be read; the hint names a file beside it whose name is near.
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
    const meant = reasonOf(error) === MISSING ? await nearestFile(path, fileName) : null;
    return refuse(fileName, reasonOf(error), meant === null ? "Check the path." : `Did you mean ${meant}?`, error);
  }
}

const MISSING = "it does not exist";

/** The file of the same folder whose name is nearest, named as `fileName` is; null = none is near. */
async function nearestFile(path: string, fileName: string): Promise<string | null> {
  const entries = await readdir(dirname(path), { withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  const { base: name, name: stem, ext } = parse(path);
  // an ending that they have in common makes no names near: nope.yaml is not troupe.yaml
  const stems = files.map((file) => parse(file)).flatMap((file) => (file.ext === ext ? [file.name] : []));
  const near = nearestName(stem, stems);
  const withAnotherEnding = files.filter((file) => parse(file).name === stem);
  const nearest = near === null ? nearestName(name, withAnotherEnding) : `${near}${ext}`;
  if (nearest === null) return null;
  const place = fileName.endsWith(name) ? fileName.slice(0, fileName.length - name.length) : "";
  return sanitizeLine(`${place}${nearest}`);
}

const NO_FILE_HINT =
  "Pipes and devices are not read. Write it to a file, or name - for an objective on standard input.";

function refuse(fileName: string, reason: string, hint: string, cause?: unknown): never {
  throw new TroupeError("FILE_NOT_FOUND", `cannot read ${fileName}: ${reason}`, { hint, cause });
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "ENOENT") return MISSING;
  if (code === "EISDIR") return "it is a folder";
  if (code === "EACCES") return "access is denied";
  if (code === "ENXIO") return "it is not a file"; // a socket
  return error instanceof Error ? error.message : String(error);
}
