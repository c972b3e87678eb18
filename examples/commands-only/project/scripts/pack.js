import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { manifest, publishedFiles } from "./repository-files.js";

const BLOCK = 512;

/** The header of one file in the ustar format. No owner and no time: the same files always give the same archive. */
function header(name, size) {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0, 100);
  block.write("0000644\0", 100);
  block.write("0000000\0", 108);
  block.write("0000000\0", 116);
  block.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  block.write("00000000000\0", 136);
  block.write("        ", 148); // the checksum counts itself as spaces
  block.write("0", 156);
  block.write("ustar\x0000", 257);
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  block.write(`${checksum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

function archive(files) {
  const blocks = files.flatMap(({ path, bytes }) => {
    const padding = Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK);
    return [header(`package/${path}`, bytes.length), bytes, padding];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]));
}

const folder = process.env.TROUPE_ARTIFACTS;
if (folder === undefined) throw new Error("TROUPE_ARTIFACTS is not set: it names the folder for the archive");
const files = publishedFiles().map((path) => ({ path, bytes: readFileSync(path) }));
const sums = files.map(({ path, bytes }) => `${createHash("sha256").update(bytes).digest("hex")}  package/${path}\n`);
writeFileSync(join(folder, "plainwrap.tar.gz"), archive(files));
writeFileSync(join(folder, "SHA256SUMS"), sums.join(""));
console.log(`${manifest.name} ${manifest.version}: ${files.length} files packed`);
