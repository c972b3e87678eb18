import { readdir, readFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { findBrokenLinks } from "./find-broken-links.js";

// Vitepress looks at the links of pages but neither at anchors nor at the navigation: this looks at what it built.
const built = fileURLToPath(new URL("../dist", import.meta.url));
const entries = await readdir(built, { recursive: true });
const files = entries.map((path) => path.split(sep).join("/"));
const pages = new Map<string, string>();
for (const file of files.filter((name) => name.endsWith(".html"))) {
  pages.set(file, await readFile(join(built, file), "utf8"));
}
const broken = findBrokenLinks(pages, new Set(files), process.env.DOCS_BASE ?? "/");
for (const problem of broken) console.error(problem);
console.log(`${pages.size} pages, ${broken.length} broken links`);
process.exitCode = broken.length === 0 ? 0 : 1;
