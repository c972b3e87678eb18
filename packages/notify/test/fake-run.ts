import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Clock,
  type CommandLine,
  defineRun,
  defineWorkflow,
  type HookDefinition,
  type JournalEntry,
  type ProgressEvent,
  type ReporterHost,
  type RunEvent,
  type RunState,
  randomHex,
  reduce,
  systemClock,
} from "@troupe/core";
import { onTestFinished } from "vitest";

export interface TestHost extends ReporterHost {
  readonly folder: string;
  readonly warned: string[];
  readonly written: string[];
  /** What the journal has, for `entries`. */
  readonly journal: JournalEntry[];
}

/** A host with a folder of its own. */
export async function createTestHost(
  environment: Readonly<Record<string, string>> = {},
  clock: Clock = HASTY,
): Promise<TestHost> {
  const folder = await mkdtemp(join(tmpdir(), "troupe-notify-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const warned: string[] = [];
  const written: string[] = [];
  const journal: JournalEntry[] = [];
  const sink = {
    write: (text: string) => void written.push(text),
    isTerminal: true,
    size: () => ({ columns: 80, rows: 24 }),
  };
  return {
    folder,
    warned,
    written,
    journal,
    clock,
    randomHex,
    environment: { PATH: process.env.PATH, ...environment },
    streams: { stdout: sink, stderr: sink },
    projectFolder: folder,
    stateFolder: folder,
    logger: { debug() {}, info() {}, warn: (message) => void warned.push(message) },
    runFolder: (runId) => join(folder, "runs", runId),
    async *entries() {
      yield* journal;
    },
  };
}

/** Waits between attempts are over at once; time limits are what they are. */
const HASTY: Clock = {
  ...systemClock,
  wait: (ms, signal) => systemClock.wait(Number.isInteger(Math.log2(ms / 1000)) ? 10 : ms, signal),
};

export type EntryEvent = Extract<ProgressEvent, { readonly type: "entry" }>;

/** A run of one stage whose entries the test makes; they go to the journal of `host` too. */
export function createScript(host: Pick<TestHost, "journal">, runId = "dark-mode-1", at = Date.now()) {
  const workflow = defineWorkflow({ name: "small", stages: [{ id: "SPEC", workAgent: "writer" }] });
  const objective = { title: "Add a dark mode", path: null, text: { text: "x", sha256: "0".repeat(64), bytes: 1 } };
  const definition = defineRun({ workflow, objective });
  const created: RunEvent = { type: "run.created", runId, definition };
  let state: RunState = reduce(null, created, at);
  let seq = 0;
  const entry = (...events: readonly RunEvent[]): EntryEvent => {
    seq += 1;
    const summary = { runId, workflow: "small", objective: "", status: state.status, createdAt: at, updatedAt: at };
    const made = { seq, id: `e${seq}`, at, events, summary };
    if (events[0] !== created) for (const event of events) state = reduce(state, event, at);
    host.journal.push(made);
    return { type: "entry", entry: made, state };
  };
  entry(created);
  return {
    entry,
    get state() {
      return state;
    },
  };
}

export function claimed(epoch = 1): RunEvent {
  const owner = { pid: 1, startTime: null, bootId: null, pidNamespace: null, host: "h", command: "troupe run" };
  return {
    type: "run.claimed",
    epoch,
    owner,
    capacity: 1,
    workspace: { kind: "folder", path: "/" },
    previousSeenAt: null,
  };
}

export const CANCELLED: readonly RunEvent[] = [
  { type: "run.cancel-requested", by: "kim", message: null },
  { type: "stage.cancelled", stage: "SPEC", cause: { by: "request" } },
  { type: "run.finished", outcome: "cancelled", limit: null },
];

export function commandHook(command: CommandLine, changes: Partial<HookDefinition> = {}): HookDefinition {
  return { kind: "command", command, events: ["cancelled"], timeoutMs: 5000, ...changes } as HookDefinition;
}
