import type { ResetCause, RunEvent } from "../../src/model/events.js";
import type { StageId } from "../../src/model/ids.js";
import type { RunDefinition } from "../../src/model/run.js";
import type { StageDefinition, Workflow } from "../../src/model/workflow.js";
import type { RunState } from "../../src/state/run-state.js";
import { downstreamOf, NO_LIMITS } from "./random-workflow.js";
import type { Tape } from "./tape.js";

/** What a person asks of a run, if there is anything to ask; smooth = every result is approved. */
export function randomRequest(tape: Tape, state: RunState, isSmooth: boolean): RunEvent | null {
  const waiting = [...state.stages.values()].filter(({ awaitingApproval, approved }) => awaitingApproval && !approved);
  const record = waiting[tape.below(waiting.length || 1)];
  if (record !== undefined && record.awaitingApproval !== null && (isSmooth || !tape.chance(20))) {
    const stage = record.definition.id;
    const turn = record.awaitingApproval;
    const text = { sha256: `denied ${turn}`, bytes: 2, text: "no" };
    return tape.chance(30)
      ? { type: "approval.denied", stage, turn, by: "a person", message: text }
      : { type: "approval.granted", stage, turn, by: "a person", message: null };
  }
  const mayCancel = state.status === "running" && !state.cancelRequested && !isSmooth;
  return mayCancel && tape.chance(20) ? { type: "run.cancel-requested", by: "a person", message: null } : null;
}

export interface RandomChanges {
  readonly reset: readonly { readonly stage: StageId; readonly cause: ResetCause }[];
  readonly definition: RunDefinition | null;
}

/** What a resume brings with it: stages to start anew, other limits, other groups, a stage less or all again. */
export function randomChanges(tape: Tape, state: RunState, first: RunDefinition, isSmooth: boolean): RandomChanges {
  const reset = tape.chance(30) ? randomResets(tape, state) : [];
  if (isSmooth) return { reset, definition: { ...state.definition, limits: NO_LIMITS } };
  if (!tape.chance(30)) return { reset, definition: null };
  const limits = tape.pick(NO_LIMITS, state.definition.limits, { ...NO_LIMITS, concurrency: 1, waitMs: 20_000 });
  const workflow = tape.chance(50) ? first.workflow : randomEdit(tape, state);
  return { reset, definition: { ...state.definition, limits, workflow } };
}

function randomResets(tape: Tape, state: RunState): RandomChanges["reset"] {
  const { workflow } = state.definition;
  const acceptance = workflow.stages.filter(({ kind }) => kind === "acceptance");
  const stages = acceptance.length > 0 && tape.chance(50) ? acceptance : workflow.stages;
  const stage = stages[tape.below(stages.length)]?.id;
  if (stage === undefined) return [];
  const further = tape.chance(60) ? [] : downstreamOf(workflow, stage);
  return [{ stage, cause: "forced" }, ...further.map((id) => ({ stage: id, cause: "upstream" }) as const)];
}

function randomEdit(tape: Tape, { definition, stages }: RunState): Workflow {
  const { workflow } = definition;
  const groups = workflow.groups.map((group) => ({
    ...group,
    maxConcurrent: tape.pick(group.maxConcurrent, null, 1, 2),
    onFailure: tape.pick(group.onFailure, "continue", "fail_fast"),
  }));
  const isNamed = ({ id }: StageDefinition) =>
    workflow.stages.some((one) => [...one.needs, ...one.requiresAcceptance, one.reviews].includes(id));
  const loose = workflow.stages.filter((stage) => !isNamed(stage) && stages.get(stage.id)?.inFlight.length === 0);
  const dropped = tape.chance(30) && workflow.stages.length > 1 ? loose[0] : undefined;
  return {
    ...workflow,
    stages: workflow.stages.filter((stage) => stage !== dropped),
    groups: groups.map((group) => ({ ...group, stages: group.stages.filter((id) => id !== dropped?.id) })),
  };
}
