import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const ROOT: string = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");

export type DependencyMap = Readonly<Record<string, string>>;
type ExportsMap = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

/** The parts of a package.json that the checks look at. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly description?: string;
  readonly type?: string;
  readonly sideEffects?: boolean;
  readonly repository?: { readonly type: string; readonly url: string; readonly directory: string };
  readonly engines?: DependencyMap;
  readonly files?: readonly string[];
  readonly exports?: ExportsMap;
  readonly bin?: DependencyMap;
  readonly publishConfig?: { readonly access: string; readonly exports: ExportsMap };
  readonly dependencies?: DependencyMap;
  readonly peerDependencies?: DependencyMap;
  readonly devDependencies?: DependencyMap;
  readonly optionalDependencies?: DependencyMap;
}

/** A package of the workspace. */
export interface WorkspacePackage {
  /** Name of its folder in `packages/`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

export function readRootFile(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** The JSON of a file of the repository; its shape is the caller's knowledge, so this is the parser. */
export function readRootJson<Shape>(path: string): Shape {
  return JSON.parse(readRootFile(path)) as Shape;
}

/** All packages, private ones too, by folder name. */
export function readPackages(): readonly WorkspacePackage[] {
  return readdirSync(join(ROOT, "packages"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ folder: name, manifest: readRootJson<Manifest>(`packages/${name}/package.json`) }))
    .sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

/** The packages that are published. */
export function readPublishedPackages(): readonly WorkspacePackage[] {
  return readPackages().filter(({ manifest }) => manifest.private !== true);
}

const GENERATED: ReadonlySet<string> = new Set(["node_modules", "dist", "coverage", ".turbo", ".troupe", ".git"]);

/** Files below a folder of the repository, without what tools generate; paths from the root, with `/`. */
export function listFiles(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => !GENERATED.has(entry.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? listFiles(path) : [relative(".", path).split(sep).join("/")];
    });
}

/** What a tool printed and how it ended. */
export interface ToolResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of one of the root's development dependencies, on the Node that runs the test. */
export function runTool(
  packageName: string,
  binName: string,
  args: readonly string[],
  cwd: string,
): Promise<ToolResult> {
  const folder = `node_modules/${packageName}`;
  const entry = readRootJson<Manifest>(`${folder}/package.json`).bin?.[binName];
  if (entry === undefined) throw new Error(`${packageName} has no program ${binName}`);
  return runProgram(process.execPath, [join(ROOT, folder, entry), ...args], { cwd });
}

/** Runs a program to its end; never rejects because of its exit code. */
export function runProgram(
  file: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const settings = { maxBuffer: 64 * 1024 * 1024, encoding: "utf8", ...options } as const;
    execFile(file, [...args], settings, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== "number") reject(error);
      else resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}
