import { announcesShown } from "./shown-lines.js";
import { type LineDoubt, lineAt, splitLines } from "./text-lines.js";
import type { Verdict } from "./turn.js";
import { markdownBlocks, type TextBlock } from "./verdict-blocks.js";
import { capReasons, readGivenVerdict } from "./verdict-given.js";
import { MAX_REASON_CHARACTERS } from "./verdict-limits.js";
import { isNoReason, isPlaceholder, isUndecided, readsAsRejection } from "./verdict-wording.js";

// The mark must be in capitals and begin its line; emphasis may touch it, a heading may carry it.
const CONCLUSION = /^ {0,3}(?:#{1,6}[ \t]+)?[*_`]*(APPROVED|VERIFIED_APPROVED|REJECTED)[*_`]*:(.*)$/u;
const ON_CONDITION =
  "what it gives as its reason is a condition or a no, and the work has to be approved as it is or not at all";
const MAX_LINES_OF_REASONS = 200;
const LIST_ITEM = /^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(.*)$/u;
const ITEM_MARK = /^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?(?!>)/u;
const HEADING_OR_RULE = /^(?:#{1,6}[ \t]|(?:[-*_][ \t]*){3,}$)/u;
/** Languages of a fence that hold a conclusion rather than code. */
const TEXT_FENCES: readonly string[] = ["", "text", "txt", "plain", "plaintext", "markdown", "md"];
const JSON_FENCES: readonly string[] = ["", "json"];

/**
 * The last conclusion in an agent's text, or null when it holds none.
 *
 * A conclusion is a line that starts with `APPROVED:`, `VERIFIED_APPROVED:` or `REJECTED:`, with emphasis, a heading or
 * a fence around it; or a fenced JSON object `{"verdict": "approved" | "rejected", "reasons": [...]}`. The same words in
 * the middle of a sentence, in a quote, in a list or in code conclude nothing, nor do they without the colon. Where the
 * text can be read as if the line was shown and not said, a rejection counts and an approval does not; nor does then a
 * rejection before it, which the text may only recall. An approval on a condition leaves none at all.
 * Reasons are the rest of the line and, for a rejection, the paragraph and the lists that follow.
 */
export function parseVerdict(text: string): Verdict | null {
  return lastConclusion(text).verdict;
}

/** `isHeldBack`: its last words are about an approval that is none, so that nothing else approves either. */
function lastConclusion(text: string): { readonly verdict: Verdict | null; readonly isHeldBack: boolean } {
  let hasDoubt = false;
  for (const { verdict, doubt } of conclusionsFromEnd(text)) {
    if (verdict.decision === "rejected") return { verdict: hasDoubt ? null : verdict, isHeldBack: hasDoubt };
    if (doubt === null) return { verdict, isHeldBack: false };
    if (doubt === ON_CONDITION) return { verdict: null, isHeldBack: true };
    hasDoubt = true;
  }
  return { verdict: null, isHeldBack: false };
}

/**
 * The verdict of a review turn. `given`: what the agent gave by tool and by schema, in the order in which they count;
 * then comes the conclusion of its text. A rejection anywhere stands, whatever else approves, also one behind the text's
 * conclusion that lacks its form: "# REJECTED", "- Changes requested:", "Blocking: a leak". "I have not decided" behind an
 * approval leaves none, nor does an approval by tool stand beside one in the text that is none.
 * Null = concluded nothing.
 */
export function concludeReview(given: readonly Verdict[], text: string): Verdict | null {
  const { verdict: said, isHeldBack } = lastConclusion(text);
  const all = said === null ? given : [...given, said];
  const verdict = all.find(({ decision }) => decision === "rejected") ?? all[0] ?? null;
  if (verdict?.decision !== "approved") return verdict;
  const rejecting = lineBehind(text, isRejecting);
  if (rejecting !== null) return { decision: "rejected", reasons: capReasons([rejecting]), source: "text" };
  return isHeldBack || undecidedLine(text) !== null ? null : verdict;
}

type LineTest = (line: string, isAlone: boolean, next: string) => boolean;

/** The last such line outside of code and quotes with no conclusion behind it. */
function lineBehind(text: string, isMeant: LineTest): string | null {
  const all = splitLines(text);
  for (const block of markdownBlocks(text).toReversed()) {
    const { kind, lines, standsAlone } = block;
    if (kind === "fence") {
      if (conclusionOfFence(block, all)?.doubt === null) return null;
      continue;
    }
    let next = ""; // that is not empty
    for (let at = lines.length - 1; at >= 0; at -= 1) {
      const line = lineAt(lines, at).trim();
      const isAlone = standsAlone[at] === true;
      const found = isAlone ? conclusionAt(lines, at) : null;
      if (found?.verdict.decision === "rejected") return null;
      if (isMeant(line, isAlone, next)) return line;
      if (found !== null && found.doubt === null && block.doubts[at] === null) return null;
      if (line !== "") next = line;
    }
  }
  return null;
}

/** Also of an item: nothing in a list approves, but it may reject. */
function isRejecting(line: string, isAlone: boolean, next: string): boolean {
  const isItem = !isAlone && ITEM_MARK.test(line);
  return (isAlone || isItem) && readsAsRejection(isItem ? line.replace(ITEM_MARK, "") : line, next);
}

function undecidedLine(text: string): string | null {
  return lineBehind(text, (line, isAlone) => isAlone && isUndecided(line));
}

/**
 * True when some line of `text`, whatever stands around it, could be read as a conclusion, or some JSON in it as one.
 * Text of which this is false can be cut and repeated at will without ever becoming a verdict.
 */
export function mayConclude(text: string): boolean {
  return text.includes('"verdict"') || splitLines(text).some((line) => CONCLUSION.test(line.trimStart()));
}

/**
 * What is wrong with a reviewer's answer without a verdict, in a sentence or two that can be shown to the reviewer.
 * `problem`: why what it gave by tool or schema was none, as the end of a sentence; null = it gave nothing.
 */
export function describeMissingVerdict(text: string, problem: string | null = null): string {
  if (problem !== null) return `The verdict that you submitted is not valid: ${problem}.`;
  if (text.trim() === "") return "The answer was empty.";
  for (const { doubt, line } of conclusionsFromEnd(text)) {
    const undecided = doubt === null || doubt === ON_CONDITION ? undecidedLine(text) : null;
    if (undecided !== null) return `It approves, but this line takes the approval back:\n\n${quoted(undecided)}`;
    if (doubt !== null) return `This line approves, but ${doubt}:\n\n${quoted(line)}`;
  }
  const closest = splitLines(text).findLast((line) => /\b(?:approve|reject)/iu.test(line.replaceAll("_", " ")));
  if (closest === undefined) return "No line of the answer says whether the work is approved or rejected.";
  return `This line comes closest, but it is not a conclusion:\n\n${quoted(closest)}`;
}

function quoted(line: string): string {
  return `> ${line.trim().slice(0, 300)}`;
}

interface Conclusion {
  readonly verdict: Verdict;
  readonly doubt: LineDoubt;
  readonly line: string;
}

/** All that could be the conclusion of a text, the last one first. */
function* conclusionsFromEnd(text: string): Generator<Conclusion> {
  const all = splitLines(text);
  let isLast = true; // nothing stands behind it
  for (const block of markdownBlocks(text).toReversed()) {
    if (block.kind === "text") {
      yield* conclusionsOfText(block, all);
      isLast &&= block.lines.every((line) => line.trim() === "");
      continue;
    }
    const found = conclusionOfFence(block, all);
    if (found !== null)
      yield isLast ? found : { ...found, doubt: found.doubt ?? "text follows the fence in which it stands" };
    isLast = false;
  }
}

function* conclusionsOfText(
  { lines, from, standsAlone, doubts }: TextBlock,
  all: readonly string[],
): Generator<Conclusion> {
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    const found = standsAlone[at] === true ? conclusionAt(lines, at) : null;
    if (found !== null)
      yield { ...found, doubt: doubts[at] ?? announcedDoubt(all, from + at) ?? found.doubt, line: lineAt(lines, at) };
  }
}

function conclusionOfFence(block: TextBlock, all: readonly string[]): Conclusion | null {
  const { lines, from, language, standsAlone, doubts } = block;
  if (standsAlone[0] !== true) return null;
  const first = lines.findIndex((line) => line.trim() !== "");
  const json = JSON_FENCES.includes(language) ? parseJsonVerdict(lines.join("\n")) : null;
  // A conclusion is what the fence is there for; a mark further down in code is part of the code.
  const told = first !== -1 && TEXT_FENCES.includes(language) ? conclusionAt(lines, first) : null;
  const found = json === null ? told : { verdict: json, doubt: null };
  if (found === null) return null;
  const { verdict } = found;
  return { verdict, doubt: doubts[0] ?? announcedDoubt(all, from - 1) ?? found.doubt, line: lineAt(lines, first) };
}

function announcedDoubt(lines: readonly string[], line: number): LineDoubt {
  return announcesShown(lines, line) ? "the line before it announces an example or a quote" : null;
}

function conclusionAt(lines: readonly string[], at: number): Omit<Conclusion, "line"> | null {
  const [, mark, rest = ""] = CONCLUSION.exec(lineAt(lines, at)) ?? [];
  if (mark === undefined) return null;
  const inLine = stripEmphasis(rest.slice(0, 2 * MAX_REASON_CHARACTERS));
  if (isPlaceholder(mark, inLine)) return null;
  const first = inLine === "" ? [] : [inLine];
  if (mark !== "REJECTED") {
    const verdict: Verdict = { decision: "approved", reasons: capReasons(first), source: "text" };
    return { verdict, doubt: isNoReason(inLine) ? ON_CONDITION : null };
  }
  const following = followingReasons(lines.slice(at + 1, at + 1 + MAX_LINES_OF_REASONS));
  const verdict: Verdict = { decision: "rejected", reasons: capReasons([...first, ...following]), source: "text" };
  return { verdict, doubt: null };
}

/** The paragraph and the lists right after a rejection; another paragraph, a heading or a rule ends them. */
function followingReasons(lines: readonly string[]): readonly string[] {
  const reasons: string[] = [];
  let ended = false; // a paragraph after these ends the reasons
  let open = false; // the next plain line goes on with the last reason
  for (const line of lines) {
    if (HEADING_OR_RULE.test(line.trimStart())) break;
    const item = LIST_ITEM.exec(line)?.[1];
    if (line.trim() === "") open = false;
    else if (item !== undefined) {
      reasons.push(item.trim());
      open = true;
      ended = true;
    } else if (open || /^[ \t]/u.test(line)) {
      reasons.push([...reasons.splice(-1), line.trim()].join(" "));
    } else {
      if (ended) break;
      reasons.push(line.trim());
      open = true;
      ended = true;
    }
  }
  return reasons;
}

/** Takes away what remains of emphasis around the mark or the line: "**REJECTED: no**", but not "REJECTED: see `a`". */
function stripEmphasis(rest: string): string {
  const text = rest.replace(/^[*_`]+/u, "").trim();
  const marks = /[*_`]+$/u.exec(text)?.[0];
  if (marks === undefined) return text;
  const body = text.slice(0, -marks.length);
  return body.includes(marks) ? text : body.trimEnd();
}

function parseJsonVerdict(content: string): Verdict | null {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return null; // not JSON: a fence of something else
  }
  const given = readGivenVerdict(value, "text");
  return "verdict" in given ? given.verdict : null;
}
