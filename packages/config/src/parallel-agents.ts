import { INVALID_ITEM } from "./invalid-item.js";
import { contradict, type StageDraft, type WorkflowDraft } from "./workflow-draft.js";

/** Checks that several agents can do the work of a stage, and says when they do it one after another. */
export function checkParallelAgents(draft: WorkflowDraft, stage: StageDraft): void {
  if (stage.parallelAgents.length === 0 || stage.kind === null) return;
  checkRepeats(draft, stage);
  checkWork(draft, stage);
  checkMender(draft, stage);
  warnOfTurns(draft, stage);
}

function checkRepeats(draft: WorkflowDraft, { id, path, parallelAgents }: StageDraft): void {
  for (const [index, agent] of parallelAgents.entries()) {
    if (parallelAgents.indexOf(agent) === index || agent === INVALID_ITEM) continue;
    contradict(draft.log, {
      span: draft.tree.valueSpan([...path, "parallel_agents", index]),
      message: `agent "${agent}" stands twice in parallel_agents of stage "${id}"`,
      hint: "One agent does one turn at a time: remove it, or give the second one an id of its own.",
    });
  }
}

function checkWork(draft: WorkflowDraft, { id, path, kind }: StageDraft): void {
  const judged = Object.entries(draft.file.work_to_review_mapping ?? {}).find(([, review]) => review === id)?.[0];
  if (kind !== "review" || judged === undefined) return;
  contradict(draft.log, {
    span: draft.tree.keySpan([...path, "parallel_agents"]),
    message: `parallel_agents of stage "${id}" have no work to do: it reviews that of "${judged}"`,
    hint: `Remove them; to let several agents do the work, write them in "${judged}".`,
  });
}

/** What a check or a review finds is mended by one agent. */
function checkMender(draft: WorkflowDraft, { id, path, kind, written, workAgent }: StageDraft): void {
  const isJudged = kind !== "work" || (written.checks ?? []).length > 0 || written.approval === true;
  if (workAgent !== null || !isJudged) return;
  contradict(draft.log, {
    span: draft.tree.keySpan([...path, "parallel_agents"]),
    message: `stage "${id}" has parallel_agents but no work_agent that mends what is found wrong with their work`,
    hint: "Add work_agent; it may be one of them.",
  });
}

/** The agents write the working tree, and the stage does not say in so many words that they may do so at once. */
export function isOneByOne({ parallelAgents, writes, written }: StageDraft): boolean {
  return parallelAgents.length > 1 && writes === "tree" && written.writes !== "tree";
}

function warnOfTurns(draft: WorkflowDraft, stage: StageDraft): void {
  if (!isOneByOne(stage)) return;
  contradict(draft.log, {
    span: draft.tree.keySpan([...stage.path, "parallel_agents"]),
    message:
      `the agents of stage "${stage.id}" take their turns one after another: ` +
      "each may write the working tree, and two at once would undo each other's work",
    hint: 'Write "writes: tree" in the stage to let them work at the same time all the same, or "writes: artifacts" if that is all that they leave.',
    severity: "warning",
  });
}
