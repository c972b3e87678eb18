import type { Json } from "../errors/troupe-error.js";
import type { Verdict } from "./turn.js";
import { MAX_REASON_CHARACTERS, MAX_REASONS } from "./verdict-limits.js";

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

/**
 * The verdict that `value`, parsed JSON from an agent, stands for. In doubt it is no approval: a rejection is taken
 * however broken the rest of it is, an approval only if all of it is sound, and one with blocking findings (any that is
 * not `minor`) is a rejection.
 */
export function readGivenVerdict(value: unknown, source: Verdict["source"]): GivenVerdict {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { problem: "it is no JSON object" };
  const { verdict, reasons, findings } = value as Readonly<Record<string, unknown>>;
  const found = readFindings(findings);
  const said = textsOf(reasons);
  if (typeof verdict === "string" && /^\s*reject/iu.test(verdict)) {
    const given = typeof reasons === "string" ? [reasons] : (said ?? []);
    return rejected([...given, ...(found?.blocking ?? []), ...(found?.minor.map(asMinor) ?? [])], source);
  }
  if (verdict !== "approved") return { problem: 'its "verdict" is neither "approved" nor "rejected"' };
  if (found !== null && found.blocking.length > 0) {
    const why = "The verdict was an approval, but with findings that block it.";
    return rejected([why, ...found.blocking, ...found.minor.map(asMinor)], source);
  }
  if (said === null) return { problem: 'its "reasons" are no list of texts' };
  if (found === null) return { problem: 'its "findings" are no list of { severity, text }' };
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

interface Findings {
  readonly blocking: readonly string[];
  readonly minor: readonly string[];
}

/** Null = they are no list; absent = there are none. */
function readFindings(value: unknown): Findings | null {
  if (value === undefined || value === null) return { blocking: [], minor: [] };
  if (!Array.isArray(value)) return null;
  const blocking: string[] = [];
  const minor: string[] = [];
  for (const one of value) {
    const finding: Readonly<Record<string, unknown>> = typeof one === "object" && one !== null ? one : {};
    const { severity, text } = finding;
    const told = typeof text === "string" && text.trim() !== "" ? text.trim() : "a finding without a text";
    (severity === "minor" ? minor : blocking).push(told);
  }
  return { blocking, minor };
}

/** Null = no list of texts; absent = none. */
function textsOf(value: unknown): readonly string[] | null {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) && value.every((one) => typeof one === "string") ? value : null;
}

function asMinor(finding: string): string {
  return `Minor: ${finding}`;
}
