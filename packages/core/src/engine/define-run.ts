import { validateWorkflow } from "../model/graph.js";
import type { StageId } from "../model/ids.js";
import { DEFAULT_LIMITS, formatOf, type RunDefinition } from "../model/run.js";
import { shapeOf } from "../model/stage-shape.js";
import { sha256 } from "./text.js";

/** What a run needs to be told; the rest has defaults. */
export type RunDraft = Pick<RunDefinition, "workflow" | "objective"> &
  Partial<Omit<RunDefinition, "format" | "fingerprints">>;

/** A complete definition with the fingerprint of each stage. Throws `WORKFLOW_INVALID` with all problems. */
export function defineRun(draft: RunDraft): RunDefinition {
  validateWorkflow(draft.workflow);
  const definition = {
    source: "code",
    templates: [],
    agents: [],
    inputs: {},
    skip: [],
    limits: DEFAULT_LIMITS,
    flags: { skip: [], limits: {}, inputs: {}, checks: [], agents: {}, shareTree: false },
    ...draft,
    format: formatOf(draft.workflow),
  };
  return { ...definition, fingerprints: fingerprints(definition) };
}

function fingerprints(definition: Omit<RunDefinition, "fingerprints">): Readonly<Record<StageId, string>> {
  const hashes: Record<StageId, string> = {};
  for (const stage of definition.workflow.stages) hashes[stage.id] = sha256(JSON.stringify(shapeOf(stage, definition)));
  return hashes;
}
