// Writes the hashes that the page's policy names; `src/html/page.test.ts` fails as long as they are wrong.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { PAGE_SCRIPT } from "../src/html/page-script.js";
import { PAGE_STYLE } from "../src/html/page-style.js";

for (const [name, content, constant] of [
  ["page-script", PAGE_SCRIPT, "PAGE_SCRIPT_HASH"],
  ["page-style", PAGE_STYLE, "PAGE_STYLE_HASH"],
] as const) {
  const path = new URL(`../src/html/${name}.ts`, import.meta.url);
  const hash = createHash("sha256").update(content).digest("base64");
  const source = readFileSync(path, "utf8");
  writeFileSync(path, source.replace(new RegExp(`(${constant}: string = )"[^"]*"`), `$1"${hash}"`));
}
