import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const FOLDERS = ["src", "test", "scripts"];

export const manifest = JSON.parse(readFileSync("package.json", "utf8"));

/** Every JavaScript file of the repository, sorted, with forward slashes. */
export function sourceFiles() {
  return FOLDERS.flatMap(filesBelow).filter((path) => path.endsWith(".js"));
}

/** What a package of this repository holds: package.json and all below its `files`. */
export function publishedFiles() {
  return ["package.json", ...manifest.files.flatMap(filesBelow)].sort();
}

function filesBelow(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true })
    .map((name) => join(path, name).replaceAll("\\", "/"))
    .filter((name) => statSync(name).isFile())
    .sort();
}
