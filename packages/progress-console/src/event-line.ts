import {
  type EventOf,
  type JournalEntry,
  limitWord,
  type RunEvent,
  type RunStateView,
  type StageId,
  type StageView,
  sanitizeLine,
  stageOfTurn,
  stageWait,
  type TurnId,
  type TurnResult,
  type TurnView,
} from "@troupe/core";
import type { RowStatus } from "./console-model.js";
import { formatCountOf, formatDuration, formatTally, formatTurnUsage, formatUsage, formatWarning } from "./format.js";
import type { Glyphs } from "./glyphs.js";
import { type Segment, segment, type Tone } from "./segment.js";
import { describeError, maxRoundsOf, workName } from "./stage-note.js";
import type { WallClock } from "./wall-clock.js";

/** A journal event as a line. */
export interface EventLine {
  readonly segments: readonly Segment[];
  /** It stays on the screen when rows are drawn live; the others only show in the rows. */
  readonly isLasting: boolean;
}

export interface LineContext {
  readonly entry: JournalEntry;
  /** After the whole entry. */
  readonly state: RunStateView;
  readonly wallClock: WallClock;
  readonly glyphs: Glyphs;
  /** As it was before the entry. */
  turnInFlight(turn: TurnId): TurnView | null;
}

/** Null for an event that says nothing to a person, or whose type is not known. */
export function eventLine(event: RunEvent, context: LineContext): EventLine | null {
  switch (event.type) {
    case "run.created":
      return null; // what there is to know of it is said when it starts
    case "run.reconfigured":
      // a limit may be all that changed: what was there before is not told to a reporter
      return lasting("the run goes on with changed settings");
    case "run.claimed":
      return lasting(claimed(event, context));
    case "run.stop-requested":
      return lasting(`asked to stop (${sanitizeLine(event.by)}): turns are being ended`, "wait");
    case "run.cancel-requested":
      return lasting(`cancelled by ${sanitizeLine(event.by)}${saying(event.message)}`, "wait");
    case "run.finished":
      return finished(event, context);
    case "limit.neared":
      return lasting(`warning: ${formatWarning(event)}`, "wait");
    case "turn.started":
      return passing(event.stage, started(event, context), context);
    case "turn.settled":
      return passing(stageOfTurn(event.turn), settled(event, context), context);
    case "review.concluded":
      return passing(event.stage, concluded(event, context), context);
    default:
      return stageLine(event, context);
  }
}

function stageLine(event: RunEvent, context: LineContext): EventLine | null {
  switch (event.type) {
    case "approval.requested":
      return ofStage(event.stage, ["approval", "wait"], `waits for the approval of ${event.turn}`, context);
    case "approval.granted":
      return ofStage(event.stage, ["pending", "plain"], `approved by ${byWhom(event.by, event.message)}`, context);
    case "approval.denied":
      return ofStage(event.stage, ["pending", "wait"], `rejected by ${byWhom(event.by, event.message.text)}`, context);
    case "approval.deferred":
      return ofStage(event.stage, ["pending", "wait"], `left for later by ${sanitizeLine(event.by)}`, context);
    case "stage.completed":
      return ofStage(event.stage, ["completed", "good"], completed(event.stage, context), context);
    case "stage.failed":
      return ofStage(event.stage, ["failed", "bad"], failed(event, context), context);
    case "stage.cancelled":
      return ofStage(event.stage, ["cancelled", "bad"], cancelled(event), context);
    case "stage.skipped":
      return ofStage(
        event.stage,
        ["skipped", "dim"],
        event.by === "flag" ? "skipped as asked" : "skipped by its condition",
        context,
      );
    case "stage.reset":
      return passing(event.stage, `starts anew (${event.cause})`, context);
    default:
      return null;
  }
}

/** `[group] Name (ID)`: the id is what commands take. */
export function stageLabel(stage: StageId, view: StageView | undefined): string {
  const id = sanitizeLine(stage);
  const name = sanitizeLine(view?.definition.name ?? stage);
  const group = view?.definition.group ?? null;
  return `${group === null ? "" : `[${sanitizeLine(group)}] `}${name === id ? id : `${name} (${id})`}`;
}

function lasting(text: string, tone: Tone = "plain"): EventLine {
  return { segments: [segment(text, tone)], isLasting: true };
}

function passing(stage: StageId, text: string, { state }: LineContext): EventLine {
  return { segments: [segment(`${stageLabel(stage, state.stages.get(stage))}: ${text}`)], isLasting: false };
}

function ofStage(
  stage: StageId,
  [status, tone]: readonly [RowStatus, Tone],
  text: string,
  { state, glyphs }: LineContext,
): EventLine {
  const mark = glyphs.marks[status];
  const label = segment(`${stageLabel(stage, state.stages.get(stage))} `, "name");
  return {
    segments: [
      ...(mark === "" ? [] : [segment(`${mark} `, tone)]),
      label,
      segment(text, tone === "good" ? "plain" : tone),
    ],
    isLasting: true,
  };
}

function claimed({ epoch }: EventOf<"run.claimed">, context: LineContext): string {
  const { counts, stages } = context.state;
  if (epoch === 1) return runHead("started", context);
  return `${runHead("taken up again", context)}: ${counts.completed + counts.skipped}/${stages.size} stages done before`;
}

function runHead(what: string, { state }: LineContext): string {
  const { workflow, objective } = state.definition;
  const title = `"${sanitizeLine(objective.title)}"`;
  return `run ${state.runId} ${what}: ${title}, workflow ${sanitizeLine(workflow.name)}, ${formatCountOf(state.stages.size, "stage")}`;
}

