import { TroupeError, unreachable } from "../errors/troupe-error.js";
import { type ConditionFacts, conditionHolds } from "../model/condition.js";
import type { AgentId } from "../model/ids.js";
import { lookUp } from "../model/look-up.js";
import type { RunDefinition } from "../model/run.js";
import type { TurnKind, TurnSucceeded, Verdict } from "../model/turn.js";
import type { CheckDefinition, StageDefinition } from "../model/workflow.js";
import { afterEnd } from "./attempts.js";
import { duePart, isShared, stepOfParts } from "./parts.js";
import type { RunState, SettledTurn, StageRecord } from "./run-state.js";
import { fail, type OutcomeStep, type Step, type TurnStep, turnAgain } from "./step.js";

const NO_VERDICT: Verdict = {
  decision: "rejected",
  reasons: ["the reviewer's text has no verdict"],
  source: "none",
};

/**
 * The next step of a stage that is pending with its needs satisfied, or running between turns: rounds, retries,
 * checks and verdicts are decided here and nowhere else. Null while only a turn in flight or a person moves it on.
 */
export function nextStep(state: RunState, record: StageRecord): Step | null {
  if (record.status === "pending") return record.needsLeft > 0 ? null : firstStep(state, record);
  if (record.status === "waiting") return record.approved === null ? null : { do: "complete", turn: record.approved };
  if (isShared(record)) return stepOfParts(state, record);
  if (record.status !== "running" || record.inFlight.length > 0 || record.last === null) return null;
  const { last } = record;
  const { result } = last;
  switch (result.status) {
    case "interrupted":
    case "failed":
      return afterEnd(record, { ...last, result }, record.definition.retry, state.runId);
    case "succeeded":
      return afterSuccess(state, record, last, result);
    default:
      return unreachable(result);
  }
}

/** The next step of a stage that stands in a queue for turns. */
export function nextTurn(state: RunState, record: StageRecord): TurnStep {
  const step = nextStep(state, record);
  if (step?.do !== "turn") throw misplaced(record, "a turn");
  return step;
}

/** The next step of a stage that stands in a queue for outcomes. */
export function nextOutcome(state: RunState, record: StageRecord): OutcomeStep {
  const step = nextStep(state, record);
  if (step === null || step.do === "turn" || step.do === "delay") throw misplaced(record, "an outcome");
  return step;
}

/** The turn that a delayed stage starts when its time has come, which it has. */
export function dueTurn(state: RunState, record: StageRecord, now: number): TurnStep {
  const due = isShared(record) ? duePart(state, record, now) : record.last && turnAgain(record.last);
  if (due === null) throw misplaced(record, "a retry");
  return due;
}

/** The queues are an index of what {@link nextStep} says; one that says something else would let the run stand still. */
function misplaced({ definition }: StageRecord, what: string): TroupeError {
  return new TroupeError("INTERNAL", `stage ${definition.id} is queued for ${what} that it does not want`);
}

/** The commands that judge the stage's work: after a fix, those of the reviewed stage must hold again. */
export function checksOf(state: RunState, record: StageRecord): readonly CheckDefinition[] {
  const { checks, reviews } = record.definition;
  if (reviews === null || record.fixes === 0) return checks;
  return [...lookUp(state.stages, reviews).definition.checks, ...checks];
}

function firstStep(state: RunState, record: StageRecord): Step {
  const { definition } = record;
  const by = skippedBy(definition, state.definition, (id) => state.stages.get(id)?.status);
  if (by !== null) return { do: "skip", by };
  const open = definition.requiresAcceptance.find((id) => state.stages.get(id)?.status !== "completed");
  if (open !== undefined) {
    const message = `stage ${definition.id} demands passed acceptance tests, and ${open} was not performed`;
    return fail(null, "ACCEPTANCE_NOT_PASSED", message, `Start a run without skipping ${open}.`);
  }
  if (definition.kind === "terminal") return { do: "complete", turn: null };
  if (definition.kind !== "review" || definition.reviews === null) return turn(record, "work", 1);
  return turn(record, checksOf(state, record).length > 0 ? "check" : "review", 1);
}

