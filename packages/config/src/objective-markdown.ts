import { fromMarkdown } from "mdast-util-from-markdown";
import { frontmatterFromMarkdown } from "mdast-util-frontmatter";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { toString as textOf } from "mdast-util-to-string";
import { frontmatter } from "micromark-extension-frontmatter";
import { gfm } from "micromark-extension-gfm";

/** A parsed text, and what it consists of. */
export type Root = ReturnType<typeof fromMarkdown>;
export type Block = Root["children"][number];
export type Heading = Extract<Block, { readonly type: "heading" }>;
export type Paragraph = Extract<Block, { readonly type: "paragraph" }>;
export type List = Extract<Block, { readonly type: "list" }>;
export type FrontMatterBlock = Extract<Block, { readonly type: "yaml" }>;

/**
 * The parser takes quadratic time for hostile emphasis, links and quotes. So a file is parsed into blocks only, and the
 * few pieces whose inline text matters (headings, labels) are parsed on their own, cut to this length.
 */
const MAX_INLINE = 300;

const INLINE = [
  "attention",
  "autolink",
  "characterEscape",
  "characterReference",
  "codeText",
  "definition",
  "emailAutolink",
  "gfmFootnoteCall",
  "gfmFootnoteDefinition",
  "gfmPotentialFootnoteCall",
  "hardBreakEscape",
  "htmlText",
  "labelEnd",
  "labelStartImage",
  "labelStartLink",
  "protocolAutolink",
  "strikethrough",
  "wwwAutolink",
];

/** A cell takes the parser as long as a paragraph: a text with more of them is read without tables, as plain lines. */
const MAX_CELLS = 5_000;

/** Blocks of a markdown text with exact offsets; the text of a block is raw. */
export function parseBlocks(text: string): Root {
  const disabled = text.split("|", MAX_CELLS + 1).length > MAX_CELLS ? [...INLINE, "table"] : INLINE;
  return fromMarkdown(text, {
    extensions: [frontmatter(["yaml"]), gfm(), { disable: { null: disabled } }],
    mdastExtensions: [frontmatterFromMarkdown(["yaml"]), gfmFromMarkdown()],
  });
}

/** What a reader sees of a piece of markdown: without marks, on one line. */
export function plainText(markdown: string): string {
  return textOf(fromMarkdown(markdown.slice(0, MAX_INLINE)))
    .replace(/\s+/g, " ")
    .trim();
}

export function headingText(heading: Heading): string {
  return plainText(textOf(heading));
}

/** A bold text with a colon at the start of a line: `**Goal**:`, `**Goal:**`. */
export interface Label {
  readonly name: string;
  /** Offset of its first mark. */
  readonly start: number;
  /** Offset behind the label and its colon. */
  readonly end: number;
}

/** The labels in a paragraph of `text`; several may stand in one, each at the start of its line. */
export function labelsOf(paragraph: Paragraph, text: string): readonly Label[] {
  const [from, to] = offsetsOf(paragraph);
  const labels: Label[] = [];
  for (let at = from; at < to; ) {
    const newline = text.indexOf("\n", at);
    const lineEnd = newline === -1 || newline > to ? to : newline;
    const start = at + (/^[ \t]*/.exec(text.slice(at, lineEnd))?.[0].length ?? 0);
    const label = labelAt(text, start, lineEnd);
    if (label !== null) labels.push(label);
    at = lineEnd + 1;
  }
  return labels;
}

function labelAt(text: string, start: number, lineEnd: number): Label | null {
  const line = text.slice(start, Math.min(lineEnd, start + MAX_INLINE));
  if (!/^(?:\*\*|__)/.test(line)) return null;
  const paragraph = fromMarkdown(line).children[0];
  const strong = paragraph?.type === "paragraph" ? paragraph.children[0] : undefined;
  if (strong?.type !== "strong") return null;
  const name = textOf(strong).trim();
  const end = offsetsOf(strong)[1];
  const colon = /^\s*:/.exec(line.slice(end));
  if (colon === null && !name.endsWith(":")) return null;
  return { name: name.replace(/\s*:$/, ""), start, end: start + end + (colon?.[0].length ?? 0) };
}

/** Start and end of a node in the text. */
export function offsetsOf(node: { readonly position?: Block["position"] }): readonly [number, number] {
  return [node.position?.start.offset ?? 0, node.position?.end.offset ?? 0];
}
