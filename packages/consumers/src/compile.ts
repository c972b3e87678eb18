import { mkdir, realpath, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { readManifest } from "./repository.js";
import { runProgram } from "./run-program.js";

/** A compiler and the types of Node that it is tried with. */
export interface Compiler {
  readonly typescript: "typescript-5.9" | "typescript-6" | "typescript";
  readonly nodeTypes: "types-node-22" | "@types/node";
}

/** The oldest of everything first. */
export const COMPILERS: readonly Compiler[] = [
  { typescript: "typescript-5.9", nodeTypes: "types-node-22" },
  { typescript: "typescript-6", nodeTypes: "@types/node" },
  { typescript: "typescript", nodeTypes: "@types/node" },
];

const require = createRequire(import.meta.url);

/** Type checks files of a consumer, and the declarations of all packages that they use, and writes JavaScript beside them. */
export async function compile(folder: string, files: readonly string[], compiler: Compiler): Promise<string> {
  const manifest = require.resolve(`${compiler.typescript}/package.json`);
  const settings = {
    "--target": "es2024",
    "--lib": "es2024",
    "--module": "nodenext",
    "--strict": "true",
    "--exactOptionalPropertyTypes": "true",
    "--noUncheckedIndexedAccess": "true",
    "--verbatimModuleSyntax": "true",
    "--skipLibCheck": "false",
    "--types": "node",
    "--typeRoots": await typeRoot(folder, compiler),
  };
  const flags = Object.entries(settings).flat();
  const { code, stdout } = await runProgram(
    process.execPath,
    [join(dirname(manifest), "bin/tsc"), ...flags, ...files],
    {
      cwd: folder,
    },
  );
  const version = `TypeScript ${readManifest(dirname(manifest)).version}`;
  if (code !== 0) throw new Error(`${version} refuses ${files.join(", ")} in ${folder}:\n${stdout}`);
  return version;
}

/** A folder with the types of Node under their usual name: the consumers install none, so that their trees show what our packages bring. */
async function typeRoot(folder: string, { nodeTypes }: Compiler): Promise<string> {
  const root = join(folder, ".types", nodeTypes.replace("/", "-"));
  await mkdir(root, { recursive: true });
  await rm(join(root, "node"), { force: true });
  await symlink(await realpath(dirname(require.resolve(`${nodeTypes}/package.json`))), join(root, "node"), "junction");
  return root;
}
