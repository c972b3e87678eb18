import type { PromptInput, PromptParts, PromptText } from "./prompt-parts.js";
import { bullets, code, quote, section } from "./prompt-text.js";
import { sanitizeLine, sanitizeText } from "./sanitize.js";
import { describeScenarios } from "./scenario.js";
import type { CheckResult, Feedback, TestCounts, TurnTask } from "./turn.js";

const TASKS: Readonly<Record<PromptParts["kind"], string>> = {
  work: "Your task in this turn: do the work of this stage.",
  review:
    "Your task in this turn: review the work named below against the objective and the criteria. Look at the files themselves, not only at what is said of them. Judge; do not change the work.",
  fix: "Your task in this turn: mend what the feedback below names, all of it, and change nothing else without need.",
};

const FEEDBACK_FROM: Readonly<Record<Feedback["source"], string>> = {
  review: "the review",
  check: "the checks",
  person: "a person",
  "no-verdict": "a review that concluded nothing",
};

const ENDED: Readonly<Record<NonNullable<TurnTask["before"]>, string>> = {
  crashed: "The process that ran an earlier attempt at this turn died in the middle of it.",
  failed: "An earlier attempt at this turn failed.",
  interrupted: "An earlier attempt at this turn was interrupted.",
};

export function foldersSection(parts: PromptParts): string | null {
  return section(
    "Folders",
    bullets([`Working folder: ${code(parts.workspace)}`, `Artifacts folder: ${code(parts.artifactsFolder)}`]),
  );
}

export function stageSection(parts: PromptParts, description: string): string | null {
  const { stage, persona, round, kind } = parts;
  const name = sanitizeLine(stage.name);
  return section(
    `Stage: ${name === stage.id ? name : `${name} (${stage.id})`}`,
    description,
    persona === null ? null : `Your role: ${sanitizeLine(persona)}.`,
    TASKS[kind],
    round === 1 ? null : `This is round ${round} of at most ${stage.maxRounds}.`,
  );
}

export function requiredArtifactsSection(parts: PromptParts): string | null {
  return section(
    "Required artifacts",
    parts.required.length === 0 ? null : `${requestFor(parts)}\n\n${bullets(parts.required.map(code))}`,
    parts.revisable.length === 0
      ? null
      : `Where the work under review must change, change these files in the artifacts folder:\n\n${bullets(parts.revisable.map(code))}`,
  );
}

function requestFor({ part }: PromptParts): string {
  return part === undefined
    ? "Write these files, complete, into the artifacts folder:"
    : "When all agents of this stage are done, these files must lie in the artifacts folder, complete. Write those that fall to you, and of a file that is there already a new version only where your part of it is missing:";
}

/** Who else is at it, what is whose, and how not to get in each other's way. */
export function partSection({ part }: PromptParts): string | null {
  if (part === undefined) return null;
  const { agent, agents, atOnce, others } = part;
  const own = agents.indexOf(agent) + 1;
  const rest = agents.filter((one) => one !== agent).map(code);
  const answers = others.map((one) => `What ${sanitizeLine(one.agent)} answered:\n\n${quoteText(one.output)}`);
  const who = `You are ${code(agent)}, number ${own} of ${agents.length} agents that do the work of this stage, each in a turn of its own. ${rest.length === 1 ? "The other is" : "The others are"} ${rest.join(", ")}.`;
  const when =
    atOnce > 1
      ? "They may be at work at this very moment, in the same folders: change only what belongs to your part, and leave alone what others have just written."
      : "You take your turns one after another: what those before you have done is there already.";
  const what = `Where the stage, the plan or the objective says who does what, do what is yours. Otherwise count its tasks in their order: yours are number ${own}, ${own + agents.length} and so on. Do not do the others' part.`;
  return section("Your part", ...(agents.length === 1 ? [] : [who, when, what]), ...answers);
}

export function earlierStagesSection(inputs: readonly PromptInput[]): string | null {
  const files = inputs.flatMap((input) => (input.name === null ? [] : [input]));
  const outputs = inputs.flatMap((input) => (input.name === null ? [input] : []));
  return section(
    "From earlier stages",
    bullets(files.map((file) => `${code(file.name)} of ${file.stage}: ${code(file.path)}`)),
    ...outputs.map(({ stage, agent, output }) => `What ${whose(stage, agent)} answered:\n\n${quoteText(output)}`),
  );
}

