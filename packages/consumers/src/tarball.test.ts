import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readTarball } from "./tarball.js";

/** One entry of a tar archive. */
function entry(name: string, content: string, type = "0", prefix = ""): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(Buffer.byteLength(content).toString(8).padStart(11, "0"), 124);
  header.write(type, 156);
  header.write(prefix, 345);
  const padded = Buffer.alloc(Math.ceil(Buffer.byteLength(content) / 512) * 512);
  padded.write(content);
  return Buffer.concat([header, padded]);
}

test("reads files with short, split and long names, and passes over folders", () => {
  const long = `package/${"deep/".repeat(30)}file.ts`;
  const record = ` path=${long}\n`;
  const tar = Buffer.concat([
    entry("package/src", "", "5"),
    entry("package/package.json", "{}"),
    entry("index.js", "1", "0", "package/dist"),
    entry("PaxHeader", `${record.length + 3}${record}`, "x"),
    entry("cut off", "2"),
    entry("package/last", "x".repeat(600)),
    Buffer.alloc(1024),
  ]);
  expect(readTarball(gzipSync(tar)).map(({ path, content }) => [path, content.length])).toEqual([
    ["package.json", 2],
    ["dist/index.js", 1],
    [long.replace("package/", ""), 1],
    ["last", 600],
  ]);
});
