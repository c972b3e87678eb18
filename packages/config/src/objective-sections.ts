import { type Block, headingText, type List, labelsOf, offsetsOf, plainText, type Root } from "./objective-markdown.js";

/** What a section is about; `other` = a name that Troupe does not know. */
export type SectionKind =
  | "objective"
  | "goals"
  | "success-criteria"
  | "constraints"
  | "context"
  | "problem"
  | "summary"
  | "scope"
  | "other";

/** A point of a section: an item of its lists, or a paragraph when it has no list. */
export interface ObjectiveItem {
  /** Markdown, with nested lists and continuation lines. */
  readonly text: string;
  /** Of a checkbox; null = it has none. */
  readonly isDone: boolean | null;
}

/** A part of an objective, from its heading or bold label to the next one. */
export interface ObjectiveSection {
  readonly kind: SectionKind;
  /** As written, without marks; "" for what stands before the first one. */
  readonly heading: string;
  /** Of the heading, else of the text; from 1. */
  readonly line: number;
  /** Markdown, without the heading. */
  readonly text: string;
  readonly items: readonly ObjectiveItem[];
}

const KINDS: ReadonlyMap<string, SectionKind> = new Map<string, SectionKind>([
  ["objective", "objective"],
  ["goal", "goals"],
  ["goals", "goals"],
  ["success criteria", "success-criteria"],
  ["acceptance criteria", "success-criteria"],
  ["constraints", "constraints"],
  ["key constraints", "constraints"],
  ["context", "context"],
  ["technical context", "context"],
  ["additional context", "context"],
  ["problem statement", "problem"],
  ["summary", "summary"],
  ["scope", "scope"],
]);

/** A bold label is below every heading. */
const LABEL_LEVEL = 7;

interface Cut {
  readonly kind: SectionKind;
  readonly heading: string;
  readonly line: number;
  readonly level: number;
  readonly start: number;
  readonly bodyStart: number;
}

/**
 * Cuts a text into sections by its headings and bold labels, at the offsets of the blocks: nothing between two cuts is
 * lost. A heading below the one of the open section starts a section of its own only when its name is known.
 * `title` is the heading that is the title; it belongs to no section.
 */
export function cutSections(root: Root, text: string, title: Block | null): readonly ObjectiveSection[] {
  const cuts: Cut[] = [];
  for (const node of root.children) {
    if (node.type === "yaml" || node === title) {
      const end = offsetsOf(node)[1];
      cuts.push({
        kind: "other",
        heading: "",
        line: lineOf(node),
        level: 0,
        start: offsetsOf(node)[0],
        bodyStart: end,
      });
    } else cuts.push(...cutsOf(node, text, cuts.at(-1)));
  }
  if ((cuts[0]?.start ?? text.length) > 0) {
    cuts.unshift({ kind: "other", heading: "", line: 1, level: 0, start: 0, bodyStart: 0 });
  }
  return cuts.flatMap((cut, index) => {
    const end = cuts[index + 1]?.start ?? text.length;
    const body = text.slice(cut.bodyStart, end);
    if (cut.heading === "" && body.trim() === "") return [];
    const { kind, heading } = cut;
    const line = heading === "" ? lineOfText(text, cut.bodyStart) : cut.line;
    return [{ kind, heading, line, text: trimBlank(body), items: itemsOf(root, text, cut.bodyStart, end) }];
  });
}

function cutsOf(node: Block, text: string, open: Cut | undefined): readonly Cut[] {
  const openLevel = open === undefined || open.level === 0 ? 0 : open.level;
  if (node.type === "heading") {
    const heading = headingText(node);
    const kind = kindOf(heading);
    const isInside = openLevel > 0 && openLevel < LABEL_LEVEL && node.depth > openLevel;
    if (kind === "other" && isInside) return [];
    const [start, bodyStart] = offsetsOf(node);
    return [{ kind, heading, line: lineOf(node), level: node.depth, start, bodyStart }];
  }
  if (node.type !== "paragraph") return [];
  let isInLabel = openLevel === LABEL_LEVEL;
  return labelsOf(node, text).flatMap((label) => {
    const kind = kindOf(label.name);
    if (kind === "other" && !isInLabel) return [];
    isInLabel = true;
    const line = lineOf(node) + text.slice(offsetsOf(node)[0], label.start).split("\n").length - 1;
    return [{ kind, heading: label.name, line, level: LABEL_LEVEL, start: label.start, bodyStart: label.end }];
  });
}

/** By name, whatever numbers and signs stand around it. */
function kindOf(heading: string): SectionKind {
  const name = heading.toLowerCase().replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  return KINDS.get(name) ?? "other";
}

function lineOfText(text: string, from: number): number {
  const blank = /^\s*/.exec(text.slice(from))?.[0].length ?? 0;
  return text.slice(0, from + blank).split("\n").length;
}

function lineOf(node: Block): number {
  return node.position?.start.line ?? 1;
}

function itemsOf(root: Root, text: string, start: number, end: number): readonly ObjectiveItem[] {
  const blocks = root.children.filter((node) => {
    const [from, to] = offsetsOf(node);
    return to > start && from < end && node.type !== "heading" && node.type !== "yaml";
  });
  const lists = blocks.filter((node): node is List => node.type === "list");
  if (lists.length > 0) return lists.flatMap((list) => list.children.map((item) => listItem(item, text)));
  return blocks
    .filter((node) => node.type === "paragraph")
    .map((node) => {
      const [from, to] = offsetsOf(node);
      return { text: text.slice(Math.max(from, start), Math.min(to, end)).trim(), isDone: null };
    })
    .filter((item) => item.text !== "");
}

function listItem(item: List["children"][number], text: string): ObjectiveItem {
  const first = item.children[0];
  const from = first === undefined ? offsetsOf(item)[1] : offsetsOf(first)[0];
  const [head = "", ...rest] = text.slice(from, offsetsOf(item)[1]).split("\n");
  const indents = rest.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length);
  const indent = Math.min(...indents, head.length + 64);
  return { text: [head, ...rest.map((line) => line.slice(indent))].join("\n").trim(), isDone: item.checked ?? null };
}

function trimBlank(body: string): string {
  return body
    .replace(/^(?:[ \t]*\n)+/, "")
    .trimEnd()
    .replace(/^[ \t]+(?=\S)/, (blank) => (blank.length < 4 ? "" : blank));
}

/** First line of a section as a reader sees it: of its first point or paragraph. */
export function firstLine(section: ObjectiveSection): string {
  const line = section.text.split("\n").find((one) => one.trim() !== "") ?? "";
  return plainText(line);
}
