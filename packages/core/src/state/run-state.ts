import type { EventOf, LimitName, Owner, ResetCause } from "../model/events.js";
import type { AgentId, GroupName, RunId, StageId, TurnId } from "../model/ids.js";
import { itemAt, lookUp } from "../model/look-up.js";
import type { TextRef } from "../model/refs.js";
import type { RunDefinition, RunSummary } from "../model/run.js";
import { NO_USAGE } from "../model/spending.js";
import type { RunStatus, StageStatus } from "../model/status.js";
import type { Feedback, TurnResult, Verdict, Workspace } from "../model/turn.js";
import type { ArtifactVersion, RunStateView, StageView, TurnView, UsageTotals, WorkPartView } from "../model/view.js";
import type { StageDefinition } from "../model/workflow.js";
import { type WorkflowGraph, workflowGraph } from "../model/workflow-graph.js";

/** The newest settled turn of a stage since its last reset. */
export interface SettledTurn {
  readonly turn: TurnView;
  readonly result: TurnResult;
  /** When it settled, ms since the epoch. */
  readonly at: number;
  /** How its review was concluded, or that a person has denied its result. */
  readonly verdict: Verdict | null;
}

/** What decides whether and when a turn is tried again. Of a stage, or of one agent's part of its work. */
export interface Attempts {
  last: SettledTurn | null;
  /** The newest turn that did not succeed, if nothing has succeeded since: its files may lie about. Survives a reset. */
  unfinished: { readonly turn: TurnId; readonly how: "crashed" | "failed" | "interrupted" } | null;
  /** Starts of the turn that is in flight or comes next: 1 = the first. */
  starts: number;
  /** Failures of this turn that used an attempt. */
  failures: number;
  /** Failures of this turn in a row at a limit that named no time: they used none. */
  limits: number;
  /** Crashes of the runner in a row while this turn was in flight. */
  crashes: number;
  /** Since when the turn waits for limits to reset. */
  waitingSince: number | null;
  /** When it is tried again, when a retry waits. */
  retryAt: number | null;
}

/** What one of several agents does of the work of its stage. */
export interface WorkPart extends Attempts, WorkPartView {
  last: SettledTurn | null;
  turn: TurnView | null;
  retryAt: number | null;
}

/** What turns have used, on its way: {@link Spending}. */
export interface SpendingRecord {
  usage: UsageTotals;
  activeMs: number;
  activeFrom: number | null;
}

export interface GroupRecord extends SpendingRecord {
  readonly name: GroupName;
}

/**
 * Everything known of one stage; `reduce` alone changes it. Lists and maps are replaced, never changed: those that are
 * empty are shared by all stages, since a run of 100,000 stages would hold as many of each.
 */
export interface StageRecord extends StageView, Attempts, SpendingRecord {
  usage: UsageTotals;
  activeMs: number;
  activeFrom: number | null;
  definition: StageDefinition;
  /** In the declared order, from 0. */
  position: number;
  status: StageStatus;
  round: number;
  turns: number;
  inFlight: readonly TurnView[];
  retryAt: number | null;
  startedAt: number | null;
  endedAt: number | null;
  lastVerdict: StageView["lastVerdict"];
  lastChecks: StageView["lastChecks"];
  feedback: readonly Feedback[];
  output: TextRef | null;
  artifacts: ReadonlyMap<string, ArtifactVersion>;
  error: StageView["error"];
  cancelledBy: StageView["cancelledBy"];
  awaitingApproval: TurnId | null;
  failureReport: string | null;
  /** Stages it waits for that are neither completed nor skipped. */
  needsLeft: number;
  /** The turn that left `output`, unless the stage was reset since. */
  outputTurn: TurnId | null;
  /** The newest settled turn; of a stage with several agents none before all have done their part. */
  last: SettledTurn | null;
  /** Fix turns ever settled with success. */
  fixes: number;
  /** The newest output of a work or fix turn; of several agents' work it is in their parts. */
  work: { readonly turn: TurnId; readonly output: TextRef } | null;
  parts: ReadonlyMap<AgentId, WorkPart>;
  /** `role:agent` to session. */
  sessions: ReadonlyMap<string, string>;
  approved: TurnId | null;
  /** The person at the terminal of this claim's holder has left the question about this turn open. */
  deferred: TurnId | null;
  /** Which rule skipped it, when it is skipped. */
  skippedBy: EventOf<"stage.skipped">["by"] | null;
  /** Starts anew when its turn in flight, of an earlier claim, has settled. */
  pendingReset: ResetCause | null;
  /** Which queue it stands in. */
  queue: "none" | "outcome" | "delayed" | "turn";
}

/** Stages that want a turn, of one group or of none. */
export interface ReadyStages {
  /** Between two turns: they go first. */
  readonly resuming: Set<StageId>;
  readonly fresh: Set<StageId>;
  /** Pending stages that need no turn: skipped, terminal or failing at once. */
  readonly effortless: Set<StageId>;
}

/**
 * The index of a run that `reduce` moves on in place: what an event does not concern is not touched, so the work per
 * event does not grow with the run. One writer owns it; after a conflict it is built again from the entries.
 */
