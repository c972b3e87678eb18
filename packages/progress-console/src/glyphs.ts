import type { PluginHost } from "@troupe/core";
import type { RowStatus } from "./console-model.js";

/** The signs that the console draws with, and what it makes of text that others wrote. */
export interface Glyphs {
  /** One column each, or empty where words alone are wanted. A check mark means completed, never anything less. */
  readonly marks: Readonly<Record<RowStatus, string>>;
  /** The bracket of a group, two columns each; `alone` is above no row. */
  readonly bracket: { readonly top: string; readonly side: string; readonly bottom: string; readonly alone: string };
  /** In the place of what does not fit. */
  readonly ellipsis: string;
  /** Between the figures of the footer. */
  readonly separator: string;
  /** The text as the terminal can show it. */
  text(text: string): string;
}

const same = (text: string): string => text;

export const UNICODE_GLYPHS: Glyphs = {
  marks: {
    pending: "·",
    running: "●",
    queued: "○",
    retrying: "○",
    approval: "○",
    between: "○",
    leftover: "○",
    completed: "✓",
    failed: "✗",
    cancelled: "■",
    skipped: "-",
  },
  bracket: { top: "┌ ", side: "│ ", bottom: "└ ", alone: "─ " },
  ellipsis: "…",
  separator: " · ",
  text: same,
};

const graphemes: Intl.Segmenter = new Intl.Segmenter();

export const ASCII_GLYPHS: Glyphs = {
  marks: {
    pending: ".",
    running: "*",
    queued: "o",
    retrying: "o",
    approval: "o",
    between: "o",
    leftover: "o",
    completed: "+",
    failed: "x",
    cancelled: "!",
    skipped: "-",
  },
  bracket: { top: "/ ", side: "| ", bottom: "\\ ", alone: "- " },
  ellipsis: "...",
  separator: " | ",
  text: toAscii,
};

/** For screen readers: no sign that is read out, nothing that only a look tells. */
export const WORDS_ONLY: Glyphs = {
  ...UNICODE_GLYPHS,
  marks: {
    pending: "",
    running: "",
    queued: "",
    retrying: "",
    approval: "",
    between: "",
    leftover: "",
    completed: "",
    failed: "",
    cancelled: "",
    skipped: "",
  },
};

/** Terminals of Windows that show more than their code page. */
const WINDOWS_TERMINALS = ["WT_SESSION", "ConEmuTask", "TERM_PROGRAM"];

/**
 * Whether stderr can show more than ASCII, by the locale (`LC_ALL`, else `LC_CTYPE`, else `LANG`). Where none is set,
 * as in most containers, it can; the Linux console has too few signs in its font.
 */
export function glyphsFor({ environment }: Pick<PluginHost, "environment">): Glyphs {
  if (environment.TERM === "linux") return ASCII_GLYPHS;
  const locale = [environment.LC_ALL, environment.LC_CTYPE, environment.LANG].find((value) => (value ?? "") !== "");
  if (locale !== undefined) return /utf-?8/i.test(locale) ? UNICODE_GLYPHS : ASCII_GLYPHS;
  const isOldWindows = environment.OS === "Windows_NT" && WINDOWS_TERMINALS.every((name) => !environment[name]);
  return isOldWindows ? ASCII_GLYPHS : UNICODE_GLYPHS;
}

/** What a reader sees as one character becomes one: its base letter without accents, else a question mark. */
function toAscii(text: string): string {
  if (/^[ -~]*$/.test(text)) return text;
  let ascii = "";
  for (const { segment } of graphemes.segment(text)) ascii += /^[ -~]$/.test(segment) ? segment : plainLetter(segment);
  return ascii;
}

function plainLetter(grapheme: string): string {
  const [base = ""] = grapheme.normalize("NFKD");
  return SIGNS.get(grapheme) ?? (/^[A-Za-z0-9]$/.test(base) ? base : "?");
}

/** What texts of ours, and of many agents, are full of. */
const SIGNS: ReadonlyMap<string, string> = new Map([
  ["…", "..."],
  ["–", "-"],
  ["—", "-"],
  ["‘", "'"],
  ["’", "'"],
  ["“", '"'],
  ["”", '"'],
  ["·", "-"],
  ["•", "*"],
  ["→", "->"],
  ["✓", "+"],
  ["✔", "+"],
  ["✗", "x"],
  ["✘", "x"],
  ["\u00a0", " "],
]);
