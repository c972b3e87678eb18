import { existsSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { describeCommands } from "@troupe/cli";
import GithubSlugger from "github-slugger";
import { expect, test } from "vitest";
import { commandPage } from "../src/command-page.js";
import { filePages } from "../src/file-pages.js";
import { GENERATED, ROOT } from "../src/repository.js";
import { listDocuments, proseOf, readDocument } from "./documents.js";

// generated pages are not in the repository: what they hold is asked of their generators
const generated = new Map([
  ["docs/reference/command-line.md", commandPage(describeCommands())],
  ...filePages().map(({ page, text }) => [`docs/${page}`, text] as const),
]);

function anchorsOf(text: string): ReadonlySet<string> {
  const slugger = new GithubSlugger();
  const headings = text.replaceAll(/^( *)(`{3,}).*?^\1\2$/gms, "").matchAll(/^#{1,6} +(.+)$/gm);
  return new Set(
    [...headings].map(([, heading = ""]) => slugger.slug(heading.replaceAll(/[`*]|\[([^\]]*)\]\([^)]*\)/g, "$1"))),
  );
}

function problemOf(source: string, link: string): string | null {
  const [path = "", anchor = ""] = link.split("#");
  const target = path === "" ? source : posix.normalize(posix.join(posix.dirname(source), decodeURI(path)));
  const own = generated.get(target);
  if (own === undefined && GENERATED.some((folder) => target.startsWith(`docs/${folder}/`))) {
    return source.startsWith("docs/") ? null : `${source}: ${link} is on the site only`;
  }
  if (own === undefined && !existsSync(join(ROOT, target))) return `${source}: ${link} leads to nothing`;
  if (anchor === "" || !target.endsWith(".md") || (own === undefined && statSync(join(ROOT, target)).isDirectory()))
    return null;
  return anchorsOf(own ?? readDocument(target)).has(anchor) ? null : `${source}: ${link} leads to no heading`;
}

test("every link of a document to a file or a heading of the repository leads there", { timeout: 60_000 }, () => {
  const links = listDocuments().flatMap((source) =>
    [...proseOf(source).matchAll(/\]\(<?([^)\s>]+)>?\)/g)]
      .map(([, link = ""]) => link)
      .filter((link) => !/^[a-z]+:/.test(link) && !(source === "docs/index.md" && link.startsWith("/")))
      .map((link) => [source, link] as const),
  );
  expect(links.length).toBeGreaterThan(50);
  expect(links.map(([source, link]) => problemOf(source, link)).filter((problem) => problem !== null)).toEqual([]);
});
