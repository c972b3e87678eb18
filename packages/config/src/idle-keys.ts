import type { StageId } from "@troupe/core";
import type { WrittenStage } from "./stage-schema.js";
import { contradict, type StageDraft, type WorkflowDraft } from "./workflow-draft.js";

/** Keys of the prompt and of who may get it. */
const PROMPT_KEYS = ["exit_criteria", "include_objective", "prompt_template", "allowed_personas"] as const;

/** Warns of keys that a stage gives itself and that nothing would come of; what it has from `defaults` is no claim. */
export function warnOfIdleKeys(draft: WorkflowDraft): void {
  for (const stage of draft.stages.values()) {
    const own = draft.file.stages[stage.id] ?? {};
    if (stage.kind === "command") warnOfPromptKeys(draft, stage, own);
    if (stage.kind === "terminal") warnOfTerminalKeys(draft, stage, own);
    if (stage.kind === "work") warnOfRounds(draft, stage, own);
    if (stage.kind !== "acceptance" && isSaid(own.scenarios)) {
      const hint = "Remove it, or add is_acceptance_test_stage: true.";
      warn(draft, stage.id, "scenarios", "it is no acceptance test stage", hint);
    }
  }
}

function warnOfPromptKeys(draft: WorkflowDraft, { id }: StageDraft, own: WrittenStage): void {
  for (const key of [...PROMPT_KEYS, "max_rounds"] as const) {
    if (isSaid(own[key])) warn(draft, id, key, "it runs a command, no agent", "Remove it, or give the stage an agent.");
  }
}

/** TeamBot's files give the last stage exit criteria and say that it has no objective: a habit that misleads nobody. */
function warnOfTerminalKeys(draft: WorkflowDraft, { id }: StageDraft, own: WrittenStage): void {
  const keys = ["prompt_template", "allowed_personas", "max_rounds", "timeout", "idle_timeout", "retry"] as const;
  const idle = [
    ...keys.filter((key) => isSaid(own[key])),
    ...(own.include_objective === true ? (["include_objective"] as const) : []),
    ...(own.approval === true ? (["approval"] as const) : []),
    ...(own.writes === "tree" ? (["writes"] as const) : []),
  ];
  for (const key of idle) warn(draft, id, key, "nothing of it runs", "Remove it, or add work_agent or run.");
}

function warnOfRounds(draft: WorkflowDraft, { id, written }: StageDraft, own: WrittenStage): void {
  if (!isSaid(own.max_rounds) || (written.checks ?? []).length > 0 || written.approval === true) return;
  const review = draft.file.work_to_review_mapping?.[id];
  const hint =
    review === undefined
      ? "Remove it, or add checks or a review stage."
      : `Write it in "${review}", which judges "${id}", or add checks.`;
  warn(draft, id, "max_rounds", "it has no checks and reviews nothing, so there is one round", hint);
}

function isSaid(value: unknown): boolean {
  return value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);
}

function warn(draft: WorkflowDraft, id: StageId, key: keyof WrittenStage, why: string, hint: string): void {
  contradict(draft.log, {
    span: draft.tree.keySpan(["stages", id, key]),
    message: `${key} of stage "${id}" has no effect: ${why}`,
    severity: "warning",
    hint,
  });
}
