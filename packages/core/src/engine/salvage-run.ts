import { TroupeError } from "../errors/troupe-error.js";
import { eachBehind } from "../model/edges.js";
import type { EventOf, JournalEntry, NewEntry, RunEvent } from "../model/events.js";
import { type RunId, type Sha256, type StageId, type TurnId, turnId } from "../model/ids.js";
import { lookUp } from "../model/look-up.js";
import type { LogRef, TextRef } from "../model/refs.js";
import type { RunDefinition } from "../model/run.js";
import type { TurnResult } from "../model/turn.js";
import type { StateStore } from "../plugin/store.js";
import { reduce } from "../state/reduce.js";
import { type RunState, recordAt, type StageRecord, summaryOf } from "../state/run-state.js";
import { applyEntry } from "./load-run.js";
import { type RunSurvey, textsOf } from "./survey-run.js";
import { sha256 } from "./text.js";
import type { Engine } from "./types.js";

const LEASE_TTL_MS = 30_000;

export interface SalvageOptions {
  readonly newRunId: RunId;
  readonly randomHex: (bytes: number) => string;
  /** Of a file below the run's folder, in the new run's; default: it stays where it was. */
  readonly movePath?: (path: string) => string;
}

/** A new journal made of what is left of a run. */
export interface SalvagePlan {
  readonly survey: RunSurvey;
  /** The entries to append, from the first; logs are as the damaged run has them. */
  readonly entries: readonly NewEntry[];
  /** Stages that start anew although the sound part of the journal has more of them: their content is lost. */
  readonly resets: readonly EventOf<"stage.reset">[];
  /** What the new run begins with. */
  readonly state: RunState;
}

/**
 * Makes the journal of a new run out of what is sound, without any effect. The new journal refers only to content that
 * is there. A stage whose newest result, artifact or feedback is lost starts anew, with all that was built upon it; an
 * older version that is lost, or a log, only leaves the journal. Throws `BLOB_MISSING` when the objective or a prompt
 * template is lost, without which nothing can go on.
 */
export function planSalvage(survey: RunSurvey, options: SalvageOptions): SalvagePlan {
  const lost = new Set(survey.lostContents.map((content) => content.sha256));
  const resets = resetsFor(survey, lost);
  const entries: NewEntry[] = [];
  let state: RunState | null = null;
  for (const entry of survey.entries) {
    const events = entry.events
      .filter((event) => resets.length === 0 || !isSuccess(event)) // what has succeeded is never opened again
      .map((event) => changed(event, lost, options));
    if (events.length === 0) continue;
    state = applyEntry(state, { ...entry, events });
    if (state !== null) entries.push({ id: entry.id, at: entry.at, events, summary: summaryOf(state) });
  }
  const last = survey.entries.at(-1);
  if (state === null || last === undefined) throw new Error("a survey has at least one entry");
  if (resets.length > 0) {
    const at = state.updatedAt;
    const events = [...endings(state, resets), ...resets];
    for (const event of events) reduce(state, event, at);
    entries.push({ id: options.randomHex(12), at, events, summary: summaryOf(state) });
  }
  return { survey, entries, resets, state };
}

/**
 * Writes the new run: first its content, then its journal with the logs. Until the last entry is durable its summary
 * says `cancelled`, so that nobody goes on by mistake with a repair that a crash cut off; one that fails is removed.
 * The damaged run is only read. Rejects `RUN_EXISTS`, `STORE_FULL`, `STORE_FAILED`.
 */
export async function salvageRun({ store }: Pick<Engine, "store">, plan: SalvagePlan, command: string): Promise<void> {
  const { survey, entries, state } = plan;
  const { runId } = state;
  const [first, ...rest] = entries.map((entry, index) => (index < entries.length - 1 ? veiled(entry) : entry));
  if (first === undefined) throw new Error("a plan has at least one entry");
  for (const hash of survey.contents) await store.blobs.put(runId, store.blobs.get(survey.runId, hash));
  let { seq } = await store.create(runId, first);
  try {
    await using _held = await store.acquireLease(runId, { command, ttlMs: LEASE_TTL_MS });
    const logs = await copyLogs(store, survey.runId, state);
    for (const entry of rest) {
      const events = entry.events.map((event) => withLog(event, logs));
      ({ seq } = await store.append(runId, seq, { ...entry, events }));
    }
  } catch (error) {
    await store.remove(runId).catch(() => {}); // the first error is the one to report
    throw error;
  }
}

function veiled(entry: NewEntry): NewEntry {
  return { ...entry, summary: { ...entry.summary, status: "cancelled" } };
}

function isSuccess(event: RunEvent): boolean {
  return event.type === "run.finished" && event.outcome === "succeeded";
}

