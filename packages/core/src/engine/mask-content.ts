import type { SecretMasker } from "../model/mask-secrets.js";
import type { Content } from "../plugin/store.js";

/** Where a NUL byte tells that content is no text. */
const LOOKED_AT_BYTES = 8 * 1024;

/** The content with the values of secrets masked, if it is text; anything else would only be destroyed by it. */
export async function* maskContent(masker: SecretMasker, content: Content): AsyncGenerator<Uint8Array> {
  const stream = masker.createStream();
  let isText: boolean | null = null;
  for await (const chunk of content instanceof Uint8Array ? [content] : content) {
    if (chunk.length === 0) continue;
    isText ??= !chunk.subarray(0, LOOKED_AT_BYTES).includes(0);
    const masked = isText ? stream.push(chunk) : chunk;
    if (masked.length > 0) yield masked;
  }
  const rest = stream.end();
  if (rest.length > 0) yield rest;
}
