// Puts the modules of this package into one file for each of its entries, and one with what both need: a hundred modules,
// read and linked one by one, take as much memory as all that they then do, and longer than Node takes to start. See
// docs/decisions/0035-core-is-one-file.md. The types come from `tsc`, file by file.
import { readdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const dist = new URL("dist/", import.meta.url);
for (const name of await readdir(dist, { recursive: true })) {
  if (/\.js(\.map)?$/.test(name)) await rm(new URL(name, dist)); // of an earlier build
}
await build({
  absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
  entryPoints: ["src/index.ts", "src/memory.ts"],
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node22.13",
  sourcemap: true,
  sourcesContent: false, // they are in the tarball
  logLevel: "warning",
});
