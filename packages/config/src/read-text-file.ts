import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { dirname, parse, resolve } from "node:path";
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
    const file = openSync(path, READ);
    try {
      const stats = fstatSync(file);
      // a folder says so itself when it is read
      if (!stats.isFile() && !stats.isDirectory()) return refuse(fileName, "it is not a file", NO_FILE_HINT);
      return decodeText(readUpTo(file, stats.size), fileName);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (isTroupeError(error)) throw error;
    const meant = reasonOf(error) === MISSING ? nearestFile(path, fileName) : null;
    return refuse(fileName, reasonOf(error), meant === null ? lookInto(path) : `Did you mean ${meant}?`, error);
  }
}

/** The command that lists the nearest folder that exists. */
function lookInto(path: string): string {
  let folder = resolve(path);
  while (!isFolder(folder) && dirname(folder) !== folder) folder = dirname(folder);
  const isPlain = /^[\w@%+=:,./-]+$/.test(folder);
  return sanitizeLine(`See what is there: ls -l ${isPlain ? folder : `'${folder.replaceAll("'", "'\\''")}'`}`);
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false; // not there, or below a file
  }
}

/** All of a file, or one byte more than is allowed: what is there, whatever its size was said to be. */
function readUpTo(file: number, size: number): Buffer {
  let buffer = Buffer.alloc(Math.min(size, MAX_FILE_BYTES) + 1);
  for (let length = 0; ; ) {
    const count = readSync(file, buffer, length, buffer.length - length, null);
    length += count;
    if (count === 0 || length > MAX_FILE_BYTES) return buffer.subarray(0, length);
    if (length === buffer.length) buffer = Buffer.concat([buffer], MAX_FILE_BYTES + 1); // it has grown
  }
}

const MISSING = "it does not exist";

/** The file of the same folder whose name is nearest, named as `fileName` is; null = none is near. */
function nearestFile(path: string, fileName: string): string | null {
  const files = filesIn(dirname(path));
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

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
  } catch {
    return []; // no folder, or none to look into
  }
}

const NO_FILE_HINT =
  "Pipes and devices are not read. Write it to a file, or name - for an objective on standard input.";

function refuse(fileName: string, reason: string, hint: string, cause?: unknown): never {
  throw new TroupeError("FILE_NOT_FOUND", `cannot read ${fileName}: ${reason}`, {
    hint,
    details: { file: fileName },
    cause,
  });
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "ENOENT") return MISSING;
  if (code === "EISDIR") return "it is a folder";
  if (code === "EACCES") return "access is denied";
  if (code === "ENXIO") return "it is not a file"; // a socket
  return error instanceof Error ? error.message : String(error);
}
