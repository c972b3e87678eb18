import type { RunId, Sha256 } from "../model/ids.js";
import { INLINE_TEXT_BYTES, type TextRef } from "../model/refs.js";
import type { BlobStore } from "../plugin/store.js";

/** SHA-256 of a text's UTF-8 bytes or of bytes, as 64 hex digits. */
export function sha256(content: string | Uint8Array): Sha256 {
  // loading it takes longer than all else that a command needs which only looks at a run
  hash ??= process.getBuiltinModule("node:crypto").hash;
  return hash("sha256", content);
}

let hash: typeof import("node:crypto").hash | null = null;

/** A reference to `text`; a text over {@link INLINE_TEXT_BYTES} is durable in the blob store when it resolves. */
export async function writeText(blobs: BlobStore, runId: RunId, text: string): Promise<TextRef> {
  const content = Buffer.from(text, "utf8");
  if (content.length <= INLINE_TEXT_BYTES) return { sha256: sha256(content), bytes: content.length, text };
  const { sha256: hash, bytes } = await blobs.put(runId, content);
  return { sha256: hash, bytes, text: null };
}

/** The text behind a reference. Rejects `BLOB_MISSING` and `BLOB_CORRUPT`. */
export async function readText(blobs: BlobStore, runId: RunId, ref: TextRef): Promise<string> {
  if (ref.text !== null) return ref.text;
  const chunks: Uint8Array[] = [];
  for await (const chunk of blobs.get(runId, ref.sha256)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
