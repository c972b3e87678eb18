import type { SerializedError } from "../errors/troupe-error.js";
import type { Owner, RunEvent } from "../model/events.js";
import { validateWorkflow } from "../model/graph.js";
import { type RunId, type StageId, turnId } from "../model/ids.js";
import { lookUp } from "../model/look-up.js";
import type { ArtifactRef, TextRef } from "../model/refs.js";
import type { RunDefinition } from "../model/run.js";
import { satisfiesNeed } from "../model/status.js";
import type { TurnKind, TurnSucceeded, Verdict, Workspace } from "../model/turn.js";
import type { StageDefinition } from "../model/workflow.js";
import { digestOf, inputsOf } from "../state/inputs.js";
import { reduce } from "../state/reduce.js";
import { type RunState, summaryOf } from "../state/run-state.js";
import type { Engine } from "./types.js";

/** What another program has made of a stage; its texts and files are in the store already. */
export type AdoptedStage =
  | {
      readonly stage: StageId;
      readonly status: "completed";
      /** null = a stage that completes without a turn. */
      readonly output: TextRef | null;
      readonly artifacts: readonly ArtifactRef[];
      /** Of a review stage. */
      readonly verdict: Verdict | null;
    }
  | { readonly stage: StageId; readonly status: "skipped" }
  | {
      readonly stage: StageId;
      readonly status: "failed";
      readonly error: SerializedError;
      /** What the next attempt is told, as the output of a check that failed; null = nothing is known. */
      readonly feedback: { readonly command: string; readonly text: TextRef } | null;
    };

/** A run that another program has begun: what is taken over of it. */
export interface Adoption {
  readonly runId: RunId;
  readonly definition: RunDefinition;
  /** In an order in which every stage comes after what it needs; stages left out are pending. */
  readonly stages: readonly AdoptedStage[];
  readonly owner: Owner;
  readonly workspace: Workspace;
}

/**
 * Writes a run whose stages were performed by another program, as one entry: either all of it is there or nothing.
 * Each result is recorded as one turn without usage or log. The run ends as `succeeded` when nothing is left to do, as
 * `failed` with a failed stage, else as `interrupted`: a resume goes on with it. Rejects `RUN_EXISTS`,
 * `WORKFLOW_INVALID`, `EVENT_INVALID` (stages that do not fit the workflow).
 */
export async function adoptRun(
  engine: Pick<Engine, "store" | "clock" | "randomHex">,
  adoption: Adoption,
): Promise<void> {
  const { runId, definition, owner, workspace } = adoption;
  validateWorkflow(definition.workflow);
  const at = engine.clock.now();
  const created: RunEvent = { type: "run.created", runId, definition };
  const state = reduce(null, created, at);
  const events: RunEvent[] = [created];
  const apply = (event: RunEvent): void => {
    reduce(state, event, at);
    events.push(event);
  };
  apply({ type: "run.claimed", epoch: 1, owner, capacity: null, workspace, previousSeenAt: null });
  for (const adopted of adoption.stages) for (const event of eventsOf(state, adopted)) apply(event);
  apply({ type: "run.finished", outcome: outcomeOf(state), limit: null });
  await engine.store.create(runId, { id: engine.randomHex(12), at, events, summary: summaryOf(state) });
}

function outcomeOf({ stages, failed }: RunState): "succeeded" | "failed" | "interrupted" {
  if (failed.size > 0) return "failed";
  return [...stages.values()].every(({ status }) => satisfiesNeed(status)) ? "succeeded" : "interrupted";
}

function* eventsOf(state: RunState, adopted: AdoptedStage): Generator<RunEvent> {
  const { stage } = adopted;
  const { definition } = lookUp(state.stages, stage);
  if (adopted.status === "skipped") {
    yield { type: "stage.skipped", stage, by: "flag" };
  } else if (adopted.status === "failed") {
    const { feedback, error } = adopted;
    if (feedback !== null) {
      const check = { command: feedback.command, passed: false, exitCode: null, durationMs: 0 };
      yield* turn(state, definition, "check", { ...nothing, output: feedback.text, checks: [check] });
    }
    yield { type: "stage.failed", stage, turn: feedback === null ? null : turnId(stage, 1), error };
  } else if (adopted.output === null) {
    yield { type: "stage.completed", stage, turn: null };
  } else {
    const { output, artifacts, verdict } = adopted;
    const result: TurnSucceeded = { ...nothing, output, artifacts, ...(verdict === null ? {} : { verdict }) };
    yield* turn(state, definition, verdict === null ? "work" : "review", result);
    const done = turnId(stage, 1);
    if (verdict !== null) yield { type: "review.concluded", stage, round: 1, turn: done, verdict };
    yield { type: "stage.completed", stage, turn: done };
  }
}

/** Nobody knows what it cost or where it was logged. */
const nothing = { status: "succeeded", log: null, usage: null, session: null, artifacts: [] } as const;

function* turn(
  state: RunState,
  { id, workAgent, reviewAgent, parallelAgents }: StageDefinition,
  kind: TurnKind,
  result: TurnSucceeded,
): Generator<RunEvent> {
  const record = lookUp(state.stages, id);
  yield {
    type: "turn.started",
    turn: turnId(id, 1),
    stage: id,
    kind,
    round: 1,
    attempt: 1,
    agent: kind === "review" ? reviewAgent : kind === "work" ? (parallelAgents?.[0] ?? workAgent) : null,
    fingerprint: state.definition.fingerprints[id] ?? "",
    inputs: inputsOf(state, record).map(digestOf),
    session: null,
  };
  yield { type: "turn.settled", turn: turnId(id, 1), result };
}
