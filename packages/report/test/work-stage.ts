import type { StageDraft } from "@troupe/core";

/** A stage of work, done by `builder-1` unless said otherwise. */
export const work = (id: string, needs: readonly string[], more: Partial<StageDraft> = {}): StageDraft => ({
  id,
  workAgent: "builder-1",
  needs,
  ...more,
});
