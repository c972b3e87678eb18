import { defineWorkflow, type StageDraft, type Workflow } from "@troupe/core";

/** `lanes` chains side by side, `stages` in all. */
export function chains(stages: number, lanes: number): Workflow {
  const drafts = Array.from({ length: stages }, (_, index): StageDraft => {
    const before = index - lanes;
    return { id: `S${index}`, workAgent: "none", needs: before < 0 ? [] : [`S${before}`] };
  });
  return defineWorkflow({ name: "bench", stages: drafts });
}

/** One group with a gate behind it. */
export function group(members: number): Workflow {
  const ids = Array.from({ length: members }, (_, index) => `S${index}`);
  return defineWorkflow({
    name: "bench",
    stages: [...ids.map((id): StageDraft => ({ id, workAgent: "none" })), { id: "GATE", kind: "terminal", needs: ids }],
    groups: [{ name: "ALL", stages: ids, before: "GATE" }],
  });
}
