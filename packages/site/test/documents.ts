import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { GENERATED, ROOT } from "../src/repository.js";

/** A fenced block of a document. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** `docs/concepts.md:12`: where the block begins. */
  readonly place: string;
}

const OTHERS = /(?:^|\/)(?:node_modules|dist|coverage|golden|\.troupe|\.turbo|CHANGELOG\.md)(?:\/|$)/;

/** Documents that people write: paths from the root, with `/`. */
export function listDocuments(): readonly string[] {
  const below = ["docs", "packages", "examples"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)),
  );
  const generated = GENERATED.map((folder) => `docs/${folder}/`);
  return [...readdirSync(ROOT), ...below]
    .map((path) => path.split(sep).join("/"))
    .filter((path) => path.endsWith(".md") && !OTHERS.test(path))
    .filter((path) => !generated.some((folder) => path.startsWith(folder)))
    .sort();
}

export function readDocument(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** Fenced blocks in their order; those inside a list without its indentation. */
export function blocksOf(path: string): readonly Block[] {
  const text = readDocument(path);
  return [...text.matchAll(/^( *)(`{3,})(\w*)\n(.*?)^\1\2$/gms)].map(
    ({ 1: indent = "", 3: language = "", 4: body = "", index }) => ({
      language,
      text: body.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
      place: `${path}:${text.slice(0, index).split("\n").length}`,
    }),
  );
}

/** A document without its code: what is left may hold links and headings. */
export function proseOf(path: string): string {
  return readDocument(path)
    .replaceAll(/^( *)(`{3,}).*?^\1\2$/gms, "")
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()<>]/g, " "));
}
