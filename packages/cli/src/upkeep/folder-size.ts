import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Bytes of all files below a path; 0 when there is nothing. Links are not followed. */
export async function sizeBelow(path: string): Promise<number> {
  const found = await lstat(path).catch(() => null); // somebody else may be removing it
  if (found === null) return 0;
  if (!found.isDirectory()) return found.size;
  let bytes = 0;
  for (const name of await readdir(path).catch(() => [])) bytes += await sizeBelow(join(path, name));
  return bytes;
}
