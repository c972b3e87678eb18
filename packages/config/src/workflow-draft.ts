import type { AgentId, StageId, StageKind } from "@troupe/core";
import type { DiagnosticLog, Mistake, Span } from "./diagnostic-log.js";
import { INVALID_ITEM } from "./invalid-item.js";
import { didYouMean } from "./nearest-name.js";
import type { WrittenStage } from "./stage-schema.js";
import type { WrittenGroup, WrittenWorkflow } from "./workflow-schema.js";
import type { Path, YamlTree } from "./yaml-tree.js";

/** A stage while its file is being checked: what was written, with `defaults` filled in. */
export interface StageDraft {
  readonly id: StageId;
  readonly path: Path;
  readonly written: WrittenStage;
  /** null = cannot be told: reported already. */
  readonly kind: StageKind | null;
  readonly workAgent: AgentId | null;
  /** Agents that do the work instead of it; empty = it does. */
  readonly parallelAgents: readonly AgentId[];
  readonly reviewAgent: AgentId | null;
  readonly writes: "artifacts" | "tree";
}

/** All that the rules look at. */
export interface WorkflowDraft {
  readonly file: WrittenWorkflow;
  readonly tree: YamlTree;
  readonly log: DiagnosticLog;
  /** Every id that the file defines, sound or not. */
  readonly defined: readonly StageId[];
  /** Defined stages, each once, in the order of the workflow. */
  readonly order: readonly StageId[];
  /** Where a stage stands in that order. */
  readonly orderSpans: ReadonlyMap<StageId, Span>;
  readonly stages: ReadonlyMap<StageId, StageDraft>;
  /** True for a stage with a key of the wrong form: rules that look at its kind keep quiet. */
  isUnsound(id: StageId): boolean;
}

/** Members of a group that exist, in the order of the workflow. */
export interface GroupDraft {
  readonly name: string;
  readonly written: WrittenGroup;
  readonly members: readonly StageId[];
  readonly after: StageId | null;
  readonly before: StageId | null;
}

/** Adds a mistake that lies in what the file means, not in its form. */
export function contradict(log: DiagnosticLog, mistake: Omit<Mistake, "code">): void {
  log.add({ ...mistake, code: "WORKFLOW_INVALID" });
}

/** Reports a stage id that nothing defines; false when it did. A wrong item is passed over: it was reported. */
export function isDefined(
  draft: Pick<WorkflowDraft, "defined" | "log">,
  id: string,
  span: Span,
  where: string,
): boolean {
  if (id === INVALID_ITEM) return false;
  if (draft.defined.includes(id)) return true;
  const hint = draft.log.isCrowded() ? null : didYouMean(id, draft.defined);
  const message = `${where} names stage "${id}", which is not defined`;
  contradict(draft.log, { span, message, hint: hint ?? "Define it under stages.", isAbsence: true });
  return false;
}

/** `PLAN (line 12)`: a stage with its place in the order, for messages about two places. */
export function stageInOrder(draft: WorkflowDraft, id: StageId): string {
  const span = draft.orderSpans.get(id);
  return span === undefined ? id : `${id} (line ${draft.log.lineOf(span.start)})`;
}

/** Whoever takes a work or a fix turn of the stage, each once. */
export function workersOf({ parallelAgents, workAgent }: StageDraft): readonly AgentId[] {
  return [...new Set([...parallelAgents, ...(workAgent === null ? [] : [workAgent])])];
}

/** Where the file says that an agent works in a stage: in the stage, else in `defaults`. */
export function workerSpan(draft: WorkflowDraft, { path, written }: StageDraft, agent: AgentId): Span {
  const own = draft.tree.keys(path);
  const index = written.parallel_agents?.indexOf(agent) ?? -1;
  if (written.work_agent === agent && own.includes("work_agent")) return draft.tree.valueSpan([...path, "work_agent"]);
  if (index >= 0) return draft.tree.valueSpan([...path, "parallel_agents", index]);
  return draft.tree.keySpan(path);
}
