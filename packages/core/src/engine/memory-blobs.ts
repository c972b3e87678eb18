import { TroupeError } from "../errors/troupe-error.js";
import type { RunId, Sha256 } from "../model/ids.js";
import type { BlobStore, Content } from "../plugin/store.js";
import { sha256 as hashOf } from "./text.js";

export interface MemoryBlobs extends BlobStore {
  forget(runId: RunId): void;
}

export function createMemoryBlobs(): MemoryBlobs {
  const contents = new Map<RunId, Map<Sha256, Uint8Array>>();
  return {
    async put(runId, content) {
      const bytes = await readAll(content);
      const sha256 = hashOf(bytes);
      const ofRun = contents.get(runId) ?? new Map<Sha256, Uint8Array>();
      contents.set(runId, ofRun.set(sha256, bytes));
      return { sha256, bytes: bytes.length };
    },
    async *get(runId, sha256) {
      const bytes = contents.get(runId)?.get(sha256);
      if (bytes === undefined) {
        const details = { runId, sha256 };
        throw new TroupeError("BLOB_MISSING", `run ${runId} has no content ${sha256}`, { details });
      }
      yield bytes.slice();
    },
    forget: (runId) => void contents.delete(runId),
  };
}

/** A copy: the caller may use its buffer again. */
async function readAll(content: Content): Promise<Uint8Array> {
  if (content instanceof Uint8Array) return content.slice();
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}
