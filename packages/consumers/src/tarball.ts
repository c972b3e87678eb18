import { gunzipSync } from "node:zlib";

/** A file in a package's tarball. */
export interface ArchivedFile {
  /** Below `package/`, with `/`. */
  readonly path: string;
  readonly content: Buffer;
}

const BLOCK = 512;

/** The regular files of an npm tarball (ustar with the long names that npm and pnpm write). */
export function readTarball(tarball: Uint8Array): readonly ArchivedFile[] {
  const tar = gunzipSync(tarball);
  const files: ArchivedFile[] = [];
  let longName: string | null = null;
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const header = tar.subarray(at, at + BLOCK);
    const size = Number.parseInt(fieldOf(header, 124, 12), 8) || 0;
    const content = tar.subarray(at + BLOCK, at + BLOCK + size);
    const type = fieldOf(header, 156, 1) || "0";
    const prefix = fieldOf(header, 345, 155);
    const name: string = longName ?? (prefix === "" ? "" : `${prefix}/`) + fieldOf(header, 0, 100);
    longName = type === "x" ? paxPath(content) : type === "L" ? content.toString("utf8").replace(/\0.*$/s, "") : null;
    if (type === "0") files.push({ path: name.replace(/^package\//, ""), content });
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

function fieldOf(header: Buffer, start: number, length: number): string {
  return header
    .toString("utf8", start, start + length)
    .replace(/\0.*$/s, "")
    .trim();
}

function paxPath(content: Buffer): string | null {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(content.toString("utf8"))?.[1] ?? null;
}
