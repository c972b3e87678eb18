import { describeCheck } from "./prompt-sections.js";
import { bullets, code, quote, section } from "./prompt-text.js";
import { sanitizeLine, sanitizeText } from "./sanitize.js";
import type { CheckResult, Feedback, Verdict } from "./turn.js";
import type { StageDefinition } from "./workflow.js";

/** What a failure report is made of. */
export interface FailureReportParts {
  readonly runId: string;
  readonly stage: StageDefinition;
  /** When the last round ended, as a person reads it. */
  readonly time: string;
  /** The last round. */
  readonly round: number;
  /** The first lines of the objective, or its title. */
  readonly objective: string;
  /** Of every round, in order, the last one included. */
  readonly feedback: readonly (Pick<Feedback, "source" | "round"> & { readonly text: string })[];
  /** Of the last round: the rejection, or null when a check decided; `source` is `none` when the reviewer gave none. */
  readonly verdict: Verdict | null;
  readonly checks: readonly CheckResult[];
  /** Absolute paths of what a person would look at next. */
  readonly places: readonly { readonly name: string; readonly path: string }[];
}

const SOURCES: Readonly<Record<Feedback["source"], string>> = {
  review: "review",
  check: "checks",
  person: "a person",
  "no-verdict": "review without a verdict",
};

/** The report, in markdown, on a stage that has used up its rounds: each round's feedback and the points still open. */
export function failureReport(parts: FailureReportParts): string {
  const name = sanitizeLine(parts.stage.name);
  const title = name === parts.stage.id ? name : `${name} (${parts.stage.id})`;
  const open = openPoints(parts);
  const sections = [
    `# ${title} failed after ${parts.round} of ${parts.stage.maxRounds} rounds`,
    bullets([`Run: ${code(parts.runId)}`, `Time: ${parts.time}`, `Objective: ${sanitizeLine(parts.objective)}`]),
    section("Open points", open.length === 0 ? "None was named: see the last round below." : bullets(open)),
    ...parts.feedback.map((one) =>
      section(`Round ${one.round}: ${SOURCES[one.source]}`, quote(sanitizeText(one.text))),
    ),
    section("Where to look", bullets(parts.places.map((place) => `${sanitizeLine(place.name)}: ${code(place.path)}`))),
  ];
  return `${sections.filter((part) => part !== null).join("\n\n")}\n`;
}

function openPoints(parts: FailureReportParts): readonly string[] {
  const reasons = parts.verdict?.reasons.map(sanitizeLine) ?? [];
  const failed = parts.checks.filter((check) => !check.passed).map((check) => `Check ${describeCheck(check)}`);
  const none = parts.verdict?.source === "none" && reasons.length === 0 ? ["The reviewer gave no verdict."] : [];
  return [...none, ...reasons, ...failed];
}
