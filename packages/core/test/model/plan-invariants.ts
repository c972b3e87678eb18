import type { ResumePlan } from "../../src/state/plan-types.js";
import type { RunState } from "../../src/state/run-state.js";
import { hold } from "./claim-facts.js";

/** What a plan says holds together, whatever was edited. */
export function checkPlan(state: RunState, { stages, vanished, events, asks }: ResumePlan): void {
  hold(!asks, "a plan with an answer asks nothing");
  const [adopted] = events.filter((event) => event.type === "run.reconfigured");
  const definition = adopted?.definition ?? state.definition;
  hold(
    stages.map(({ stage }) => stage).join() === definition.workflow.stages.map(({ id }) => id).join(),
    "a plan names each stage of the workflow, in its order",
  );
  const known = new Set([...stages, ...vanished].map(({ stage }) => stage));
  hold(
    [...state.stages.keys()].every((id) => known.has(id)),
    "no stage of the run is passed over",
  );
  const reset = new Set(events.flatMap((event) => (event.type === "stage.reset" ? [event.stage] : [])));
  for (const { stage, action, from } of stages) {
    const record = state.stages.get(stage);
    if (reset.has(stage)) hold(action === "run" && from === "start", `${stage} is reset, so it runs from the start`);
    else if (action === "run" && record?.pendingReset === null) {
      hold(record.status === "pending" || record.status === "running", `${stage} runs though it is ${record.status}`);
    }
  }
}
