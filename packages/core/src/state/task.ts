import type { TurnId } from "../model/ids.js";
import { stageOfTurn } from "../model/ids.js";
import { lookUp } from "../model/look-up.js";
import type { GroupLimit } from "../model/refs.js";
import type { Feedback, TurnTask, WorkUnderReview } from "../model/turn.js";
import type { TurnView } from "../model/view.js";
import { inputsOf, ownedBy } from "./inputs.js";
import { checksOf } from "./next-step.js";
import { answersOf, partOf } from "./parts.js";
import { sessionKey } from "./reduce-turn.js";
import type { RunState, StageRecord } from "./run-state.js";

/** The task of a turn that is in flight; null when it is not (any more), or the run was never claimed. */
export function taskOf(state: RunState, turn: TurnId): TurnTask | null {
  const leaving = state.leaving.get(stageOfTurn(turn));
  const record = leaving ?? state.stages.get(stageOfTurn(turn));
  const inFlight = record?.inFlight.find((flight) => flight.turn === turn);
  if (record === undefined || inFlight === undefined || state.workspace === null) return null;
  const { definition } = record;
  const part = inFlight.kind === "work" ? partOf(record, inFlight.agent) : null;
  const { unfinished } = part ?? record;
  const { objective, templates, inputs } = state.definition;
  return {
    runId: state.runId,
    epoch: inFlight.epoch,
    turn,
    stage: definition,
    kind: inFlight.kind,
    round: inFlight.round,
    attempt: inFlight.attempt,
    agent: inFlight.agent,
    group: leaving === undefined ? groupOf(state, record) : null,
    objective: objective.text,
    objectiveTitle: objective.title,
    template: templates.find(({ path }) => path === definition.promptTemplate)?.text ?? null,
    // of a stage that is left out only the end is awaited
    inputs: leaving === undefined ? inputsOf(state, record) : [],
    owned: leaving === undefined ? ownedBy(state, record) : [],
    underReview: leaving === undefined ? underReview(state, record, inFlight) : null,
    feedback: feedbackFor(record, inFlight),
    checks: inFlight.kind === "check" && leaving === undefined ? checksOf(state, record) : [],
    ...(leaving === undefined ? scenariosFor(state, record, inFlight) : {}),
    lastChecks: leaving === undefined ? lastChecks(state, record) : [],
    skipped: [...state.skipped],
    before: unfinished?.how ?? null,
    beforeTurn: unfinished?.turn ?? null,
    session: inFlight.agent === null ? null : (record.sessions.get(sessionKey(inFlight.kind, inFlight.agent)) ?? null),
    values: inputs,
    workspace: state.workspace,
    ...(part === null ? {} : { others: answersOf(record) }),
  };
}

/** Also when a review has the work of an acceptance stage mended: what it demands must still hold. */
function scenariosFor(state: RunState, { definition }: StageRecord, { kind }: TurnView): Pick<TurnTask, "scenarios"> {
  if (kind !== "check") return {};
  const judged = definition.reviews === null ? definition : lookUp(state.stages, definition.reviews).definition;
  return judged.kind === "acceptance" ? { scenarios: judged.scenarios ?? "shown" } : {};
}

function groupOf(state: RunState, { definition }: StageRecord): GroupLimit | null {
  if (definition.group === null) return null;
  return { name: definition.group, maxConcurrent: lookUp(state.graph.groups, definition.group).maxConcurrent };
}

function underReview(state: RunState, record: StageRecord, { kind }: TurnView): WorkUnderReview | null {
  if (record.definition.kind !== "review" || kind === "work" || kind === "check") return null;
  const reviewed = record.definition.reviews === null ? record : lookUp(state.stages, record.definition.reviews);
  const works = new Set([...answersOf(reviewed), reviewed.work, record.work]);
  const turns = [...works].filter((work) => work !== null);
  return { stage: reviewed.definition.id, name: reviewed.definition.name, turns };
}

/** That a reviewer gave no verdict is nothing that work or fix turns could answer; a failure report tells of it. */
function feedbackFor({ feedback }: StageRecord, { kind }: TurnView): readonly Feedback[] {
  const isAnswered = kind === "work" || kind === "fix";
  return isAnswered ? feedback.filter(({ source }) => source !== "no-verdict") : [...feedback];
}

function lastChecks(state: RunState, { lastChecks: own, definition }: StageRecord): TurnTask["lastChecks"] {
  if (own.length > 0 || definition.reviews === null) return own;
  return lookUp(state.stages, definition.reviews).lastChecks;
}
