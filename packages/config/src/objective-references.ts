import type { Workflow } from "@troupe/core";
import type { Diagnostic } from "./diagnostic.js";
import { didYouMean } from "./nearest-name.js";
import type { ParsedObjective } from "./parse-objective.js";

/**
 * What the front matter of an objective says of a workflow that has nothing of the kind: stages to skip that do not
 * exist or are not optional, inputs that are not declared.
 */
export function checkObjectiveReferences(
  { references, locate }: ParsedObjective,
  workflow: Workflow,
  file: string,
): readonly Diagnostic[] {
  const stages = new Map(workflow.stages.map((stage) => [stage.id, stage]));
  const optional = workflow.stages.flatMap(({ id, optional }) => (optional ? [id] : [])).join(", ") || "none";
  const mistake = (path: readonly (string | number)[], message: string, hint: string): Diagnostic => ({
    severity: "error",
    code: path[0] === "inputs" ? "INPUT_INVALID" : "CONFIG_INVALID",
    message,
    file,
    ...locate(path),
    hint,
  });
  const skips = references.skip.flatMap((id, index) => {
    const stage = stages.get(id);
    const path = ["skip", index];
    if (stage?.optional === true) return [];
    if (stage !== undefined)
      return [mistake(path, `stage "${id}" cannot be skipped: it is not optional`, `Optional stages: ${optional}.`)];
    const hint = didYouMean(id, [...stages.keys()]) ?? `Optional stages: ${optional}.`;
    return [mistake(path, `the workflow has no stage "${id}" to skip`, hint)];
  });
  const declared = workflow.inputs.map(({ name }) => name);
  const inputs = Object.keys(references.inputs).flatMap((name) => {
    if (declared.includes(name)) return [];
    const hint = didYouMean(name, declared) ?? `Declared inputs: ${declared.join(", ") || "none"}.`;
    return [mistake(["inputs", name], `the workflow declares no input "${name}"`, hint)];
  });
  return [...skips, ...inputs];
}
