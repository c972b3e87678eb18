/** Loading `node:zlib` costs as much as summing so many bytes here does. */
const OWN_BYTES = 256 * 1024;

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

function sum(bytes: Uint8Array): number {
  table ??= createTable();
  let crc = -1;
  // not `for of`: until it is compiled, an iterator takes ten times as long
  for (let at = 0; at < bytes.length; at += 1) crc = (table[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** The remainders of all bytes by the reversed polynomial of IEEE 802.3. */
function createTable(): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit += 1) {
      remainder = (remainder & 1) === 0 ? remainder >>> 1 : (remainder >>> 1) ^ 0xedb88320;
    }
    return remainder;
  });
}
