import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** Files by path from the folder's root. */
export type ScratchFiles = Readonly<Record<string, string>>;

/** A temporary folder with these files, removed when the test is over. */
export async function createScratchFolder(files: ScratchFiles): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "troupe-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}
