import { isId, type StageId } from "@troupe/core";
import type { DiagnosticLog, Span } from "./diagnostic-log.js";
import { contradict, isDefined } from "./workflow-draft.js";
import type { WrittenWorkflow } from "./workflow-schema.js";
import type { YamlTree } from "./yaml-tree.js";

export interface StageOrder {
  readonly defined: readonly StageId[];
  readonly order: readonly StageId[];
  readonly orderSpans: ReadonlyMap<StageId, Span>;
}

/** The order of the stages, with everything wrong about their ids and the list reported. */
export function resolveOrder(file: WrittenWorkflow, tree: YamlTree, log: DiagnosticLog): StageOrder {
  const defined = tree.keys(["stages"]);
  checkIds(defined, tree, log);
  if (file.stage_order === null || file.stage_order === undefined) {
    const orderSpans = new Map(defined.map((id) => [id, tree.keySpan(["stages", id])]));
    return { defined, order: defined, orderSpans };
  }
  const orderSpans = new Map<StageId, Span>();
  for (const [index, id] of file.stage_order.entries()) {
    const span = tree.valueSpan(["stage_order", index]);
    const first = orderSpans.get(id);
    if (!isDefined({ defined, log }, id, span, "stage_order")) continue;
    if (first !== undefined) {
      const message = `stage_order names "${id}" twice; the first is in line ${log.lineOf(first.start)}`;
      contradict(log, { span, message, hint: "Remove one of them." });
      continue;
    }
    orderSpans.set(id, span);
  }
  for (const id of defined) {
    if (orderSpans.has(id)) continue;
    const message = `stage "${id}" is defined but not in stage_order`;
    const hint = `Add "- ${id}" to stage_order, or remove the stage.`;
    contradict(log, { span: tree.keySpan(["stages", id]), message, hint, isAbsence: true });
  }
  return { defined, order: [...orderSpans.keys()], orderSpans };
}

function checkIds(defined: readonly StageId[], tree: YamlTree, log: DiagnosticLog): void {
  if (defined.length === 0) {
    contradict(log, { span: tree.keySpan(["stages"]), message: "the workflow has no stage", isAbsence: true });
  }
  const folded = new Map<string, StageId>();
  for (const id of defined) {
    const span = tree.keySpan(["stages", id]);
    if (!isId(id)) log.add({ span, message: `"${id}" is not a stage id`, hint: ID_HINT });
    const twin = folded.get(id.toLowerCase());
    if (twin !== undefined) {
      // logs and artifacts lie in folders with these names, and not every file system tells them apart
      const message = `stage "${id}" differs from stage "${twin}" only in upper and lower case`;
      contradict(log, { span, message, hint: "Give one of them another name." });
    }
    folded.set(id.toLowerCase(), id);
  }
}

/** What ids look like. */
export const ID_HINT: string =
  "An id has letters, digits, . _ - and at most 64 of them; it starts with a letter or a digit.";
