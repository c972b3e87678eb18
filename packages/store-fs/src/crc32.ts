/** Loading `node:zlib` costs as much as summing so many bytes here does. */
const OWN_BYTES = 256 * 1024;
/** Four bytes are summed at a time where they make a number as they lie there. */
const WORD_BYTES = new Uint8Array(Int32Array.of(1).buffer)[0] === 1 ? 4 : 0;

let table: Int32Array | null = null;
let summedBytes = 0;
let builtIn: typeof import("node:zlib").crc32 | null = null;

/**
 * The CRC-32 of bytes or of a text's UTF-8 bytes, as `node:zlib` has it: that is asked once there is much to sum. Whoever
 * only looks at a run sums a few kilobytes.
 */
export function crc32(content: string | Uint8Array): number {
  summedBytes += content.length;
  if (summedBytes > OWN_BYTES) {
    builtIn ??= process.getBuiltinModule("node:zlib").crc32;
    return builtIn(content);
  }
  return sum(typeof content === "string" ? Buffer.from(content, "utf8") : content);
}

/** Written for code that is not compiled yet: four bytes by four look-ups take a third of what they take one by one. */
function sum(bytes: Uint8Array): number {
  table ??= createTable();
  const words = wordsIn(bytes);
  const start = words === null ? bytes.length : words.byteOffset - bytes.byteOffset;
  let crc = sumBytes(-1, bytes, 0, start, table);
  if (words === null) return ~crc >>> 0;
  // not `for of`: until it is compiled, an iterator takes ten times as long
  for (let at = 0; at < words.length; at += 1) {
    const word = crc ^ (words[at] ?? 0);
    crc =
      (table[0x300 + (word & 0xff)] ?? 0) ^
      (table[0x200 + ((word >>> 8) & 0xff)] ?? 0) ^
      (table[0x100 + ((word >>> 16) & 0xff)] ?? 0) ^
      (table[word >>> 24] ?? 0);
  }
  crc = sumBytes(crc, bytes, start + words.byteLength, bytes.length, table);
  return ~crc >>> 0;
}

function sumBytes(before: number, bytes: Uint8Array, start: number, end: number, table: Int32Array): number {
  let crc = before;
  for (let at = start; at < end; at += 1) crc = (table[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8);
  return crc;
}

/** The part of `bytes` that can be read as whole numbers; null = they end before one begins, or mean others here. */
function wordsIn({ buffer, byteOffset, length }: Uint8Array): Int32Array | null {
  const before = -byteOffset & (WORD_BYTES - 1);
  if (WORD_BYTES === 0 || length < before) return null;
  return new Int32Array(buffer, byteOffset + before, Math.floor((length - before) / WORD_BYTES));
}

/**
 * The remainders of all bytes by the reversed polynomial of IEEE 802.3, then those of a byte with one, two and three
 * zeros behind it. A remainder of a sum is the sum of the remainders, so few are divided out.
 */
function createTable(): Int32Array {
  const made = new Int32Array(0x400);
  for (let bit = 0x80, remainder = 1; bit > 0; bit >>>= 1) {
    remainder = (remainder >>> 1) ^ (0xedb88320 & -(remainder & 1));
    made[bit] = remainder;
  }
  for (let bit = 2; bit < 0x100; bit *= 2) {
    for (let rest = 1; rest < bit; rest += 1) made[bit + rest] = (made[bit] ?? 0) ^ (made[rest] ?? 0);
  }
  for (let at = 0; at < 0x300; at += 1) {
    const remainder = made[at] ?? 0;
    made[at + 0x100] = (remainder >>> 8) ^ (made[remainder & 0xff] ?? 0);
  }
  return made;
}