/** Stages whose content is lost, and everything that was built upon them. */
function resetsFor({ entries, runId }: RunSurvey, lost: ReadonlySet<Sha256>): readonly EventOf<"stage.reset">[] {
  if (lost.size === 0) return [];
  const state = entries.reduce<RunState | null>((before: RunState | null, entry: JournalEntry) => {
    return applyEntry(before, entry);
  }, null);
  if (state === null) return [];
  if (textsOf(state.definition).some((text) => isLost(text, lost))) throw withoutObjective(runId);
  const hit = [...state.stages].filter(([, record]) => hasLost(record, lost)).map(([id]) => id);
  const cause = new Map<StageId, "forced" | "upstream">(hit.map((id) => [id, "forced"]));
  for (const [id] of cause) {
    eachBehind(state.graph.dependents, lookUp(state.stages, id).position, (position) => {
      const dependent = recordAt(state, position).definition.id;
      if (!cause.has(dependent)) cause.set(dependent, "upstream");
    });
  }
  return [...state.stages.values()].flatMap(({ definition: { id }, status }) => {
    const why = status === "pending" ? undefined : cause.get(id);
    return why === undefined ? [] : { type: "stage.reset", stage: id, cause: why };
  });
}

function hasLost({ output, work, artifacts, feedback }: StageRecord, lost: ReadonlySet<Sha256>): boolean {
  const texts = [output, work?.output ?? null, ...feedback.map(({ text }) => text)];
  if (texts.some((text) => text !== null && isLost(text, lost))) return true;
  return [...artifacts.values()].some((artifact) => lost.has(artifact.sha256));
}

function isLost(ref: TextRef, lost: ReadonlySet<Sha256>): boolean {
  return ref.text === null && lost.has(ref.sha256);
}

/** A turn in flight cannot be in a stage that starts anew; nothing of it runs any more. */
function endings(state: RunState, resets: readonly EventOf<"stage.reset">[]): readonly RunEvent[] {
  const turns = resets.flatMap(({ stage }) => lookUp(state.stages, stage).inFlight);
  const result = { status: "interrupted", reason: "crashed", log: null, usage: null, session: null } as const;
  return turns.map(({ turn }) => ({ type: "turn.settled", turn, result }));
}

/** The event as the new run has it: under its id, referring to nothing that is lost. */
function changed(event: RunEvent, lost: ReadonlySet<Sha256>, options: SalvageOptions): RunEvent {
  switch (event.type) {
    case "run.created":
      return { ...event, runId: options.newRunId, definition: withoutLost(event.definition, lost) };
    case "run.reconfigured":
      return { ...event, definition: withoutLost(event.definition, lost) };
    case "approval.denied":
      return { ...event, message: standIn(event.message, lost) };
    case "turn.settled":
      return { ...event, result: resultWithoutLost(event.result, lost, options) };
    default:
      return event;
  }
}

function withoutLost(definition: RunDefinition, lost: ReadonlySet<Sha256>): RunDefinition {
  const { objective, templates } = definition;
  return {
    ...definition,
    objective: { ...objective, text: standIn(objective.text, lost) },
    templates: templates.map((template) => ({ ...template, text: standIn(template.text, lost) })),
  };
}

function resultWithoutLost(result: TurnResult, lost: ReadonlySet<Sha256>, { movePath }: SalvageOptions): TurnResult {
  if (result.status === "interrupted") return result;
  if (result.status === "failed") {
    return { ...result, output: result.output === null ? null : standIn(result.output, lost) };
  }
  const { failureReport } = result;
  return {
    ...result,
    output: standIn(result.output, lost),
    artifacts: result.artifacts.filter((artifact) => !lost.has(artifact.sha256)),
    ...(failureReport === undefined ? {} : { failureReport: movePath?.(failureReport) ?? failureReport }),
  };
}

/** What stands where a lost text stood: whoever reads it is told. */
function standIn(ref: TextRef, lost: ReadonlySet<Sha256>): TextRef {
  if (!isLost(ref, lost)) return ref;
  const text = `[A text of ${ref.bytes} bytes stood here. It was lost before this run was repaired.]`;
  return { sha256: sha256(text), bytes: Buffer.byteLength(text), text };
}

function withLog(event: RunEvent, logs: ReadonlyMap<TurnId, LogRef>): RunEvent {
  if (event.type !== "turn.settled" || event.result.log === null) return event;
  const { truncated } = event.result.log;
  const log = logs.get(event.turn) ?? null;
  return { ...event, result: { ...event.result, log: log && { ...log, truncated: truncated || log.truncated } } };
}

/** Logs of all turns that the new journal knows; what is not there any more has no log in the new run. */
async function copyLogs(store: StateStore, from: RunId, state: RunState): Promise<ReadonlyMap<TurnId, LogRef>> {
  const logs = new Map<TurnId, LogRef>();
  for (const [stage, { turns }] of state.stages) {
    for (let n = 1; n <= turns; n += 1) {
      const ref = await copyLog(store, from, state.runId, turnId(stage, n));
      if (ref.bytes > 0) logs.set(ref.turn, ref);
    }
  }
  return logs;
}

async function copyLog(store: StateStore, from: RunId, to: RunId, turn: TurnId): Promise<LogRef> {
  const log = await store.logs.open(to, turn);
  for await (const chunk of store.logs.read(from, turn)) log.write(chunk);
  return await log.close();
}

function withoutObjective(runId: RunId): TroupeError {
  const message = `the objective or a prompt template of run ${runId} is lost: nothing can go on without it`;
  return new TroupeError("BLOB_MISSING", message, {
    hint: `Restore the contents of run ${runId} from a copy, or start a new run: troupe run objective.md --new`,
    details: { runId },
  });
}
