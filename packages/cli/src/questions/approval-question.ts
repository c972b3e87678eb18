import { type RunStateView, type StageView, sanitizeLine } from "@troupe/core";

/** What a person is shown of a result before judging it. */
export interface ApprovalQuestion {
  readonly stage: string;
  readonly turn: string;
  readonly text: string;
}

/** What was answered; `again`: nothing that is understood. */
export type ApprovalAnswer =
  | { readonly do: "approve"; readonly message: string | null }
  | { readonly do: "reject"; readonly message: string | null }
  | { readonly do: "later" }
  | { readonly do: "again"; readonly typed: string };

const APPROVAL_CHOICES: string =
  "a [words] = approve, r [what must change] = reject, Enter = decide later (the run waits): ";

/** Of an output that is shown before the question. */
const SHOWN_LINES = 8;
const SHOWN_WIDTH = 160;

/** Where things lie. */
interface Places {
  /** Absolute path of a turn's artifact. */
  readonly fileOf: (turn: string, name: string) => string;
  /** Makes a command work where it is pasted. */
  readonly place?: ((text: string) => string) | undefined;
}

/**
 * The question about a stage's waiting result. `fileOf` says where the version of an artifact lies, by the turn that
 * left it and its name.
 */
export function approvalQuestion(
  { runId, stages }: RunStateView,
  stage: StageView,
  turn: string,
  { fileOf, place = (text) => text }: Places,
): ApprovalQuestion {
  const { definition, round, lastVerdict, lastChecks, output } = stage;
  const title = definition.name === definition.id ? "" : ` (${sanitizeLine(definition.name)})`;
  const facts: (readonly [string, string])[] = [];
  if (lastVerdict !== null && lastVerdict.source !== "person") {
    const reasons = lastVerdict.reasons.map(sanitizeLine).join("; ");
    facts.push(["verdict", `${lastVerdict.decision}${reasons === "" ? "" : `: ${reasons}`}`]);
  }
  for (const { command, passed } of lastChecks)
    facts.push(["check", `${sanitizeLine(command)} ${passed ? "passed" : "failed"}`]);
  for (const judged of [stage, reviewedStage(stages, stage)]) {
    for (const [name, version] of judged?.artifacts ?? []) facts.push(["file", fileOf(version.turn, name)]);
  }
  facts.push(["log", place(`troupe logs ${runId} ${definition.id}`)]);
  const lines = facts.map(([key, value]) => `  ${key.padEnd(8)} ${sanitizeLine(value)}`);
  const rounds = round > 1 ? `, round ${round} of ${definition.maxRounds}` : "";
  const head = `${definition.id}${title} waits for you: ${turn}${rounds}`;
  return {
    stage: definition.id,
    turn,
    text: `\n${[head, ...lines, ...excerpt(output?.text ?? "")].join("\n")}\n${APPROVAL_CHOICES}`,
  };
}

function reviewedStage(stages: RunStateView["stages"], { definition }: StageView): StageView | undefined {
  return definition.reviews === null ? undefined : stages.get(definition.reviews);
}

/** The beginning of what the stage said; all of it is in its log. */
function excerpt(text: string): readonly string[] {
  const lines = text.split("\n").map(sanitizeLine).filter(Boolean);
  const shown = lines.slice(0, SHOWN_LINES).map((line) => `  | ${line.slice(0, SHOWN_WIDTH)}`);
  const more = lines.length - shown.length;
  return more > 0 ? [...shown, `  | (${more} more lines)`] : shown;
}

/** Reads what a person typed; anything but a clear word is asked again. */
export function readApprovalAnswer(typed: string): ApprovalAnswer {
  const text = typed.trim();
  if (text === "" || /^(?:l|later)$/i.test(text)) return { do: "later" };
  const [, word = "", rest = ""] = /^(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  const message = rest === "" ? null : rest;
  if (/^(?:a|approve|y|yes)$/i.test(word)) return { do: "approve", message };
  if (/^(?:r|reject|n|no)$/i.test(word)) return { do: "reject", message };
  return { do: "again", typed: text };
}
