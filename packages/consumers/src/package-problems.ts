import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import type { PackedPackage } from "./pack-packages.js";
import { ROOT } from "./repository.js";

/** Resolutions that need CommonJS, which no package here has. */
const NOT_SUPPORTED: readonly string[] = ["node10", "node16-cjs"];

/** What is wrong with a tarball, one line each: what publint and "are the types wrong" find, and what must and must not be in it. */
export async function packageProblems(packed: PackedPackage): Promise<readonly string[]> {
  const problems = [
    ...contentProblems(packed),
    ...manifestProblems(packed),
    ...(await lint(packed)),
    ...(await types(packed)),
  ];
  return problems.map((problem) => `${packed.manifest.name}: ${problem}`);
}

async function lint({ bytes }: PackedPackage): Promise<readonly string[]> {
  const tarball = new Uint8Array(bytes).buffer;
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`);
}

async function types({ bytes }: PackedPackage): Promise<readonly string[]> {
  const result = await checkPackage(createPackageFromTarballData(new Uint8Array(bytes)));
  if (!result.types) return ["has no types"];
  return result.problems
    .filter((problem) => !("resolutionKind" in problem && NOT_SUPPORTED.includes(problem.resolutionKind)))
    .map((problem) => `types: ${JSON.stringify(problem)}`);
}

function contentProblems({ folder, files }: PackedPackage): readonly string[] {
  const paths = files.map(({ path }) => path);
  const missing = ["LICENSE", "README.md", "package.json", "dist/index.js", "dist/index.d.ts"].filter(
    (path) => !paths.includes(path),
  );
  const foreign = paths.filter((path) => /\.test\.|(^|\/)(test|e2e|bench|node_modules)\/|\.tsbuildinfo$/.test(path));
  // pieces of a bundle have a hash in their names
  const lost = paths.filter(
    (path) => /^dist\/.*(?<!-[A-Z0-9]{8})\.js$/.test(path) && !existsSync(sourceOf(folder, path)),
  );
  return [
    ...missing.map((path) => `${path} is not in the tarball`),
    ...foreign.map((path) => `${path} is in the tarball`),
    ...lost.map((path) => `${path} has no source: a file that is left over from an older build`),
    ...leadsNowhere(files),
  ];
}

function sourceOf(folder: string, path: string): string {
  return join(ROOT, "packages", folder, path.replace(/^dist(.*)\.js$/, "src$1.ts"));
}

/** Maps that are named and not there, or lead to sources that are not. */
function leadsNowhere(files: PackedPackage["files"]): readonly string[] {
  const paths = new Set(files.map(({ path }) => path));
  return files.flatMap(({ path, content }) => {
    const beside = (other: string): string => posix.join(posix.dirname(path), other);
    const text = content.toString("utf8");
    const [, map] = /\.(js|d\.ts)$/.test(path) ? (/^\/\/# sourceMappingURL=(\S+\.map)\s*$/m.exec(text) ?? []) : [];
    const { sources }: { readonly sources: readonly string[] } = path.endsWith(".map")
      ? JSON.parse(text)
      : { sources: [] };
    return [...(map === undefined ? [] : [map]), ...sources]
      .filter((other) => !paths.has(beside(other)))
      .map((other) => `${path} leads to ${beside(other)}, which is not in the tarball`);
  });
}

function manifestProblems({ manifest }: PackedPackage): readonly string[] {
  const text = JSON.stringify([manifest.exports, manifest.dependencies, manifest.peerDependencies]);
  return ["@troupe/source", "workspace:", "catalog:"]
    .filter((word) => text.includes(word))
    .map((word) => `package.json still says ${word}`);
}
