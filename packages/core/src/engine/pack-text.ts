import { fieldsBehind, isFields } from "./leave-out.js";
import { sha256 } from "./text.js";

const HEX = /^[0-9a-f]{64}$/;
const HASH_BYTES = 32;
/** Characters of so many bytes in base64url. */
const PACKED_LENGTH = 43;
const TEXT_KEYS = ["sha256", "bytes", "text"];

/** Whether {@link packHash} can be undone: all but a string that would pass for a packed hash. */
export function isPackable(hash: unknown): boolean {
  return typeof hash === "string" && hash.length !== PACKED_LENGTH;
}

/** A hash in 43 characters instead of 64; any other string as it is. */
export function packHash(hash: string): string {
  return HEX.test(hash) ? bytesOfHash.toString("base64url", 0, bytesOfHash.write(hash, "hex")) : hash;
}

/** Of the hash that is being turned into another form. */
const bytesOfHash: Buffer = Buffer.alloc(HASH_BYTES);

/** Undoes {@link packHash}. */
export function unpackHash(packed: unknown): unknown {
  const isHash = typeof packed === "string" && packed.length === PACKED_LENGTH;
  return isHash ? bytesOfHash.toString("hex", 0, bytesOfHash.write(packed, "base64url")) : packed;
}

/** A reference to a text that lies in the journal, without what follows from the text: its size and its hash. */
export function packText(ref: unknown): unknown {
  if (!isFields(ref) || typeof ref.text !== "string" || fieldsBehind(ref, TEXT_KEYS) !== 0) return ref;
  const isWhole = ref.bytes === Buffer.byteLength(ref.text) && ref.sha256 === sha256(ref.text);
  return isWhole ? { text: ref.text } : ref;
}

/** Undoes {@link packText}. Its hash is worked out when somebody asks: whoever looks at a run never does. */
export function unpackText(packed: unknown): unknown {
  if (!isFields(packed) || typeof packed.text !== "string" || packed.sha256 !== undefined) return packed;
  const { text } = packed;
  const ref: Record<string, unknown> = Object.defineProperty({}, "sha256", HASH_OF_TEXT);
  ref.bytes = Buffer.byteLength(text);
  ref.text = text;
  return ref;
}

/** One for all: objects whose getters differ would take more memory than the hash. */
const HASH_OF_TEXT: PropertyDescriptor & ThisType<{ readonly text: string }> = {
  enumerable: true,
  configurable: true,
  get() {
    const value = sha256(this.text);
    Object.defineProperty(this, "sha256", { value, enumerable: true, configurable: true, writable: true });
    return value;
  },
};
