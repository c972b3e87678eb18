import { hasCode, isTroupeError, TroupeError } from "../errors/troupe-error.js";
import type { JournalEntry, RunEvent } from "../model/events.js";
import { type RunId, type Sha256, type TurnId, turnId } from "../model/ids.js";
import type { LogRef, TextRef } from "../model/refs.js";
import type { RunDefinition } from "../model/run.js";
import type { StateStore } from "../plugin/store.js";
import type { RunState } from "../state/run-state.js";
import { applyEntry } from "./load-run.js";

/** Why the journal of a run cannot be read on, and what stands behind that place; null = the store does not tell. */
interface JournalDamage {
  readonly code: "JOURNAL_CORRUPT" | "EVENT_INVALID";
  readonly message: string;
  /** Of the first byte that is given up. */
  readonly offset: number | null;
  /** From there to the end. */
  readonly bytes: number | null;
  /** Intact entries among them. */
  readonly entries: number | null;
}

/** Content that an entry refers to and that the store no longer has. */
interface LostContent {
  /** What it was, for a person. */
  readonly what: string;
  readonly sha256: Sha256;
  readonly code: "BLOB_MISSING" | "BLOB_CORRUPT";
}

/** A log that is not as long as its turn's entry says. */
interface LostLog {
  readonly turn: TurnId;
  readonly bytes: number;
  readonly keptBytes: number;
}

/** What is left of a run: all that a new one can be made of. */
export interface RunSurvey {
  readonly runId: RunId;
  /** The sound beginning of the journal: each entry intact, in order and fitting the ones before it. At least one. */
  readonly entries: readonly JournalEntry[];
  /** null = the journal is sound. */
  readonly damage: JournalDamage | null;
  /** Contents that are there, intact. */
  readonly contents: ReadonlySet<Sha256>;
  readonly lostContents: readonly LostContent[];
  readonly lostLogs: readonly LostLog[];
  /** Turns that have a log and are in no sound entry: they were started behind the damage. */
  readonly turnsGivenUp: readonly TurnId[];
}

/**
 * Reads a run as far as it is sound, with all content and logs that its entries refer to, and changes nothing. Rejects
 * `RUN_NOT_FOUND`, `JOURNAL_NEWER`, and `JOURNAL_CORRUPT` or `EVENT_INVALID` when not even its first entry is sound.
 */
export async function surveyRun(store: StateStore, runId: RunId): Promise<RunSurvey> {
  const { entries, state, damage } = await readSound(store, runId);
  const contents = new Set<Sha256>();
  const lostContents: LostContent[] = [];
  for (const [sha256, what] of contentsOf(entries)) {
    const code = await checkContent(store, runId, sha256);
    if (code === null) contents.add(sha256);
    else lostContents.push({ what, sha256, code });
  }
  const lostLogs: LostLog[] = [];
  for (const { turn, bytes } of logsOf(entries)) {
    const keptBytes = await logBytes(store, runId, turn);
    if (keptBytes < bytes) lostLogs.push({ turn, bytes, keptBytes });
  }
  const turnsGivenUp = damage === null ? [] : await turnsBehind(store, state);
  return { runId, entries, damage, contents, lostContents, lostLogs, turnsGivenUp };
}

interface SoundPart {
  readonly entries: readonly JournalEntry[];
  readonly state: RunState;
  readonly damage: JournalDamage | null;
}

async function readSound(store: StateStore, runId: RunId): Promise<SoundPart> {
  const entries: JournalEntry[] = [];
  let error: unknown = null;
  try {
    for await (const entry of store.read(runId)) entries.push(entry);
  } catch (cause) {
    if (!hasCode(cause, "JOURNAL_CORRUPT")) throw cause;
    error = cause;
  }
  const fitting = fittingPart(entries);
  const damage = fitting.misfit ?? (isTroupeError(error) ? damageOf(error) : null);
  if (fitting.state !== null) return { entries: fitting.entries, state: fitting.state, damage };
  const message = `run ${runId} has no sound entry: there is nothing to go on from`;
  throw new TroupeError(damage?.code ?? "JOURNAL_CORRUPT", message, {
    hint: "Restore its journal from a copy, or start a new run: troupe run objective.md --new",
    details: { runId, offset: damage?.offset ?? 0 },
    cause: error,
  });
}

