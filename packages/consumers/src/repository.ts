import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const ROOT: string = fileURLToPath(new URL("../../..", import.meta.url));

type DependencyMap = Readonly<Record<string, string>>;

/** The parts of a package.json that are looked at here. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly license?: string;
  /** As packages of long ago say it. */
  readonly licenses?: readonly { readonly type: string }[];
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: DependencyMap;
  readonly peerDependencies?: DependencyMap;
  readonly devDependencies?: DependencyMap;
  readonly optionalDependencies?: DependencyMap;
}

/** A package of the workspace that is published. */
export interface PublishedPackage {
  /** Name of its folder in `packages/`. */
  readonly folder: string;
  /** Absolute. */
  readonly path: string;
  readonly manifest: Manifest;
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

/** By folder name. */
export function publishedPackages(): readonly PublishedPackage[] {
  const packages = join(ROOT, "packages");
  return readdirSync(packages)
    .sort()
    .map((folder) => ({ folder, path: join(packages, folder) }))
    .filter(({ path }) => existsSync(join(path, "package.json")))
    .map((one) => ({ ...one, manifest: readManifest(one.path) }))
    .filter(({ manifest }) => manifest.private !== true);
}

/** As the root's package.json pins it, such as `pnpm@12.21.0`. */
export function packageManager(): string {
  const { packageManager: pinned } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    readonly packageManager: string;
  };
  return pinned;
}

/** `MIT`, or `MIT OR ISC`; null = the package does not say. */
export function licenceOf({ license, licenses }: Manifest): string | null {
  return license ?? licenses?.map(({ type }) => type).join(" OR ") ?? null;
}
