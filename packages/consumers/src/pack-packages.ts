import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Manifest, type PublishedPackage, packageManager, publishedPackages, ROOT } from "./repository.js";
import { runToSuccess } from "./run-program.js";
import { type ArchivedFile, readTarball } from "./tarball.js";

/** A published package as a registry would get it. */
export interface PackedPackage {
  readonly folder: string;
  /** Absolute path of the tarball. */
  readonly tarball: string;
  readonly bytes: Buffer;
  /** As it stands in the tarball: `publishConfig` and the ranges of the workspace are applied. */
  readonly manifest: Manifest;
  readonly files: readonly ArchivedFile[];
  /** Of the tarball, as registries give it. */
  readonly integrity: string;
}

/** Packs every published package of the workspace into a folder; each must have been built. */
export async function packPackages(into: string): Promise<readonly PackedPackage[]> {
  const packages = publishedPackages();
  const notBuilt = packages.filter(({ path }) => !existsSync(join(path, "dist/index.js"))).map(({ folder }) => folder);
  if (notBuilt.length > 0) throw new Error(`not built: ${notBuilt.join(", ")}. Run: pnpm build`);
  const filters = packages.flatMap(({ manifest }) => ["--filter", manifest.name]);
  await runToSuccess("npx", ["-y", packageManager(), ...filters, "-r", "pack", "--pack-destination", into], {
    cwd: ROOT,
  });
  const names = await readdir(into);
  return await Promise.all(packages.map((one) => readPacked(one, into, names)));
}

async function readPacked(
  { folder, manifest }: PublishedPackage,
  into: string,
  names: readonly string[],
): Promise<PackedPackage> {
  const name = `${manifest.name.replace("@", "").replace("/", "-")}-${manifest.version}.tgz`;
  if (!names.includes(name)) throw new Error(`pnpm packed no ${name}`);
  const tarball = join(into, name);
  const bytes = await readFile(tarball);
  const files = readTarball(bytes);
  const packed = files.find(({ path }) => path === "package.json");
  if (packed === undefined) throw new Error(`${name} has no package.json`);
  return {
    folder,
    tarball,
    bytes,
    manifest: JSON.parse(packed.content.toString("utf8")) as Manifest,
    files,
    integrity: `sha512-${createHash("sha512").update(bytes).digest("base64")}`,
  };
}