/** Which rule skips a stage whose needs are satisfied; null = it runs. */
export function skippedBy(
  { id, optional, when }: StageDefinition,
  { skip, inputs }: RunDefinition,
  statusOf: ConditionFacts["statusOf"],
): "flag" | "condition" | null {
  if (optional && skip.includes(id)) return "flag";
  return when === undefined || conditionHolds(when, { inputs, statusOf }) ? null : "condition";
}

function afterSuccess(state: RunState, record: StageRecord, last: SettledTurn, result: TurnSucceeded): Step {
  const { kind, round } = last.turn;
  if (last.verdict?.source === "person") return fixOrFail(state, record, last);
  switch (kind) {
    case "work":
    case "fix":
      return checksOf(state, record).length > 0 ? turn(record, "check", round) : afterChecks(state, record, last);
    case "check":
      return checksPassed(result) ? afterChecks(state, record, last) : fixOrFail(state, record, last);
    case "review":
      return afterReview(state, record, last, result);
    default:
      return unreachable(kind);
  }
}

/** A check turn without results has judged nothing and passes nothing. */
export function checksPassed(result: TurnSucceeded): boolean {
  return result.checks?.every((check) => check.passed) === true;
}

function afterChecks(state: RunState, record: StageRecord, last: SettledTurn): Step {
  return record.definition.kind === "review" ? turn(record, "review", last.turn.round) : finish(state, record, last);
}

function afterReview(state: RunState, record: StageRecord, last: SettledTurn, result: TurnSucceeded): Step {
  const { turn: id, round } = last.turn;
  if (last.verdict === null) return { do: "conclude", turn: id, round, verdict: result.verdict ?? NO_VERDICT };
  if (last.verdict.decision === "approved") return finish(state, record, last);
  if (last.verdict.source === "none" && round < record.definition.maxRounds) return turn(record, "review", round + 1);
  return fixOrFail(state, record, last);
}

function fixOrFail(state: RunState, record: StageRecord, last: SettledTurn): Step {
  const { maxRounds, workAgent, id } = record.definition;
  const { turn: turnOf, kind, round } = last.turn;
  if (round < maxRounds && workAgent !== null) return turn(record, "fix", round + 1);
  const rounds = round === 1 ? "1 round" : `${round} rounds`;
  const hint = `${record.failureReport === null ? "" : `Read ${record.failureReport}. `}Then: troupe resume ${state.runId}`;
  const details = record.failureReport === null ? {} : { report: record.failureReport };
  return kind === "check" && last.verdict === null
    ? fail(turnOf, "CHECKS_FAILED", `the checks of ${id} still fail after ${rounds}`, hint, details)
    : fail(turnOf, "REVIEW_REJECTED", `${id} was not approved in ${rounds}`, hint, details);
}

function finish(state: RunState, record: StageRecord, last: SettledTurn): Step {
  const { artifacts, approval, id } = record.definition;
  const missing = artifacts.filter((name) => !record.artifacts.has(name));
  if (missing.length > 0) {
    const message = `stage ${id} ended without ${missing.join(", ")} (absent or empty in the artifacts folder)`;
    return fail(last.turn.turn, "ARTIFACT_MISSING", message, `See what it did: troupe logs ${state.runId} ${id}`, {
      missing,
    });
  }
  return { do: approval ? "ask" : "complete", turn: last.turn.turn };
}

function turn(record: StageRecord, kind: TurnKind, round: number): Step {
  return { do: "turn", kind, round, agent: agentFor(record, kind) };
}

function agentFor(record: StageRecord, kind: TurnKind): AgentId | null {
  if (kind === "check") return null;
  const { reviewAgent, workAgent, parallelAgents } = record.definition;
  if (kind === "review") return reviewAgent;
  return kind === "work" ? (parallelAgents?.[0] ?? workAgent) : workAgent;
}
