import { dirname, join } from "node:path";
import { networkFileSystem, TroupeError } from "@troupe/core";
import { makeFolders, syncFolder, writeNewFile } from "./durable-file.js";
import type { FileSystemPort } from "./file-system-port.js";
import { refuseForeignFolder } from "./foreign-parts.js";
import { isMissing, orMissing, storeError } from "./fs-errors.js";
import type { Layout } from "./layout.js";
import { quotedPath } from "./quoted-path.js";

/** What a dead process left in the staging folder goes after this time. */
const STAGING_MS = 24 * 3_600_000;

/** What preparing the folder needs. */
export interface StateFolderOptions {
  readonly fs: FileSystemPort;
  readonly layout: Layout;
  readonly randomHex: (bytes: number) => string;
  /** Also on a network file system. */
  readonly force: boolean;
}

/**
 * Makes `.troupe` fit for writing, once per process: its `.gitignore` is the first thing in it. Rejects
 * `STORE_UNSUPPORTED` on a network file system, where neither an append nor a lease can be trusted.
 */
export function createStatePreparation(options: StateFolderOptions): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => {
    done ??= prepare(options).catch((error: unknown) => {
      done = null; // the next call tries again
      throw error;
    });
    return done;
  };
}

async function prepare({ fs, layout, randomHex, force }: StateFolderOptions): Promise<void> {
  const { folder, gitignore, runs, blobs, staging } = layout;
  try {
    if (!force) await refuseNetwork(fs, folder);
    await makeFolders(fs, folder);
    if ((await orMissing(fs.status(gitignore))) === null) {
      const draft = join(folder, `.gitignore-${randomHex(8)}`);
      await writeNewFile(fs, draft, Buffer.from("*\n"));
      await fs.rename(draft, gitignore);
      await syncFolder(fs, folder);
    }
    for (const path of [runs, blobs, staging]) {
      await makeFolders(fs, path);
      await refuseForeignFolder(fs, path); // `.troupe` itself may be a link to a larger disk, nothing below it
    }
    await sweepStaging(fs, staging, randomHex);
  } catch (error) {
    throw (await leadsNowhere(fs, error, folder)) ?? (await storeError(fs, error, "prepare", folder));
  }
}

/** The error for a folder that is a link to nothing, if that is what `error` comes from. */
async function leadsNowhere(fs: FileSystemPort, error: unknown, folder: string): Promise<TroupeError | null> {
  if (!isMissing(error)) return null;
  const status = await fs.status(folder).catch(() => null); // `error` is the one to report
  if (status?.kind !== "link") return null;
  return new TroupeError("STORE_FAILED", `${folder} is a link that leads nowhere`, {
    hint: `Make the folder that the link points to, or remove the link: ls -ld ${quotedPath(folder)}`,
    details: { path: folder },
    cause: error,
  });
}

async function refuseNetwork(fs: FileSystemPort, folder: string): Promise<void> {
  const { type, mountedAs } = await fs.volume(await nearestFolder(fs, folder));
  const name = networkFileSystem(type, mountedAs);
  if (name === null) return;
  throw new TroupeError("STORE_UNSUPPORTED", `${folder} lies on a network file system (${name})`, {
    hint: 'Work in a folder on a local disk, or set "force": true in the options of the store to take the risk.',
    details: { path: folder, fileSystem: name },
  });
}

async function nearestFolder(fs: FileSystemPort, path: string): Promise<string> {
  const isThere = (await orMissing(fs.status(path))) !== null;
  return isThere || dirname(path) === path ? path : nearestFolder(fs, dirname(path));
}

/** By the time of the file system itself, so that no clock has to agree with it. */
async function sweepStaging(fs: FileSystemPort, staging: string, randomHex: (bytes: number) => string): Promise<void> {
  const names = await fs.list(staging);
  if (names.length === 0) return;
  const probe = join(staging, `now-${randomHex(8)}`);
  await writeNewFile(fs, probe, new Uint8Array());
  const now = (await fs.status(probe)).modifiedAtMs;
  await fs.unlink(probe);
  for (const name of names) {
    const path = join(staging, name);
    const status = await orMissing(fs.status(path));
    if (status !== null && now - status.modifiedAtMs > STAGING_MS) await fs.removeTree(path);
  }
}
