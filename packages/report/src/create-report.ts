import {
  type ArtifactVersion,
  activeMsOf,
  type Holder,
  type JournalEntry,
  limitUses,
  type RunState,
  type ShownRunStatus,
  type ShownStageStatus,
  type TurnId,
} from "@troupe/core";
import { criticalPathOf } from "./figures.js";
import { processOf } from "./incidents.js";
import { type History, readHistory } from "./read-history.js";
import type { Report, ReportFigures, ReportGroup, ReportIncident, ReportStage, ReportTurn, Span } from "./report.js";
import { shownError } from "./report-error.js";
import { createStages } from "./report-stages.js";
import { turnOf } from "./report-turns.js";

/** What a journal does not tell. */
export interface ReportContext {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** As the store tells; null = nobody works on the run. */
  readonly holder: Holder | null;
  /** The command that goes on with a run, when that is possible. Absent = none is named. */
  readonly next?: (state: RunState) => string;
  /** Where a person finds the log of a turn: a path, or a command. Absent or null = it is not named. */
  readonly logPath?: (turn: TurnId) => string | null;
  /** Where a person finds a version of an artifact. Absent or null = it is not named. */
  readonly artifactPath?: (artifact: ArtifactVersion) => string | null;
}

/**
 * Makes the report on a run from the entries of its journal, all of them and in order. It reads no clock and no file.
 *
 * The figures, in milliseconds, count on the run's *active clock*, which runs while at least one turn is in flight under
 * a living holder. It stands still between claims, from the moment at which a dead holder was last seen, and while
 * everything waits for a retry, for a limit of an agent, or for a person.
 * - `activeMs`: how far that clock has run.
 * - `busyMs`: the sum of what each turn took of it, failed and interrupted ones and those of several agents in one stage
 *   too; so long the same turns would have taken one after another.
 * - `savedMs` = `busyMs` - `activeMs`, never below 0: what running side by side has saved.
 * - `peakTurns`, `peakStages`: most turns in flight, and most stages with one, after any one entry.
 * - `criticalPath`: the chain of stages, each needing the one before, whose active times add up to the most. However many
 *   turns may run at once, the same stages would not have been faster.
 *
 * Throws `JOURNAL_CORRUPT` without an entry, `EVENT_INVALID` or `JOURNAL_NEWER` for entries that do not fit.
 */
export function createReport(entries: Iterable<JournalEntry>, context: ReportContext): Report {
  const history = readHistory(entries);
  const { state } = history;
  const held = context.holder !== null && context.holder.alive !== "dead" ? context.holder : null;
  const isHeld = held !== null;
  const status: ShownRunStatus = state.status === "running" && !isHeld ? "stalled" : state.status;
  const activeMs = activeMsNow(state, isHeld, context.now);
  const turns = history.turns.map((turn) =>
    turnOf(turn, { isHeld, epoch: state.epoch, activeMs, logPath: context.logPath }),
  );
  const stages = createStages(history, { status, activeMs, turns });
  return {
    version: 1,
    runId: state.runId,
    objective: state.definition.objective.title,
    workflow: state.definition.workflow.name,
    source: state.definition.source,
    status,
    limit: state.limit,
    reportedAt: context.now,
    createdAt: state.createdAt,
    updatedAt: state.updatedAt,
    holder: held === null ? null : { pid: held.owner.pid, host: held.owner.host, command: held.owner.command },
    next: canGoOn(state, isHeld) ? (context.next?.(state) ?? null) : null,
    counts: countsOf(stages),
    failures: failuresOf(history, turns),
    unreviewed: unreviewedOf(stages, status),
    stages,
    groups: groupsOf(state, activeMs, turns),
    removed: [...state.vanished].flatMap(([id, stage]) => (stage.turns === 0 ? [] : [{ id, ...stage }])),
    turns,
    rounds: history.rounds,
    artifacts: [...state.stages.values()].flatMap(({ definition, artifacts }) =>
      [...artifacts.values()].map((artifact) => ({
        stage: definition.id,
        name: artifact.name,
        turn: artifact.turn,
        bytes: artifact.bytes,
        sha256: artifact.sha256,
        path: context.artifactPath?.(artifact) ?? null,
      })),
    ),
    waits: history.waits,
    history: [...history.incidents, ...(status === "stalled" ? [lastSeen(state, context)] : [])],
    figures: figuresOf(history, stages, turns, { isHeld, activeMs, now: context.now }),
    usage: state.usage,
    limits: limitUses(state.definition.limits, state.usage, activeMs),
    isAdopted: history.isAdopted,
  };
}

