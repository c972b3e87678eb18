import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { posix } from "node:path";
import { hasCode, resolveInside } from "@troupe/core";
import { ignoreMissing } from "./place-file.js";

/** Of one report; what is larger is not read. */
export const MAX_REPORT_BYTES: number = 16 * 1024 * 1024;
const MAX_FILES = 2_000;

/** What tells that a file was written: its identity, size and times. By its path below the folder. */
export type ReportFiles = ReadonlyMap<string, string>;

/** The files that are there for `patterns` below `folder`. Rejects `PATH_OUTSIDE`. */
export async function findReportFiles(folder: string, patterns: readonly string[]): Promise<ReportFiles> {
  const found = new Map<string, string>();
  for (const pattern of patterns) {
    for (const path of await expand(folder, pattern)) {
      const stats = await lstat(await resolveInside(folder, path), { bigint: true }).catch(ignoreMissing);
      if (stats?.isFile() !== true || found.size >= MAX_FILES) continue;
      found.set(path, [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join());
    }
  }
  return found;
}

async function expand(folder: string, pattern: string): Promise<readonly string[]> {
  const last = posix.basename(pattern);
  if (!last.includes("*")) return [pattern];
  const parent = posix.dirname(pattern);
  const names = await readdir(parent === "." ? folder : await resolveInside(folder, parent)).catch(ignoreMissing);
  return (names ?? [])
    .filter((name) => matches(name, last))
    .sort()
    .map((name) => posix.join(parent, name));
}

/** `*` stands for any characters; compared part by part, so that no pattern takes long. */
function matches(name: string, pattern: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const end = rest.pop() ?? "";
  if (!name.startsWith(first) || !name.endsWith(end) || name.length < first.length + end.length) return false;
  let at = first.length;
  for (const part of rest) {
    const next = name.indexOf(part, at);
    if (next === -1) return false;
    at = next + part.length;
  }
  return at <= name.length - end.length;
}

export type ReportText = { readonly text: string } | { readonly problem: string };

/** The content of one report file; a link put in its place meanwhile is not followed, a pipe not waited for. */
export async function readReportFile(folder: string, path: string): Promise<ReportText> {
  try {
    const file = await resolveInside(folder, path);
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const { size } = await handle.stat();
      if (size > MAX_REPORT_BYTES) return { problem: tooLarge() };
      return { text: await handle.readFile("utf8") };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (hasCode(error, "PATH_OUTSIDE")) return { problem: `cannot be read: ${error.message}` };
    return { problem: `cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

export function tooLarge(): string {
  return `is larger than ${MAX_REPORT_BYTES / 1024 / 1024} MiB`;
}
