import {
  isTroupeError,
  type JournalEntry,
  loadRun,
  type RunStateView,
  readText,
  type StageView,
  type StateStore,
} from "@troupe/core";
import { readAll } from "./scripted-runner.js";

/** What a store holds of a run, all of it read and verified. */
export interface RunRecord {
  readonly entries: readonly JournalEntry[];
  readonly state: RunStateView;
  /** What counts in the end, in a form that two runs can be compared by. */
  readonly stages: Readonly<Record<string, StageRecord>>;
  /** Content or logs that should be there and are not. */
  readonly missing: readonly string[];
  /** Whether a listing shows the run, undamaged. */
  readonly isListed: boolean;
}

/** What became of a stage. */
interface StageRecord {
  readonly status: string;
  readonly round: number;
  readonly output: string | null;
  readonly artifacts: Readonly<Record<string, string>>;
  readonly verdict: string | null;
  readonly feedback: readonly string[];
}

/** Rejects as `StateStore.read`. */
export async function readRecord(store: StateStore, runId: string): Promise<RunRecord> {
  const entries: JournalEntry[] = [];
  for await (const entry of store.read(runId)) entries.push(entry);
  const { state } = await loadRun(store, runId);
  const missing: string[] = [];
  const stages: Record<string, StageRecord> = {};
  for (const [id, stage] of state.stages) stages[id] = await readStage(store, runId, stage, missing);
  await readLogs(store, runId, entries, missing);
  let isListed = false;
  for await (const run of store.list()) isListed ||= !run.damaged && run.summary.runId === runId;
  return { entries, state, stages, missing, isListed };
}

async function readStage(
  store: StateStore,
  runId: string,
  { status, round, output, artifacts, lastVerdict, feedback }: StageView,
  missing: string[],
): Promise<StageRecord> {
  const read = (what: string, content: Promise<string>): Promise<string> =>
    content.catch((error: unknown) => {
      missing.push(`${what}: ${isTroupeError(error) ? `${error.code}: ${error.message}` : String(error)}`);
      return "missing";
    });
  const texts: string[] = [];
  for (const { source, text } of feedback) {
    texts.push(`${source}: ${await read("feedback", readText(store.blobs, runId, text))}`);
  }
  const files: Record<string, string> = {};
  for (const [name, { sha256 }] of artifacts) files[name] = await read(name, readAll(store, runId, sha256));
  return {
    status,
    round,
    output: output === null ? null : await read("output", readText(store.blobs, runId, output)),
    artifacts: files,
    verdict: lastVerdict === null ? null : `${lastVerdict.decision}: ${lastVerdict.reasons.join(", ")}`,
    feedback: texts,
  };
}

/** A settled turn names its log, so all of the log is there. */
async function readLogs(
  store: StateStore,
  runId: string,
  entries: readonly JournalEntry[],
  missing: string[],
): Promise<void> {
  for (const event of entries.flatMap(({ events }) => events)) {
    if (event.type !== "turn.settled" || event.result.log === null) continue;
    let bytes = 0;
    for await (const chunk of store.logs.read(runId, event.turn)) bytes += chunk.length;
    if (bytes < event.result.log.bytes) {
      missing.push(`the log of ${event.turn}: ${bytes} of ${event.result.log.bytes} bytes`);
    }
  }
}