/** Somebody at work needs nobody, but for approvals, which any terminal can give. */
function canGoOn({ status, counts }: RunState, isHeld: boolean): boolean {
  return status !== "succeeded" && (!isHeld || counts.waiting > 0);
}

/** The journal knows the time until its newest entry; a living holder's turns have been in flight ever since. */
function activeMsNow(state: RunState, isHeld: boolean, now: number): number {
  const isActive = isHeld && state.turnsInFlight > 0 && state.inherited.size === 0;
  return isActive ? state.activeMs + Math.max(0, now - state.activeSince) : state.activeMs;
}

function countsOf(stages: readonly ReportStage[]): Record<ShownStageStatus, number> {
  const counts = {
    completed: 0,
    failed: 0,
    running: 0,
    waiting: 0,
    interrupted: 0,
    cancelled: 0,
    skipped: 0,
    pending: 0,
  };
  for (const { status } of stages) counts[status] += 1;
  return counts;
}

function failuresOf({ state }: History, turns: readonly ReportTurn[]): Report["failures"] {
  const lastTurn = new Map(turns.map((turn) => [turn.stage, turn]));
  return [...state.stages.values()].flatMap(({ definition, status, error, failureReport }) => {
    if (status !== "failed" || error === null) return [];
    const last = lastTurn.get(definition.id);
    const { turn = null, log = null } = last ?? {};
    return [{ stage: definition.id, ...shownError(error), turn, log, failureReport }];
  });
}

/** While the run goes on only what will never be reviewed; work that a reviewer has rejected is a failure, not unreviewed. */
function unreviewedOf(stages: readonly ReportStage[], run: ShownRunStatus): Report["unreviewed"] {
  const byId = new Map(stages.map((stage) => [stage.id, stage]));
  return stages.flatMap(({ id, reviews, status, error }) => {
    if (reviews === null || byId.get(reviews)?.status !== "completed" || status === "completed") return [];
    if (error?.code === "REVIEW_REJECTED" || (run === "running" && status !== "skipped")) return [];
    return [{ stage: reviews, review: id, status }];
  });
}

function groupsOf(state: RunState, runActiveMs: number, turns: readonly ReportTurn[]): readonly ReportGroup[] {
  const groupOf = new Map([...state.stages.values()].map(({ definition }) => [definition.id, definition.group]));
  const busy = new Map<string, number>();
  for (const { stage, activeFrom, activeTo } of turns) {
    const group = groupOf.get(stage) ?? null;
    if (group !== null) busy.set(group, (busy.get(group) ?? 0) + activeTo - activeFrom);
  }
  return state.definition.workflow.groups.flatMap(({ name, stages, maxConcurrent, onFailure }) => {
    const group = state.groups.get(name);
    if (group === undefined) return [];
    const activeMs = activeMsOf(group, runActiveMs);
    const busyMs = busy.get(name) ?? 0;
    const savedMs = Math.max(0, busyMs - activeMs);
    return [{ name, stages, maxConcurrent, onFailure, activeMs, busyMs, savedMs, usage: group.usage }];
  });
}

function figuresOf(
  { state, activeSpans, peakTurns, peakStages }: History,
  stages: readonly ReportStage[],
  turns: readonly ReportTurn[],
  { isHeld, activeMs, now }: { readonly isHeld: boolean; readonly activeMs: number; readonly now: number },
): ReportFigures {
  const busyMs = turns.reduce((sum, { activeFrom, activeTo }) => sum + activeTo - activeFrom, 0);
  const until = isHeld ? Math.max(now, state.updatedAt) : state.updatedAt;
  return {
    claims: state.epoch,
    elapsedMs: until - state.createdAt,
    activeMs,
    busyMs,
    savedMs: Math.max(0, busyMs - activeMs),
    peakTurns,
    peakStages,
    criticalPath: criticalPathOf(stages),
    activeSpans: extended(activeSpans, state.activeSince, activeMs - state.activeMs),
  };
}

/** With the time since the newest entry. */
function extended(spans: readonly Span[], since: number, ms: number): readonly Span[] {
  if (ms <= 0) return spans;
  const last = spans.at(-1);
  return last !== undefined && last.to >= since
    ? [...spans.slice(0, -1), { from: last.from, to: since + ms }]
    : [...spans, { from: since, to: since + ms }];
}

/** Of a run that nobody has taken over yet. */
function lastSeen(state: RunState, { holder }: ReportContext): ReportIncident {
  const at = Math.max(state.updatedAt, holder?.renewedAt ?? 0);
  const who = state.owner === null ? "nobody has begun" : `${processOf(state.owner)} was last seen`;
  return { at, type: "died", stage: null, text: who };
}