export interface RunState extends RunStateView {
  readonly runId: RunId;
  definition: RunDefinition;
  graph: WorkflowGraph;
  status: RunStatus;
  limit: LimitName | null;
  epoch: number;
  owner: Owner | null;
  capacity: number | null;
  workspace: Workspace | null;
  attended: boolean;
  readonly createdAt: number;
  updatedAt: number;
  stages: Map<StageId, StageRecord>;
  groups: Map<GroupName, GroupRecord>;
  /** Of stages that a new definition has left out: should such a stage come back, it counts on from there. */
  readonly vanished: Map<StageId, Pick<StageRecord, "turns" | "usage" | "activeMs">>;
  /** Stages that a new definition has left out while a turn of an earlier claim was in flight: until it settles. */
  readonly leaving: Map<StageId, StageRecord>;
  counts: Record<StageStatus, number>;
  turnsInFlight: number;
  /** Turns in flight that an earlier claim started. */
  readonly inherited: Set<TurnId>;
  readonly failed: Set<StageId>;
  readonly failedByGroup: Map<GroupName | null, number>;
  readonly inFlightByGroup: Map<GroupName, number>;
  /** Running and waiting stages. */
  readonly active: Set<StageId>;
  readonly skipped: Set<StageId>;
  /** Stages with something to be said of them that needs no turn. */
  readonly outcomes: Set<StageId>;
  readonly delayed: Set<StageId>;
  readonly ready: Map<GroupName | null, ReadyStages>;
  usage: UsageTotals;
  readonly nearedLimits: Map<LimitName, number>;
  cancelRequested: boolean;
  stopRequested: boolean;
  until: StageId | null;
  /** What the newest claim performs; null = the whole run. */
  within: ReadonlySet<StageId> | null;
  activeMs: number;
  /** Until when `activeMs` has been counted, ms since the epoch. */
  activeSince: number;
}

/** No stage in any state. */
export function noCounts(): Record<StageStatus, number> {
  return { pending: 0, running: 0, waiting: 0, failed: 0, cancelled: 0, completed: 0, skipped: 0 };
}

/** The state after a journal's first event; `indexStages` fills its counters and queues. */
export function initialState(event: EventOf<"run.created">, at: number): RunState {
  const { workflow, expectedMs } = event.definition;
  const stages = new Map<StageId, StageRecord>();
  for (const [position, stage] of workflow.stages.entries()) stages.set(stage.id, newRecord(stage, position));
  const graph = workflowGraph(workflow, (id) => stages.get(id)?.position, expectedMs);
  return {
    runId: event.runId,
    definition: event.definition,
    graph,
    status: "running",
    limit: null,
    epoch: 0,
    owner: null,
    capacity: null,
    workspace: null,
    attended: false,
    createdAt: at,
    updatedAt: at,
    stages,
    groups: new Map([...graph.groups.keys()].map((name) => [name, newGroup(name)])),
    vanished: new Map(),
    leaving: new Map(),
    counts: noCounts(),
    turnsInFlight: 0,
    inherited: new Set(),
    failed: new Set(),
    failedByGroup: new Map(),
    inFlightByGroup: new Map(),
    active: new Set(),
    skipped: new Set(),
    outcomes: new Set(),
    delayed: new Set(),
    ready: new Map(),
    usage: NO_USAGE,
    nearedLimits: new Map(),
    cancelRequested: false,
    stopRequested: false,
    until: null,
    within: null,
    activeMs: 0,
    activeSince: at,
  };
}

/** A group that has used nothing. */
export function newGroup(name: GroupName): GroupRecord {
  return { name, usage: NO_USAGE, activeMs: 0, activeFrom: null };
}

/** Shared by all records, and never changed. */
export const NOTHING: readonly never[] = Object.freeze([]);
export const NO_ENTRIES: ReadonlyMap<string, never> = new Map<string, never>();

/** A stage that nothing has happened to. */
export function newRecord(definition: StageDefinition, position: number): StageRecord {
  return {
    usage: NO_USAGE,
    activeMs: 0,
    activeFrom: null,
    definition,
    position,
    status: "pending",
    round: 0,
    turns: 0,
    inFlight: NOTHING,
    retryAt: null,
    startedAt: null,
    endedAt: null,
    lastVerdict: null,
    lastChecks: NOTHING,
    feedback: NOTHING,
    output: null,
    artifacts: NO_ENTRIES,
    error: null,
    cancelledBy: null,
    awaitingApproval: null,
    failureReport: null,
    needsLeft: 0,
    outputTurn: null,
    last: null,
    unfinished: null,
    starts: 0,
    failures: 0,
    limits: 0,
    crashes: 0,
    waitingSince: null,
    fixes: 0,
    work: null,
    parts: NO_ENTRIES,
    sessions: NO_ENTRIES,
    approved: null,
    deferred: null,
    skippedBy: null,
    pendingReset: null,
    queue: "none",
  };
}

/** The record of the stage at a position of the declared order. */
export function recordAt({ definition, stages }: RunState, position: number): StageRecord {
  return lookUp(stages, itemAt(definition.workflow.stages, position).id);
}

/** One line of a listing; made with every entry, so it costs nothing that grows. */
export function summaryOf(state: RunState): RunSummary {
  return {
    runId: state.runId,
    workflow: state.definition.workflow.name,
    objective: state.definition.objective.title,
    status: state.status,
    createdAt: state.createdAt,
    updatedAt: state.updatedAt,
  };
}
