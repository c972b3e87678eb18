import type { Hash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { type BlobRef, type BlobStore, type Content, type RunId, type Sha256, TroupeError } from "@troupe/core";
import { CREATE_NEW, makeFolders, READ, readChunks, syncFolder, writeAll } from "./durable-file.js";
import type { FileSystemPort, OpenFile } from "./file-system-port.js";
import { refuseForeignFolder } from "./foreign-parts.js";
import { isMissing, isNoFile, storeError } from "./fs-errors.js";
import type { Layout } from "./layout.js";

/** Loading `node:crypto` takes longer than all else that a command needs which only looks at a run. */
const startHash = (): Hash => process.getBuiltinModule("node:crypto").createHash("sha256");

const CHUNK_BYTES = 256 * 1024;

/** What the blob store needs. */
export interface BlobPlace {
  readonly fs: FileSystemPort;
  readonly layout: Layout;
  readonly randomHex: (bytes: number) => string;
  /** Makes the state folder fit for writing. */
  readonly prepare: () => Promise<void>;
}

export function createBlobs(place: BlobPlace): BlobStore {
  return {
    async put(runId, content) {
      const folder = place.layout.blobsOf(runId);
      await place.prepare();
      return content instanceof Uint8Array
        ? await putBytes(place, folder, content)
        : await putStream(place, folder, content);
    },
    get: (runId, sha256) => readBlob(place, runId, sha256),
  };
}

/** Hashed first, so that content that is there already costs no write. */
async function putBytes(place: BlobPlace, folder: string, content: Uint8Array): Promise<BlobRef> {
  const sha256 = startHash().update(content).digest("hex");
  const ref = { sha256, bytes: content.length };
  if (await isKept(place, folder, sha256)) return ref;
  const draft = draftPath(place);
  await writeDraft(place, draft, content);
  await settleDraft(place, draft, folder, sha256);
  return ref;
}

async function putStream(place: BlobPlace, folder: string, content: Content): Promise<BlobRef> {
  const draft = draftPath(place);
  const ref = await writeDraft(place, draft, content);
  if (await isKept(place, folder, ref.sha256))
    await place.fs.unlink(draft).catch(() => {}); // swept later
  else await settleDraft(place, draft, folder, ref.sha256);
  return ref;
}

function draftPath({ layout, randomHex }: BlobPlace): string {
  return join(layout.staging, `blob-${randomHex(8)}`);
}

/** Writes and syncs a file that nobody else knows. An error of the content itself is passed on as it is. */
async function writeDraft({ fs }: BlobPlace, path: string, content: Content): Promise<BlobRef> {
  const hash = startHash();
  let bytes = 0;
  const file = await attempt(fs, path, () => fs.open(path, CREATE_NEW));
  try {
    for await (const chunk of content instanceof Uint8Array ? [content] : content) {
      hash.update(chunk);
      bytes += chunk.length;
      await attempt(fs, path, () => writeAll(file, chunk));
    }
    await attempt(fs, path, () => file.sync());
  } catch (error) {
    await fs.unlink(path).catch(() => {}); // the first error is the one to report
    throw error;
  } finally {
    await file.close();
  }
  return { sha256: hash.digest("hex"), bytes };
}

async function settleDraft({ fs }: BlobPlace, draft: string, folder: string, sha256: Sha256): Promise<void> {
  const path = join(folder, sha256);
  await attempt(fs, path, async () => {
    await makeFolders(fs, folder); // its name, too, although another process may have made it
    await refuseForeignFolder(fs, folder);
    await fs.rename(draft, path); // over the same bytes, or over damaged ones
    await syncFolder(fs, folder);
  });
}

/** Whether the content is there, intact and durable; a damaged copy is mended by writing it again. */
async function isKept({ fs }: BlobPlace, folder: string, sha256: Sha256): Promise<boolean> {
  const path = join(folder, sha256);
  try {
    for await (const _ of readVerified(fs, path, sha256)); // reading costs less than writing and syncing
    await syncFolder(fs, folder); // whoever renamed it may not have got that far
    await syncFolder(fs, dirname(folder));
    return true;
  } catch {
    return false; // missing or damaged; whatever else is wrong, writing reports it
  }
}

async function* readBlob({ fs, layout }: BlobPlace, runId: RunId, sha256: Sha256): AsyncGenerator<Uint8Array> {
  const path = layout.blob(runId, sha256);
  if (path === null) throw missing(runId, sha256);
  try {
    yield* readVerified(fs, path, sha256);
  } catch (error) {
    throw isMissing(error) ? missing(runId, sha256) : await storeError(fs, error, "read", path);
  }
}

async function* readVerified(fs: FileSystemPort, path: string, sha256: Sha256): AsyncGenerator<Uint8Array> {
  const hash = startHash();
  const file = await openContent(fs, path, sha256);
  try {
    if ((await file.status()).kind !== "file") throw damaged(path, sha256); // a device would never end
    for await (const chunk of readChunks(file, 0, CHUNK_BYTES)) {
      hash.update(chunk);
      yield chunk;
    }
  } finally {
    await file.close();
  }
  if (hash.digest("hex") !== sha256) throw damaged(path, sha256);
}

async function openContent(fs: FileSystemPort, path: string, sha256: Sha256): Promise<OpenFile> {
  try {
    return await fs.open(path, READ);
  } catch (error) {
    throw isNoFile(error) ? damaged(path, sha256) : error;
  }
}

function damaged(path: string, sha256: Sha256): TroupeError {
  return new TroupeError("BLOB_CORRUPT", `the content of ${path} does not match its name`, {
    hint: `Restore ${path} from a copy, or make a new run without it: troupe repair ${basename(dirname(path))}`,
    details: { sha256, path },
  });
}

async function attempt<T>(fs: FileSystemPort, path: string, write: () => Promise<T>): Promise<T> {
  return write().catch(async (error: unknown) => {
    throw await storeError(fs, error, "write", path);
  });
}

function missing(runId: RunId, sha256: Sha256): TroupeError {
  return new TroupeError("BLOB_MISSING", `run ${runId} has no content ${sha256}`, {
    hint: `Restore the folder .troupe/blobs/${runId} from a copy, or make a new run without it: troupe repair ${runId}`,
    details: { runId, sha256 },
  });
}
