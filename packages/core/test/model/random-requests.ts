import { namedIn } from "../../src/model/condition.js";
import type { RunEvent } from "../../src/model/events.js";
import type { RunDefinition } from "../../src/model/run.js";
import type { StageDefinition, Workflow } from "../../src/model/workflow.js";
import type { ResumeChoices } from "../../src/state/plan-types.js";
import type { RunState, StageRecord } from "../../src/state/run-state.js";
import { NO_LIMITS } from "./random-workflow.js";
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

/** Results that the person at the terminal has still to be asked about. */
export function openQuestions(state: RunState): readonly StageRecord[] {
  return [...state.stages.values()].filter(
    ({ awaitingApproval, approved, deferred }) =>
      awaitingApproval !== null && approved === null && deferred !== awaitingApproval,
  );
}

/** What the person at the terminal says: to one of the questions, or to leave it open. */
export function randomAnswer(tape: Tape, questions: readonly StageRecord[]): RunEvent {
  const record = questions[tape.below(questions.length)];
  if (record === undefined || record.awaitingApproval === null) throw new Error("nothing is asked");
  const question = { stage: record.definition.id, turn: record.awaitingApproval, by: "a person at the terminal" };
  if (tape.chance(40)) return { type: "approval.deferred", ...question };
  if (tape.chance(60)) return { type: "approval.granted", ...question, message: null };
  return { type: "approval.denied", ...question, message: { sha256: `denied ${question.turn}`, bytes: 2, text: "no" } };
}

export interface RandomChanges {
  readonly definition: RunDefinition | null;
  readonly choices: ResumeChoices;
}

/** What a resume brings with it: a stage to start from, other limits, an edited workflow, or the first one again. */
export function randomChanges(tape: Tape, state: RunState, first: RunDefinition, isSmooth: boolean): RandomChanges {
  const changed = tape.pick("ask", "rerun", "keep");
  if (isSmooth) return { choices: { changed }, definition: { ...state.definition, limits: NO_LIMITS } };
  const definition = tape.chance(40) ? randomDefinition(tape, state, first) : null;
  const { stages } = (definition ?? state.definition).workflow;
  const from = tape.chance(20) ? stages[tape.below(stages.length)]?.id : undefined;
  return { choices: from === undefined ? { changed } : { changed, from }, definition };
}

function randomDefinition(tape: Tape, { definition }: RunState, first: RunDefinition): RunDefinition {
  const limits = tape.pick(NO_LIMITS, definition.limits, { ...NO_LIMITS, concurrency: 1, waitMs: 20_000 });
  const workflow = tape.chance(40) ? first.workflow : randomEdit(tape, definition.workflow);
  const skip = tape.chance(20) ? [] : definition.skip;
  const inputs = tape.chance(20) ? { ...definition.inputs, mode: tape.pick("a", "b") } : definition.inputs;
  return { ...definition, limits, workflow, skip, inputs };
}

function randomEdit(tape: Tape, workflow: Workflow): Workflow {
  const groups = workflow.groups.map((group) => ({
    ...group,
    maxConcurrent: tape.pick(group.maxConcurrent, null, 1, 2),
    onFailure: tape.pick(group.onFailure, "continue", "fail_fast"),
  }));
  const isNamed = ({ id }: StageDefinition) => workflow.stages.some((one) => names(one).includes(id));
  const loose = workflow.stages.filter((stage) => !isNamed(stage));
  const dropped = tape.chance(30) && workflow.stages.length > 1 ? loose[0] : undefined;
  return {
    ...workflow,
    stages: workflow.stages.filter((stage) => stage !== dropped).map((stage) => editStage(tape, stage)),
    groups: groups.map((group) => ({ ...group, stages: group.stages.filter((id) => id !== dropped?.id) })),
  };
}

function editStage(tape: Tape, stage: StageDefinition): StageDefinition {
  const { when, ...rest } = stage;
  if (tape.chance(15)) return { ...stage, description: `edited ${tape.below(3)}` };
  if (tape.chance(10) && stage.kind !== "acceptance") return { ...stage, checks: [] };
  if (tape.chance(10) && stage.parallelAgents) return { ...stage, parallelAgents: stage.parallelAgents.toReversed() };
  if (tape.chance(5) && stage.requiresAcceptance.length === 0) return { ...stage, needs: stage.needs.slice(1) };
  return tape.chance(10) && when !== undefined ? rest : stage;
}

function names({ needs, requiresAcceptance, reviews, when }: StageDefinition): readonly (string | null)[] {
  return [...needs, ...requiresAcceptance, reviews, ...namedIn(when).stages];
}
