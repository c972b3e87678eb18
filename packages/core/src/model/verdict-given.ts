import type { Json } from "../errors/troupe-error.js";
import type { Verdict } from "./turn.js";
import { MAX_REASON_CHARACTERS, MAX_REASONS } from "./verdict-limits.js";

/** The tool by which a reviewer submits its verdict, where it is offered one; the only one that a turn offers. */
export const VERDICT_TOOL: string = "submit_verdict";

/**
 * JSON Schema of a verdict that an agent gives by tool or as its structured result. Every property is required and
 * nothing else allowed, which is what the strictest agents demand of a schema; {@link readGivenVerdict} takes less.
 */
export const VERDICT_SCHEMA: Readonly<Record<string, Json>> = {
  type: "object",
  properties: {
    verdict: {
      type: "string",
      enum: ["approved", "rejected"],
      description: "approved only if the work meets the objective and the criteria as it is.",
    },
    reasons: {
      type: "array",
      items: { type: "string" },
      description: "One sentence each. Of a rejection: every point that must change.",
    },
    findings: {
      type: "array",
      description: "What was found, if anything. A blocking finding makes any verdict a rejection.",
      items: {
        type: "object",
        properties: {
          severity: { type: "string", enum: ["blocking", "minor"] },
          text: { type: "string" },
        },
        required: ["severity", "text"],
        additionalProperties: false,
      },
    },
  },
  required: ["verdict", "reasons", "findings"],
  additionalProperties: false,
};

/** A verdict, or why the value is none, as the end of a sentence that can be shown to the agent. */
export type GivenVerdict = { readonly verdict: Verdict } | { readonly problem: string };

/** How agents say that they reject, whatever follows it. */
const REJECTS =
  /^\s*(?:reject|changes[-_\s]*requested|request[-_\s]*changes|needs[-_\s]*work|fail(?:ed)?(?![a-z])|denied|not[-_\s]*approved)/iu;
const BLOCKS = /^(?:blocker|blocking|critical|major|high|must[-_\s]*fix)$/iu;
const IS_MINOR = /^(?:nit|info|low|suggestion|trivial|minor)$/iu;
/** A reason that is marked as a finding: "BLOCKING: a leak", "[critical] a leak", "**Major issue:** a leak". */
const BLOCKING_REASON =
  /^[\s[(*_]*(?:blocker|blocking|critical|major|high|must[-_\s]*fix)(?: (?:finding|issue|problem)s?)?[\s*_]*[:\])]/iu;
const KEYS: readonly string[] = ["verdict", "reasons", "findings"];
const FINDING_KEYS: readonly string[] = ["severity", "text"];
const SEVERITIES = 'severities are "blocking" and "minor"';

/**
 * The verdict that `value`, parsed JSON from an agent, stands for. In doubt it is no approval: a rejection is taken
 * however broken the rest of it is, an approval only if all of it is sound: without keys that the schema does not know,
 * and without a reason that is marked as blocking. One with blocking findings is a rejection; a severity that is no known
 * word is a problem, and in a text, where nobody is told of it, blocks.
 */
export function readGivenVerdict(value: unknown, source: Verdict["source"]): GivenVerdict {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { problem: "it is no JSON object" };
  const { verdict, reasons, findings } = value as Readonly<Record<string, unknown>>;
  const found = readFindings(findings);
  const said = textsOf(reasons);
  if (typeof verdict === "string" && REJECTS.test(verdict)) {
    const given = typeof reasons === "string" ? [reasons] : (said ?? []);
    return rejected([...given, ...(found === null ? [] : reasonsOf(found))], source);
  }
  if (verdict !== "approved") return { problem: 'its "verdict" is neither "approved" nor "rejected"' };
  if (found !== null && (found.blocking.length > 0 || (source === "text" && found.unknown.length > 0))) {
    return rejected(["The verdict was an approval, but with findings that block it.", ...reasonsOf(found)], source);
  }
  if (said === null) return { problem: 'its "reasons" are no list of texts' };
  if (found === null) return { problem: 'its "findings" are no list of { severity, text }' };
  const problem = unknownKeys("it", value, KEYS) ?? found.problem ?? contradiction(said);
  if (problem !== null) return { problem };
  return { verdict: { decision: "approved", reasons: capReasons([...said, ...found.minor.map(asMinor)]), source } };
}

/** As many reasons, as long, as lie in a journal without harm. */
export function capReasons(reasons: readonly string[]): readonly string[] {
  return reasons.slice(0, MAX_REASONS).map((reason) => reason.slice(0, MAX_REASON_CHARACTERS));
}

function rejected(reasons: readonly string[], source: Verdict["source"]): GivenVerdict {
  const told = reasons.map((reason) => reason.trim()).filter((reason) => reason !== "");
  return { verdict: { decision: "rejected", reasons: capReasons(told), source } };
}

/** Why the reasons of an approval speak against it; null = they do not. */
function contradiction(reasons: readonly string[]): string | null {
  const against = reasons.find((reason) => BLOCKING_REASON.test(reason));
  if (against === undefined) return null;
  return `it approves, but for the reason ${quote(against)}: reject, or give it as one of the "findings", whose ${SEVERITIES}`;
}

/** Null = there are none. */
function unknownKeys(what: string, value: object, known: readonly string[]): string | null {
  const unknown = Object.keys(value).filter((key) => !known.includes(key));
  if (unknown.length === 0) return null;
  return `${what} has the unknown key ${quote(unknown.join(", "))}: the keys are ${known.map(quote).join(", ")}`;
}

/** On one line, and not long: it is said to the agent again. */
function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text);
}

interface Findings {
  readonly blocking: readonly string[];
  readonly minor: readonly string[];
  /** Of a severity that is no known word. */
  readonly unknown: readonly string[];
  /** What is wrong with the last that is not as it should be; null = nothing. */
  readonly problem: string | null;
}

/** Null = they are no list; absent = there are none. */
function readFindings(value: unknown): Findings | null {
  if (value === undefined || value === null) return { blocking: [], minor: [], unknown: [], problem: null };
  if (!Array.isArray(value)) return null;
  const blocking: string[] = [];
  const minor: string[] = [];
  const unknown: string[] = [];
  let problem: string | null = null;
  for (const one of value) {
    const finding: Readonly<Record<string, unknown>> = typeof one === "object" && one !== null ? one : {};
    const { severity, text } = finding;
    const word = typeof severity === "string" ? severity.trim() : "";
    const told = typeof text === "string" && text.trim() !== "" ? text.trim() : "a finding without a text";
    problem = unknownKeys("a finding", finding, FINDING_KEYS) ?? problem;
    if (IS_MINOR.test(word)) minor.push(told);
    else if (BLOCKS.test(word)) blocking.push(told);
    else {
      unknown.push(told);
      problem = `a finding has the unknown severity ${quote(word)}: ${SEVERITIES}`;
    }
  }
  return { blocking, minor, unknown, problem };
}

/** Null = no list of texts; absent = none. */
function textsOf(value: unknown): readonly string[] | null {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) && value.every((one) => typeof one === "string") ? value : null;
}

function reasonsOf({ blocking, unknown, minor }: Findings): readonly string[] {
  return [...blocking, ...unknown, ...minor.map(asMinor)];
}

function asMinor(finding: string): string {
  return `Minor: ${finding}`;
}
