// Runs whose turns end at once, and what a killed process leaves of one.
import {
  createRun,
  type Engine,
  type ExecuteOptions,
  executeRun,
  type JournalEntry,
  type RunDefinition,
  type StageExecutor,
  type StateStore,
  type TurnResult,
  type TurnTask,
} from "@troupe/core";
import { createMemoryStore } from "@troupe/core/memory";
import { FakeClock } from "./fake-clock.js";

export const OPTIONS: ExecuteOptions = {
  runId: "run-1",
  workspace: { kind: "folder", path: "/tree" },
  command: "test",
};

/** Every turn succeeds at once, but for those that are to fail. */
export class InstantExecutor implements StageExecutor {
  readonly capacity: number = Number.POSITIVE_INFINITY;
  readonly tasks: TurnTask[] = [];
  readonly #failing: ReadonlySet<string>;

  constructor(failing: readonly string[] = []) {
    this.#failing = new Set(failing);
  }

  async execute(task: TurnTask): Promise<TurnResult> {
    this.tasks.push(task);
    const { turn, stage, kind } = task;
    const nothing = { log: null, usage: null, session: null };
    if (this.#failing.has(turn)) {
      const error = { code: "AGENT_FAILED", message: `${turn} broke`, hint: null } as const;
      return { status: "failed", error, retry: "never", output: null, ...nothing };
    }
    const output = { sha256: `sha256 of ${turn}`, bytes: 1, text: turn };
    const artifacts =
      kind === "work" ? stage.artifacts.map((name) => ({ name, sha256: `${name} of ${turn}`, bytes: 1 })) : [];
    const judged =
      kind === "review" ? ({ verdict: { decision: "approved", reasons: [], source: "tool" } } as const) : {};
    const checked = kind === "check" ? { checks: [{ command: "x", passed: true, exitCode: 0, durationMs: 1 }] } : {};
    return { status: "succeeded", output, artifacts, ...nothing, ...judged, ...checked };
  }
}

export function engineOn(store: StateStore, executor: StageExecutor): Engine {
  let ids = 0;
  const randomHex = () => {
    ids += 1;
    return `id ${ids}`;
  };
  return {
    store,
    executor,
    reporters: [],
    clock: new FakeClock(),
    randomHex,
    logger: { debug: () => {}, info: () => {}, warn: () => {} },
  };
}

export async function entriesOf(store: StateStore): Promise<readonly JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for await (const entry of store.read("run-1")) entries.push(entry);
  return entries;
}

/** The journal of a run that nothing disturbed, or in which some turns failed. */
export async function journalOf(
  definition: RunDefinition,
  failing: readonly string[] = [],
): Promise<readonly JournalEntry[]> {
  const store = createMemoryStore({ clock: new FakeClock() });
  const engine = engineOn(store, new InstantExecutor(failing));
  await createRun(engine, "run-1", definition);
  await executeRun(engine, OPTIONS);
  return await entriesOf(store);
}

/** What a process leaves that is killed just after entry number `count`. */
export async function killedAfter(journal: readonly JournalEntry[], count: number): Promise<StateStore> {
  const store = createMemoryStore({ clock: new FakeClock() });
  for (const { seq, ...entry } of journal.slice(0, count)) {
    if (seq === 1) await store.create("run-1", entry);
    else await store.append("run-1", seq - 1, { ...entry, id: `killed ${seq}` });
  }
  return store;
}
