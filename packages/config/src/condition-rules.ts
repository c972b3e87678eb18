import type { Condition, StageId } from "@troupe/core";
import type { WrittenCondition } from "./condition-schema.js";
import type { Span } from "./diagnostic-log.js";
import { didYouMean } from "./nearest-name.js";
import type { NeedsGraph } from "./stage-needs.js";
import { contradict, isDefined, type StageDraft, type WorkflowDraft } from "./workflow-draft.js";
import type { Path } from "./yaml-tree.js";

/** A condition names only inputs and stages upstream, and can come out both ways. */
export function checkConditions(draft: WorkflowDraft, graph: NeedsGraph): void {
  for (const stage of draft.stages.values()) {
    const { when } = stage.written;
    if (when === null || when === undefined || draft.isUnsound(stage.id)) continue;
    const span = draft.tree.keySpan([...stage.path, "when"]);
    if (stage.written.optional !== true) {
      const message = `stage "${stage.id}" has a condition and is not optional`;
      const hint = 'Write "optional: true" in it: only an optional stage may be skipped.';
      contradict(draft.log, { span, message, hint });
    }
    const context = { draft, graph, stage };
    if (checkNames(context, when, [...stage.path, "when"])) checkOutcome(context, when, span);
  }
}

interface Context {
  readonly draft: WorkflowDraft;
  readonly graph: NeedsGraph;
  readonly stage: StageDraft;
}

/** True when every name in it means something. */
function checkNames(context: Context, written: WrittenCondition, path: Path): boolean {
  if (written.input !== undefined) return checkInput(context, written.input, [...path, "input"]);
  if (written.stage !== undefined) return checkStage(context, written.stage, [...path, "stage"]);
  if (written.not !== undefined) return checkNames(context, written.not, [...path, "not"]);
  const key = written.all === undefined ? "any" : "all";
  const checked = (written[key] ?? []).map((one, index) => checkNames(context, one, [...path, key, index]));
  return checked.every((isSound) => isSound);
}

function checkInput({ draft, stage }: Context, name: string, path: Path): boolean {
  const declared = draft.tree.keys(["inputs"]);
  if (declared.includes(name)) return true;
  const hint = draft.log.isCrowded() ? null : didYouMean(name, declared);
  contradict(draft.log, {
    span: draft.tree.valueSpan(path),
    message: `when of stage "${stage.id}" names input "${name}", which is not declared`,
    hint: hint ?? `Declare it: inputs: { ${name}: {} }.`,
    isAbsence: true,
  });
  return false;
}

function checkStage({ draft, graph, stage }: Context, id: StageId, path: Path): boolean {
  const span = draft.tree.valueSpan(path);
  if (!isDefined(draft, id, span, `when of stage "${stage.id}"`)) return false;
  if (!draft.stages.has(id)) return false; // not in the order: reported
  if (id !== stage.id && graph.waitsFor(stage.id, id)) return true;
  const message =
    id === stage.id
      ? `when of stage "${id}" looks at "${id}" itself`
      : `when of stage "${stage.id}" looks at "${id}", which "${stage.id}" does not wait for`;
  const hint =
    id === stage.id
      ? "A condition is decided before its stage starts: name a stage that comes before."
      : `Let "${stage.id}" come after "${id}", by the order or by needs.`;
  contradict(draft.log, { span, message, hint });
  return false;
}

function checkOutcome(context: Context, when: WrittenCondition, span: Span): void {
  const { draft, stage } = context;
  const { outcome, because } = foreseen(context, when);
  if (outcome === null) return;
  const reason =
    because === null ? "" : `"${because}" is not optional, so it is always completed and never skipped here. `;
  if (outcome) {
    const message = `the condition of stage "${stage.id}" always holds`;
    const hint = `${reason}Remove it, or change it.`;
    contradict(draft.log, { span, message, severity: "warning", hint });
    return;
  }
  const message = `stage "${stage.id}" can never run: its condition never holds`;
  contradict(draft.log, { span, message, hint: `${reason}Change the condition, or remove the stage.` });
}

interface Foreseen {
  /** null = it depends on the run. */
  readonly outcome: boolean | null;
  /** A stage that settles it. */
  readonly because: StageId | null;
}

/** What is certain before any run: of what a stage waits for, only an optional stage can be skipped. */
function foreseen(context: Context, written: WrittenCondition): Foreseen {
  if (written.stage !== undefined) return foreseenStage(context.draft, written.stage, written.is);
  if (written.not !== undefined) {
    const { outcome, because } = foreseen(context, written.not);
    return { outcome: outcome === null ? null : !outcome, because };
  }
  const parts = written.all ?? written.any;
  if (parts === undefined) return { outcome: null, because: null };
  // one part settles it: false for all, true for any
  const settling = written.all === undefined;
  const seen = parts.map((part) => foreseen(context, part));
  const settled = seen.find(({ outcome }) => outcome === settling);
  if (settled !== undefined) return settled;
  const isOpen = seen.some(({ outcome }) => outcome === null);
  return isOpen ? { outcome: null, because: null } : { outcome: !settling, because: seen[0]?.because ?? null };
}

function foreseenStage(draft: WorkflowDraft, id: StageId, is: WrittenCondition["is"]): Foreseen {
  const stage = draft.stages.get(id);
  if (stage === undefined || draft.isUnsound(id) || stage.written.optional === true)
    return { outcome: null, because: null };
  return { outcome: is === "completed", because: id };
}

/** The condition in the model's form. */
export function lowerCondition(written: WrittenCondition): Condition {
  if (written.input !== undefined) return { input: written.input, equals: written.equals ?? "" };
  if (written.stage !== undefined) return { stage: written.stage, is: written.is ?? "completed" };
  if (written.not !== undefined) return { not: lowerCondition(written.not) };
  if (written.all !== undefined) return { all: written.all.map(lowerCondition) };
  return { any: (written.any ?? []).map(lowerCondition) };
}
