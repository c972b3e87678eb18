import { type StageId, TroupeError, type Workflow } from "@troupe/core";
import { didYouMean } from "./nearest-name.js";

/**
 * Checks the stages that a person wants to skip. Throws `STAGE_UNKNOWN` for ids that the workflow does not have, with
 * the nearest name, and `USAGE` for stages that are not optional.
 */
export function validateSkip(workflow: Workflow, ids: readonly StageId[]): void {
  const stages = new Map(workflow.stages.map((stage) => [stage.id, stage]));
  const unknown = ids.filter((id) => !stages.has(id));
  if (unknown.length > 0) {
    const near = unknown.map((id) => didYouMean(id, [...stages.keys()])).filter((hint) => hint !== null);
    throw new TroupeError("STAGE_UNKNOWN", `the workflow has no stage ${quoted(unknown)} to skip`, {
      hint: near.length > 0 ? near.join(" ") : `Its optional stages: ${optionalStages(workflow)}.`,
      details: { stages: unknown },
    });
  }
  const required = ids.filter((id) => stages.get(id)?.optional !== true);
  if (required.length === 0) return;
  throw new TroupeError("USAGE", `${quoted(required)} cannot be skipped: not optional`, {
    hint: `Optional stages: ${optionalStages(workflow)}. To make one optional write "optional: true" in the workflow.`,
    details: { stages: required },
  });
}

/**
 * The values of all declared inputs, defaults filled in. Throws `INPUT_INVALID`, with everything wrong at once, for names
 * that are not declared and for values that are missing.
 */
export function inputValues(
  workflow: Workflow,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const declared = workflow.inputs.map((input) => input.name);
  const unknown = Object.keys(given).filter((name) => !declared.includes(name));
  const missing = workflow.inputs.filter((input) => !Object.hasOwn(given, input.name) && input.default === null);
  const problems = [
    ...(unknown.length > 0 ? [`the workflow declares no input ${quoted(unknown)}`] : []),
    ...(missing.length > 0 ? [`input ${quoted(missing.map((input) => input.name))} has no value`] : []),
  ];
  if (problems.length > 0) {
    const near = unknown.map((name) => didYouMean(name, declared)).filter((hint) => hint !== null);
    const asked = missing.map((input) => `--input ${input.name}=VALUE`).join(" ");
    const known = `Declared inputs: ${declared.join(", ") || "none"}.`;
    throw new TroupeError("INPUT_INVALID", problems.join("; "), {
      hint: [...near, asked === "" ? known : `Give ${asked}.`].join(" "),
      details: { unknown, missing: missing.map((input) => input.name) },
    });
  }
  return Object.fromEntries(
    workflow.inputs.map(({ name, default: fallback }) => [
      name,
      Object.hasOwn(given, name) ? (given[name] ?? "") : (fallback ?? ""),
    ]),
  );
}

function optionalStages(workflow: Workflow): string {
  return workflow.stages.flatMap((stage) => (stage.optional ? [stage.id] : [])).join(", ") || "none";
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
