import { open } from "node:fs/promises";
import { join } from "node:path";
import { maskContent, type PromptText, readText, type TextRef } from "@troupe/core";
import { maskerOf } from "./mask-secrets.js";
import { findFile, placeFile } from "./place-file.js";
import type { TurnScope } from "./turn-scope.js";
import { whileFull } from "./while-full.js";

/**
 * A text for a prompt: all of it if it has at most `maxBytes`, else its beginning and the file in the run's folder
 * that holds the rest too. Rejects `BLOB_MISSING`, `BLOB_CORRUPT`.
 */
export async function readPromptText(scope: TurnScope, ref: TextRef, maxBytes: number): Promise<PromptText> {
  const { host, folders, task } = scope;
  if (ref.bytes <= maxBytes) return { text: await readText(host.blobs, task.runId, ref), path: null };
  const path = join(folders.texts, `${ref.sha256.slice(0, 16)}.md`);
  const found = await findFile(path);
  if (found.kind !== "file" || found.sha256 !== ref.sha256) {
    const content = () => (ref.text === null ? host.blobs.get(task.runId, ref.sha256) : Buffer.from(ref.text, "utf8"));
    await whileFull(scope, () =>
      placeFile(host, { path, content: maskContent(maskerOf(host), content()), mode: 0o400 }),
    );
  }
  return { text: await readBeginning(path, maxBytes), path };
}

async function readBeginning(path: string, maxBytes: number): Promise<string> {
  const handle = await open(path, "r");
  try {
    const buffer = Buffer.alloc(maxBytes);
    const { bytesRead } = await handle.read(buffer, 0, maxBytes, 0);
    // as a stream that goes on: a character cut in two at the end is left out
    return new TextDecoder().decode(buffer.subarray(0, bytesRead), { stream: true });
  } finally {
    await handle.close();
  }
}