/** Up to the first entry that tells what cannot have happened. */
function fittingPart(entries: readonly JournalEntry[]): {
  readonly entries: readonly JournalEntry[];
  readonly state: RunState | null;
  readonly misfit: JournalDamage | null;
} {
  let sound = replay(entries);
  if (sound.error === null) return { entries, state: sound.state, misfit: null };
  const { message } = sound.error;
  const fitting = entries.slice(0, sound.count);
  sound = replay(fitting); // the failed entry may have moved the state half-way
  const lost = entries.length - fitting.length;
  const misfit = { code: "EVENT_INVALID", message, offset: null, bytes: null, entries: lost } as const;
  return { entries: fitting, state: sound.state, misfit };
}

function replay(entries: readonly JournalEntry[]): {
  readonly state: RunState | null;
  readonly count: number;
  readonly error: TroupeError | null;
} {
  let state: RunState | null = null;
  let count = 0;
  try {
    for (const entry of entries) {
      state = applyEntry(state, entry);
      count += 1;
    }
  } catch (error) {
    if (!hasCode(error, "EVENT_INVALID")) throw error;
    return { state, count, error };
  }
  return { state, count, error: null };
}

function damageOf({ message, details }: TroupeError): JournalDamage {
  const figure = (name: string): number | null => {
    const value: unknown = details?.[name];
    return typeof value === "number" ? value : null;
  };
  return {
    code: "JOURNAL_CORRUPT",
    message,
    offset: figure("offset"),
    bytes: figure("bytesAfter"),
    entries: figure("entriesAfter"),
  };
}

/** Hashes of everything beside the journal that it refers to, with what it is. */
function contentsOf(entries: readonly JournalEntry[]): ReadonlyMap<Sha256, string> {
  const events = entries.flatMap((entry) => entry.events);
  return new Map(events.flatMap(referredBy).toReversed()); // the first that refers to it names it
}

function referredBy(event: RunEvent): readonly (readonly [Sha256, string])[] {
  switch (event.type) {
    case "run.created":
    case "run.reconfigured": {
      const { objective, templates } = event.definition;
      const ofTemplates = templates.flatMap(({ path, text }) => besides(text, `the prompt template ${path}`));
      return [...besides(objective.text, "the objective"), ...ofTemplates];
    }
    case "approval.denied":
      return besides(event.message, `what ${event.by} said of ${event.turn}`);
    case "turn.settled": {
      const { turn, result } = event;
      const files = result.status === "succeeded" ? result.artifacts : [];
      return [
        ...(result.status === "interrupted" ? [] : besides(result.output, `the output of ${turn}`)),
        ...files.map(({ sha256, name }) => [sha256, `the artifact ${name} of ${turn}`] as const),
      ];
    }
    default:
      return [];
  }
}

function besides(ref: TextRef | null, what: string): readonly (readonly [Sha256, string])[] {
  return ref === null || ref.text !== null ? [] : [[ref.sha256, what]];
}

/** The texts that a run cannot go on without. */
export function textsOf({ objective, templates }: RunDefinition): readonly RunDefinition["objective"]["text"][] {
  return [objective.text, ...templates.map(({ text }) => text)];
}

function logsOf(entries: readonly JournalEntry[]): readonly LogRef[] {
  const settled = entries.flatMap(({ events }) =>
    events.flatMap((event) => (event.type === "turn.settled" ? event : [])),
  );
  return settled.flatMap(({ result }) => result.log ?? []);
}

async function checkContent(store: StateStore, runId: RunId, sha256: Sha256): Promise<LostContent["code"] | null> {
  try {
    for await (const _ of store.blobs.get(runId, sha256)); // verified by the end
    return null;
  } catch (error) {
    if (hasCode(error, "BLOB_MISSING")) return "BLOB_MISSING";
    if (hasCode(error, "BLOB_CORRUPT")) return "BLOB_CORRUPT";
    throw error;
  }
}

async function logBytes(store: StateStore, runId: RunId, turn: TurnId): Promise<number> {
  let bytes = 0;
  for await (const chunk of store.logs.read(runId, turn)) bytes += chunk.length;
  return bytes;
}

/** A stage counts its turns up, so those behind the damage are the next numbers. */
async function turnsBehind(store: StateStore, state: RunState): Promise<readonly TurnId[]> {
  const found: TurnId[] = [];
  for (const [stage, { turns }] of state.stages) {
    for (let n = turns + 1; (await logBytes(store, state.runId, turnId(stage, n))) > 0; n += 1)
      found.push(turnId(stage, n));
  }
  return found;
}
