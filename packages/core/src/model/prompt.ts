import type { StageId } from "./ids.js";
import type { PromptParts } from "./prompt-parts.js";
import {
  concludeSection,
  earlierStagesSection,
  evidenceSection,
  feedbackSection,
  foldersSection,
  partSection,
  previousAttemptSection,
  requiredArtifactsSection,
  stageSection,
  underReviewSection,
} from "./prompt-sections.js";
import { bullets, code, quote, section } from "./prompt-text.js";
import { sanitizeLine } from "./sanitize.js";
import { describeMissingVerdict, mayConclude } from "./verdict.js";

const PREFACE = "This is one turn in a staged workflow. The sections below say what it is about.";

/** Quoted as the text is: somebody may have called an objective like a verdict. */
function titleOf({ objective, objectiveTitle }: PromptParts): string | null {
  if (objectiveTitle === undefined || objective.includes(objectiveTitle)) return null;
  return quote(`Title: ${sanitizeLine(objectiveTitle)}`);
}

/**
 * The prompt of a work, review or fix turn. Nothing in it is evaluated as a template. Foreign text (objective, outputs,
 * feedback) is quoted line by line, so that no part of a prompt that an agent repeats is read as a verdict; it never
 * begins with a character that an agent's command line takes for a command, a file or an option.
 */
export function buildPrompt(parts: PromptParts): string {
  const template = parts.template === null ? "" : unconcluding(parts.template.trim());
  const sections = [
    template === "" || !/^[\p{L}\p{N}]/u.test(template) ? PREFACE : null,
    template,
    parts.stage.includeObjective ? section("Objective", titleOf(parts), quote(parts.objective)) : null,
    section("Inputs of the run", bullets(Object.entries(parts.values).map(inputLine))),
    foldersSection(parts),
    stageSection(parts, unconcluding(parts.stage.description.trim())),
    partSection(parts),
    requiredArtifactsSection(parts),
    section("Exit criteria", bullets(parts.stage.exitCriteria.map(sanitizeLine))),
    earlierStagesSection(parts.inputs),
    underReviewSection(parts),
    evidenceSection(parts),
    feedbackSection(parts),
    section("Skipped stages", parts.skipped.length === 0 ? null : skippedText(parts.skipped)),
    previousAttemptSection(parts),
    concludeSection(parts.kind),
  ];
  return `${sections.filter((part) => part !== null && part !== "").join("\n\n")}\n`;
}

/**
 * What a reviewer is asked in the same session when its answer, `text`, concluded nothing. `given`: why what it gave
 * by tool or schema was no verdict; null = it gave nothing.
 */
export function buildVerdictPrompt(text: string, given: string | null = null): string {
  const problem = `Your answer does not conclude the review. ${describeMissingVerdict(text, given)}`;
  const request = "Do not review again: give the conclusion that follows from what you have found.";
  return `${[problem, request, concludeSection("review")].join("\n\n")}\n`;
}

/** Text of the author, which stands as it is unless an echo of it could be taken for a verdict. */
function unconcluding(text: string): string {
  return mayConclude(text) ? quote(text) : text;
}

function inputLine([name, value]: readonly [string, string]): string {
  return `${code(name)}: ${code(value)}`;
}

function skippedText(skipped: readonly StageId[]): string {
  return `These stages were skipped, so nothing of theirs exists: ${skipped.map(code).join(", ")}.`;
}
