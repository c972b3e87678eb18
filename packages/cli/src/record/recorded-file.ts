import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SecretMasker } from "@troupe/core";

/** A file as a cassette has it. */
export interface RecordedFile {
  readonly path: string;
  readonly root: "workspace" | "artifacts";
  /** null = it is deleted. */
  readonly content: string | null;
  /** Absent = the content is text. */
  readonly encoding?: "base64";
}

/** The largest file that a cassette takes. */
export const MAX_FILE_BYTES: number = 4 * 1024 * 1024;

/** Text with its secrets masked, or base64 for what is no text; null = too large. */
export function recordBytes(
  name: Pick<RecordedFile, "path" | "root">,
  bytes: Uint8Array,
  masker: SecretMasker,
): RecordedFile | null {
  if (bytes.length > MAX_FILE_BYTES) return null;
  try {
    return { ...name, content: masker.mask(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)) };
  } catch {
    return { ...name, content: Buffer.from(bytes).toString("base64"), encoding: "base64" }; // not UTF-8
  }
}

/** A file of the working tree as it is now; null = too large. */
export async function recordTreeFile(folder: string, path: string, masker: SecretMasker): Promise<RecordedFile | null> {
  const bytes = await readFile(join(folder, path)).catch(() => null);
  const name = { path, root: "workspace" } as const;
  return bytes === null ? { ...name, content: null } : recordBytes(name, bytes, masker);
}