function finished({ outcome, limit }: EventOf<"run.finished">, { state }: LineContext): EventLine {
  const { counts, stages, usage, definition } = state;
  const names = [...state.failed].map((stage) => sanitizeLine(stage));
  const parts = [
    `${counts.completed + counts.skipped}/${stages.size} stages done`,
    ...(names.length === 0 ? [] : [`failed: ${names.join(", ")}`]),
    ...formatTally(counts.cancelled, "cancelled"),
    ...formatTally(counts.waiting, "waiting for approval"),
    formatDuration(state.activeMs),
    ...formatUsage(usage, definition.limits),
  ];
  const by = limit === null ? "" : `${outcome === "failed" ? " and stopped" : ""} by its ${limitWord(limit)} limit`;
  const tone = outcome === "succeeded" ? "good" : outcome === "failed" ? "bad" : "wait";
  return {
    segments: [segment(`run ${state.runId} ${outcome}${by}`, tone), segment(`: ${parts.join(", ")}`)],
    isLasting: true,
  };
}

function started(event: EventOf<"turn.started">, { state }: LineContext): string {
  const definition = state.stages.get(event.stage)?.definition;
  const maxRounds = definition === undefined ? null : maxRoundsOf(definition);
  const kind = definition === undefined ? event.kind : workName(definition, event.kind);
  return [
    `${kind}${event.agent === null ? "" : ` by ${sanitizeLine(event.agent)}`} started`,
    ...(maxRounds === null ? [] : [`round ${event.round}/${maxRounds}`]),
    ...(event.attempt > 1 ? [`attempt ${event.attempt}`] : []),
  ].join(", ");
}

function settled({ turn, result }: EventOf<"turn.settled">, context: LineContext): string {
  const { entry, state, wallClock } = context;
  const flight = context.turnInFlight(turn);
  const view = state.stages.get(stageOfTurn(turn));
  const kind = flight === null ? "turn" : view === undefined ? flight.kind : workName(view.definition, flight.kind);
  // found at the next claim: the time between says nothing of how long the turn ran
  const isCrashed = result.status === "interrupted" && result.reason === "crashed";
  const after = flight === null || isCrashed ? "" : ` after ${formatDuration(entry.at - flight.startedAt)}`;
  const told = flight?.agent === null ? [] : formatTurnUsage(result.usage); // commands cost nothing
  const used = told.map((part) => `, ${part}`).join("");
  const wait = view === undefined ? null : stageWait(view);
  const again =
    wait === null ? "" : `; waits until ${wallClock.until(wait.until, entry.at)}${wait.isNamed ? "" : " to try again"}`;
  if (result.status !== "failed") return `${kind} ${ending(result, `${after}${used}`)}`;
  // why stands where the stage fails, if it does
  const isLast = entry.events.some((event) => event.type === "stage.failed" && event.stage === stageOfTurn(turn));
  const why = isLast ? "" : `: ${describeError(result.error)}${hinting(result.error.hint)}`;
  return `${kind} failed${after}${used}${why}${again}`;
}

function ending(result: Exclude<TurnResult, { status: "failed" }>, after: string): string {
  if (result.status === "interrupted") return `interrupted${after}: ${result.reason}`;
  const { checks } = result;
  if (checks === undefined) return `ended${after}`;
  const broken = checks.filter(({ passed }) => !passed);
  if (broken.length === 0) return `passed${after}: ${checks.length} of ${checks.length}`;
  const named = broken.map(
    ({ command, exitCode, problem }) =>
      // of what exits with 0 only its problem tells why it failed
      `${sanitizeLine(command)} (${sanitizeLine(problem ?? (exitCode === null ? "no exit code" : `exit code ${exitCode}`))})`,
  );
  return `failed${after}: ${named.join(", ")}`;
}

function concluded({ stage, round, verdict }: EventOf<"review.concluded">, { state }: LineContext): string {
  const maxRounds = state.stages.get(stage)?.definition.maxRounds;
  const reasons = verdict.reasons.map((reason) => sanitizeLine(reason)).join("; ");
  const of = maxRounds === undefined ? "" : `/${maxRounds}`;
  return `round ${round}${of} ${verdict.decision}${reasons === "" ? "" : `: ${reasons}`}`;
}

function completed(stage: StageId, { state }: LineContext): string {
  const view = state.stages.get(stage);
  const verdict = view?.lastVerdict?.decision === "approved" ? `, approved in round ${view.round}` : "";
  return `completed${took(view)}${verdict}`;
}

function failed({ stage, error }: EventOf<"stage.failed">, { state }: LineContext): string {
  const view = state.stages.get(stage);
  const report = view?.failureReport ?? null;
  const see = report === null ? "" : `; report: ${sanitizeLine(report)}`;
  return `failed${took(view, "after")}: ${describeError(error)}${hinting(error.hint)}${see}`;
}

function cancelled({ cause }: EventOf<"stage.cancelled">): string {
  return cause.by === "request" ? "cancelled on request" : `cancelled because ${sanitizeLine(cause.stage)} failed`;
}

function took(view: StageView | undefined, word = "in"): string {
  if (view === undefined || view.startedAt === null || view.endedAt === null) return "";
  return ` ${word} ${formatDuration(view.endedAt - view.startedAt)}`;
}

function hinting(hint: string | null): string {
  return hint === null ? "" : `; hint: ${sanitizeLine(hint)}`;
}

function byWhom(by: string, message: string | null): string {
  return `${sanitizeLine(by)}${saying(message)}`;
}

function saying(message: string | null): string {
  return message === null || message === "" ? "" : `: ${sanitizeLine(message)}`;
}
