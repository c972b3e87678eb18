import { neededFor, type Workflow } from "@troupe/core";

/** Stages that a run until `stage` does not perform: neither the stage nor anything that it needs. */
export function stagesBeside(workflow: Workflow, stage: string): readonly string[] {
  const needed = neededFor(workflow, stage);
  return workflow.stages.flatMap(({ id }) => (needed.has(id) ? [] : [id]));
}