function whose(stage: string, agent: string | undefined): string {
  return agent === undefined ? stage : `${sanitizeLine(agent)} of ${stage}`;
}

export function underReviewSection(parts: PromptParts): string | null {
  const work = parts.underReview;
  if (work === null) return null;
  const name = sanitizeLine(work.name);
  return section(
    "Work under review",
    `The work of stage ${name === work.stage ? name : `${name} (${work.stage})`}.`,
    bullets(work.artifacts.map((file) => `${code(file.name)}: ${code(file.path)}`)),
    ...work.outputs.map(
      ({ agent, ...output }) =>
        `What ${agent === undefined ? "its author" : sanitizeLine(agent)} answered:\n\n${quoteText(output)}`,
    ),
  );
}

export function evidenceSection(parts: PromptParts): string | null {
  if (parts.evidence === null) return null;
  const { changes, checks } = parts.evidence;
  return section(
    "Evidence",
    changes === null ? null : `Changes in the working folder:\n\n${quote(sanitizeText(changes))}`,
    checks.length === 0 ? null : `Results of the checks:\n\n${bullets(checks.map(describeCheck))}`,
  );
}

/** A reviewer's missing verdict concerns reviewers alone. */
export function feedbackSection(parts: PromptParts): string | null {
  const feedback = parts.feedback.filter((one) => parts.kind === "review" || one.source !== "no-verdict");
  return section(
    "Feedback so far",
    ...feedback.map((one) => `Round ${one.round}, from ${FEEDBACK_FROM[one.source]}:\n\n${quoteText(one.text)}`),
  );
}

export function previousAttemptSection({ before, setAside }: PromptParts): string | null {
  const files = bullets(setAside.map((file) => `${code(file.name)}: ${code(file.path)}`));
  const unfinished = "These unfinished files of it were set aside, to be used or not:";
  const unknown = "These files lay where yours belong, and no turn had recorded them. They were set aside:";
  return section(
    before === null ? "Files set aside" : "A new attempt",
    before === null
      ? null
      : `${ENDED[before]} This is a new attempt: parts of the work may be there already, finished or not. Look before you go on.`,
    files === "" ? null : `${before === null ? unknown : unfinished}\n\n${files}`,
  );
}

/** Worded so that no repetition of it, however cut, reads as a conclusion: a mark and its colon never meet. */
export function concludeSection(kind: PromptParts["kind"]): string | null {
  if (kind !== "review") return null;
  return section(
    "How to conclude",
    [
      "End your answer with your conclusion, on a line of its own and not within a list, a quote or code.",
      "The line starts with APPROVED if the work meets the objective and the criteria, else with REJECTED;",
      "directly after that word come a colon and the reason in one sentence.",
      "After a rejection list every point that must change, one to a line, so that the author can act on it alone.",
      "The last such line counts; without one the review has no result.",
    ].join(" "),
  );
}

/** One line on the result of one check. */
export function describeCheck(check: CheckResult): string {
  const passed = check.passed ? "passed" : "failed";
  const problem = check.problem === undefined ? "" : `; ${sanitizeLine(check.problem)}`;
  if (check.scenarios !== undefined) {
    const what = `${check.command}: ${describeScenarios(check.scenarios)}`;
    return `${passed}: ${sanitizeLine(what)}${problem}`;
  }
  const end = check.exitCode === null ? "no exit code" : `exit code ${check.exitCode}`;
  const tests = check.tests === undefined ? "" : `; ${describeTests(check.tests)}`;
  return `${passed} (${end}): ${code(check.command)}${tests}${problem}`;
}

function describeTests({ passed, failed, skipped }: TestCounts): string {
  return [
    `${passed} ${passed === 1 ? "test" : "tests"} passed`,
    `${failed} failed`,
    ...(skipped === 0 ? [] : [`${skipped} skipped`]),
  ].join(", ");
}

function quoteText(text: PromptText): string {
  const shown = quote(sanitizeText(text.text));
  return text.path === null ? shown : `${shown}\n\nThis is its beginning; all of it is in ${code(text.path)}.`;
}
