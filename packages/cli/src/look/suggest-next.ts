import type { RunStateView } from "@troupe/core";
import { suggestResume } from "./suggest-resume.js";
import { canGoOn, waitingResults } from "./waiting-results.js";

/** The command that brings a run on: the approval that it waits for, the first of several, else a resume. */
export function suggestNext(state: RunStateView): string {
  const [first] = state.status === "waiting" && !canGoOn(state) ? waitingResults(state) : [];
  return first?.approve ?? suggestResume(state);
}
