import type { RunState } from "@troupe/core";
import { suggestResume } from "./suggest-resume.js";

/** The command that brings a run on: the approval that it waits for, the first of several, else a resume. */
export function suggestNext(state: RunState): string {
  for (const [stage, { awaitingApproval, approved }] of state.stages) {
    // the turn is named, so that nobody approves a result that he has not seen
    if (awaitingApproval !== null && awaitingApproval !== approved)
      return `troupe approve ${state.runId} ${stage} --turn ${awaitingApproval}`;
  }
  return suggestResume(state);
}
