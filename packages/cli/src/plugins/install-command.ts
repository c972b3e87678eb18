import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";

/** What installs a package, by the lockfile that it leaves; for an entry of `dependencies`, of `devDependencies`, and globally. */
const MANAGERS = [
  { lockfile: "pnpm-lock.yaml", add: "pnpm add", forDevelopment: "pnpm add --save-dev" },
  { lockfile: "yarn.lock", add: "yarn add", forDevelopment: "yarn add --dev" },
  { lockfile: "bun.lock", add: "bun add", forDevelopment: "bun add --dev" },
] as const;
const NPM = { add: "npm install", forDevelopment: "npm install --save-dev" } as const;

/**
 * The command that brings the newest version of a package, the way in which it was installed: what a project at
 * `projectFolder` has, by its package manager and into the same list of its manifest; else globally.
 */
export function updateCommand(packageName: string, projectFolder: string): string {
  const home = homeOf(packageName, projectFolder);
  if (home === null) return `npm install --global ${packageName}@latest`;
  const manager = managerOf(home);
  return `${isForUse(packageName, home) ? manager.add : manager.forDevelopment} ${packageName}@latest`;
}

/** The same for the command itself, which runs from `ownFile`: the project may have another one than the one that runs. */
export function updateOwnCommand(ownFile: string, projectFolder: string): string {
  const name = "@troupe/cli";
  const home = homeOf(name, projectFolder);
  const isOfProject = home !== null && ownFile.startsWith(realpathSync(join(home, "node_modules", name)) + sep);
  if (isOfProject) return updateCommand(name, projectFolder);
  // where npx keeps what it was asked for once, and pnpm what is for everybody
  const place = ownFile.split(sep).join("/");
  if (place.includes("/_npx/")) return `npx ${name}@latest`;
  return `${/\/pnpm\/global\//.test(place) ? "pnpm add" : "npm install"} --global ${name}@latest`;
}

/** `@nice/agent` of `@nice/agent/inside`. */
export function packageOf(module: string): string {
  return module
    .split("/")
    .slice(0, module.startsWith("@") ? 2 : 1)
    .join("/");
}

/** The folder whose `node_modules` has the package, as Node looks for it; null = none has. */
function homeOf(packageName: string, from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "node_modules", packageName, "package.json"))) return folder;
    if (dirname(folder) === folder) return null;
  }
}

/** The lockfile of a workspace lies above its packages. */
function managerOf(home: string): (typeof MANAGERS)[number] | typeof NPM {
  for (let folder = home; ; folder = dirname(folder)) {
    const manager = MANAGERS.find(({ lockfile }) => existsSync(join(folder, lockfile)));
    if (manager !== undefined) return manager;
    if (existsSync(join(folder, "package-lock.json")) || dirname(folder) === folder) return NPM;
  }
}

function isForUse(packageName: string, home: string): boolean {
  try {
    const { dependencies }: { readonly dependencies?: object } = JSON.parse(
      readFileSync(join(home, "package.json"), "utf8"),
    );
    return Object.hasOwn(dependencies ?? {}, packageName);
  } catch {
    return false; // no manifest that could be read: installing for development is what the documents say
  }
}
