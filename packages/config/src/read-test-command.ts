import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ProjectTestCommand } from "./acceptance-checks.js";

/** What npm writes into a new package. */
const NPM_PLACEHOLDER = /no test specified/;

type Finder = (read: (name: string) => Promise<string | null>) => Promise<ProjectTestCommand | null>;

/**
 * The command that tests the project in `folder`, by what lies there: `package.json` scripts.test, a Makefile's `test`,
 * cargo, go, pytest, in this order. Null when nothing is found; a file that cannot be read counts as absent.
 */
export async function readProjectTestCommand(folder: string): Promise<ProjectTestCommand | null> {
  const read = (name: string): Promise<string | null> => readFile(join(folder, name), "utf8").catch(() => null);
  for (const find of [fromPackageJson, fromMakefile, fromCargo, fromGo, fromPytest]) {
    const found = await find(read);
    if (found !== null) return found;
  }
  return null;
}

const fromPackageJson: Finder = async (read) => {
  const manifest = parseManifest((await read("package.json")) ?? "");
  const { test } = manifest.scripts;
  if (typeof test !== "string" || test.trim() === "" || NPM_PLACEHOLDER.test(test)) return null;
  const named = /^(npm|pnpm|yarn|bun)@/.exec(manifest.packageManager)?.[1] ?? null;
  const manager = named ?? (await managerByLockfile(read));
  const argv = manager === "bun" ? ["bun", "run", "test"] : [manager, "test"];
  return { command: { argv }, source: "package.json scripts.test" };
};

async function managerByLockfile(read: (name: string) => Promise<string | null>): Promise<string> {
  const lockfiles = [
    ["pnpm-lock.yaml", "pnpm"],
    ["yarn.lock", "yarn"],
    ["bun.lock", "bun"],
  ] as const;
  for (const [file, manager] of lockfiles) if ((await read(file)) !== null) return manager;
  return "npm";
}

interface Manifest {
  readonly scripts: { readonly test?: unknown };
  readonly packageManager: string;
}

function parseManifest(text: string): Manifest {
  const nothing: Manifest = { scripts: {}, packageManager: "" };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return nothing;
    const scripts =
      "scripts" in value && typeof value.scripts === "object" && value.scripts !== null ? value.scripts : {};
    const packageManager = "packageManager" in value ? String(value.packageManager) : "";
    return { scripts, packageManager };
  } catch {
    return nothing; // a broken manifest is not ours to report; there is no command in it
  }
}

const fromMakefile: Finder = async (read) => {
  for (const name of ["GNUmakefile", "makefile", "Makefile"]) {
    if (/^test[ \t]*:(?!=)/m.test((await read(name)) ?? "")) {
      return { command: { argv: ["make", "test"] }, source: `${name} test` };
    }
  }
  return null;
};

const fromCargo: Finder = async (read) =>
  (await read("Cargo.toml")) === null ? null : { command: { argv: ["cargo", "test"] }, source: "Cargo.toml" };

const fromGo: Finder = async (read) =>
  (await read("go.mod")) === null ? null : { command: { argv: ["go", "test", "./..."] }, source: "go.mod" };

const fromPytest: Finder = async (read) => {
  for (const [name, sign] of [
    ["pytest.ini", /^/],
    ["pyproject.toml", /\bpytest\b/],
    ["setup.cfg", /^\[tool:pytest\]/m],
    ["tox.ini", /^\[pytest\]/m],
    ["conftest.py", /^/],
  ] as const) {
    const text = await read(name);
    if (text === null || !sign.test(text)) continue;
    const argv = (await read("uv.lock")) === null ? ["pytest"] : ["uv", "run", "pytest"];
    return { command: { argv }, source: name };
  }
  return null;
};
