import type { TeamBotState } from "@troupe/config";
import { TroupeError, type Workflow } from "@troupe/core";

/** A stage of the state that the workflow does not have: it ran with another workflow. Throws `STAGE_UNKNOWN`. */
export function refuseUnknownStages({ stages }: Workflow, state: TeamBotState, stateFile: string): void {
  const known = new Set(stages.map(({ id }) => id));
  const named = [state.currentStage, ...state.outputs.keys(), ...state.members.keys()];
  const unknown = [...new Set(named)].filter((id) => !known.has(id));
  const [first] = unknown;
  if (first === undefined) return;
  const which = unknown.map((id) => `"${id}"`).join(", ");
  throw new TroupeError("STAGE_UNKNOWN", `${stateFile} names ${which}, which the workflow does not have`, {
    hint: `Its stages are ${[...known].join(", ")}.\nName the workflow that the run used: troupe import DIR --workflow FILE`,
    details: { stages: unknown },
  });
}
