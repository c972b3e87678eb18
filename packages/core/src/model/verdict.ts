import type { Verdict } from "./turn.js";
import { lineAt, markdownBlocks, splitLines, type TextBlock } from "./verdict-blocks.js";
import { capReasons, readGivenVerdict } from "./verdict-given.js";
import { MAX_REASON_CHARACTERS } from "./verdict-limits.js";

// The mark must be in capitals and begin its line; emphasis may touch it, a heading may carry it.
const CONCLUSION = /^(?:#{1,6}[ \t]+)?[*_`]*(APPROVED|VERIFIED_APPROVED|REJECTED)[*_`]*:(.*)$/u;
// What a person would read as a rejection though it is no conclusion: enough to doubt an approval.
const REJECTING: readonly RegExp[] = [
  /^(?:#{1,6}[ \t]+)?[*_`]*REJECTED[*_`]*(?:[ \t]*$|[ \t]+[:\u2013\u2014-]|[.!,;])/u,
  /^(?:#{1,6}[ \t]+)?[*_`]*(?:[Ff]inal[ \t]+)?[Vv]erdict[*_`]*[ \t]*:[*_` \t]*REJECTED\b/u,
];
const MAX_LINES_OF_REASONS = 200;
const LIST_ITEM = /^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(.*)$/u;
const HEADING_OR_RULE = /^(?:#{1,6}[ \t]|(?:[-*_][ \t]*){3,}$)/u;
/** Languages of a fence that hold a conclusion rather than code. */
const TEXT_FENCES: readonly string[] = ["", "text", "txt", "plain", "plaintext", "markdown", "md"];
const JSON_FENCES: readonly string[] = ["", "json"];

/**
 * The last conclusion in an agent's text, or null when it holds none.
 *
 * A conclusion is a line that starts with `APPROVED:`, `VERIFIED_APPROVED:` or `REJECTED:`, with emphasis, a heading or
 * a fence around it; or a fenced JSON object `{"verdict": "approved" | "rejected", "reasons": [...]}`. The same words in
 * the middle of a sentence, in a quote, in a list or in code conclude nothing, nor do they without the colon. Where a
 * bound of code or of a quote is missing, a rejection counts and an approval does not.
 * Reasons are the rest of the line and, for a rejection, the paragraph and the lists that follow.
 */
export function parseVerdict(text: string): Verdict | null {
  let last: Verdict | null = null;
  for (const block of markdownBlocks(text)) last = verdictOfBlock(block) ?? last;
  return last;
}

/**
 * The verdict of a review turn. `given`: what the agent gave by tool and by schema, in the order in which they count;
 * then comes the conclusion of its text. A rejection anywhere stands, whatever else approves, also one behind the text's
 * conclusion that lacks its form: "# REJECTED", "Verdict: REJECTED". Null = concluded nothing.
 */
export function concludeReview(given: readonly Verdict[], text: string): Verdict | null {
  const said = parseVerdict(text);
  const all = said === null ? given : [...given, said];
  const verdict = all.find(({ decision }) => decision === "rejected") ?? all[0] ?? null;
  const rejecting = verdict?.decision === "approved" ? rejectingLine(text) : null;
  return rejecting === null ? verdict : { decision: "rejected", reasons: capReasons([rejecting]), source: "text" };
}

/** The last line that reads like a rejection, outside of code and quotes, with no conclusion behind it. */
function rejectingLine(text: string): string | null {
  for (const { kind, lines, standsAlone } of markdownBlocks(text).toReversed()) {
    for (let at = kind === "text" ? lines.length - 1 : -1; at >= 0; at -= 1) {
      if (standsAlone[at] !== true) continue;
      if (conclusionAt(lines, at) !== null) return null;
      const line = lineAt(lines, at).trim();
      if (REJECTING.some((form) => form.test(line))) return line;
    }
  }
  return null;
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
  const closest = splitLines(text).findLast((line) => /\b(?:approve|reject)/iu.test(line.replaceAll("_", " ")));
  if (closest === undefined) return "No line of the answer says whether the work is approved or rejected.";
  return `This line comes closest, but it is not a conclusion:\n\n> ${closest.trim().slice(0, 300)}`;
}

function verdictOfBlock(block: TextBlock): Verdict | null {
  if (block.kind === "text") return lastConclusion(block);
  if (block.standsAlone[0] !== true) return null;
  const isInDoubt = block.inDoubt[0] === true;
  if (JSON_FENCES.includes(block.language)) {
    const verdict = parseJsonVerdict(block.lines.join("\n"));
    if (verdict !== null) return sureOf(verdict, isInDoubt);
  }
  // A conclusion is what the fence is there for; a mark further down in code is part of the code.
  if (!TEXT_FENCES.includes(block.language)) return null;
  const first = block.lines.findIndex((line) => line.trim() !== "");
  return first === -1 ? null : sureOf(conclusionAt(block.lines, first), isInDoubt);
}

function sureOf(verdict: Verdict | null, isInDoubt: boolean): Verdict | null {
  return isInDoubt && verdict?.decision === "approved" ? null : verdict;
}

function lastConclusion(block: TextBlock): Verdict | null {
  for (let at = block.lines.length - 1; at >= 0; at -= 1) {
    const verdict = block.standsAlone[at] === true ? conclusionAt(block.lines, at) : null;
    const sure = sureOf(verdict, block.inDoubt[at] === true);
    if (sure !== null) return sure;
  }
  return null;
}

function conclusionAt(lines: readonly string[], at: number): Verdict | null {
  const [, mark, rest = ""] = CONCLUSION.exec(lineAt(lines, at).trimStart()) ?? [];
  if (mark === undefined) return null;
  const inLine = stripEmphasis(rest.slice(0, 2 * MAX_REASON_CHARACTERS));
  if (isInstruction(mark, inLine)) return null;
  const first = inLine === "" ? [] : [inLine];
  if (mark !== "REJECTED") return { decision: "approved", reasons: capReasons(first), source: "text" };
  const following = followingReasons(lines.slice(at + 1, at + 1 + MAX_LINES_OF_REASONS));
  return { decision: "rejected", reasons: capReasons([...first, ...following]), source: "text" };
}

/** "APPROVED: <why>" and "APPROVED: or REJECTED:" tell how to conclude and do not; "APPROVED: no." concludes nothing. */
function isInstruction(mark: string, rest: string): boolean {
  if (/^<[^<>]*>\.?$/u.test(rest)) return true;
  return mark !== "REJECTED" && (/\bREJECTED\b[*_`]*:/u.test(rest) || /^(?:no|false|not yet)(?:[.,;!]|$)/iu.test(rest));
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
