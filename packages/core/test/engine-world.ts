// An engine on a real store, with turns that the test settles and a clock that it moves.
import {
  createRun,
  type Engine,
  type ExecuteOptions,
  executeRun,
  type JournalEntry,
  type ProgressEvent,
  type RunDefinition,
  type RunEvent,
  type RunResult,
  type StageExecutor,
  type StateStore,
  type TurnContext,
  type TurnResult,
  type TurnTask,
} from "@troupe/core";
import { createMemoryStore } from "@troupe/core/memory";
import { FakeClock } from "./fake-clock.js";

export interface HeldTurn {
  readonly task: TurnTask;
  readonly context: TurnContext;
  settle(result: TurnResult): void;
  reject(error: unknown): void;
}

/** Lets everything run that can run without the test's doing. */
export async function idle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Turns wait until the test settles them; told to end, they do so unless they are stubborn. */
export class HeldExecutor implements StageExecutor {
  readonly capacity: number;
  /** Turn ids in the order in which they were launched, attached ones with a mark. */
  readonly launched: string[] = [];
  readonly turns: Map<string, HeldTurn> = new Map();
  isStubborn = false;

  constructor(capacity = Number.POSITIVE_INFINITY) {
    this.capacity = capacity;
  }

  execute(task: TurnTask, context: TurnContext): Promise<TurnResult> {
    this.launched.push(task.turn);
    return new Promise((settle, reject) => {
      this.turns.set(task.turn, { task, context, settle, reject });
      if (!this.isStubborn) context.signal.addEventListener("abort", () => reject(new Error("aborted")));
    });
  }

  /** The turn, as soon as it is launched. */
  async turn(id: string): Promise<HeldTurn> {
    await idle();
    const turn = this.turns.get(id);
    if (turn === undefined) throw new Error(`${id} is not launched; launched are ${this.launched.join(", ")}`);
    return turn;
  }

  async settle(id: string, result: TurnResult = success(id)): Promise<void> {
    (await this.turn(id)).settle(result);
    await idle();
  }
}

export function success(text: string): Extract<TurnResult, { readonly status: "succeeded" }> {
  const output = { sha256: `sha256 of ${text}`, bytes: text.length, text };
  return { status: "succeeded", output, artifacts: [], log: null, usage: null, session: null };
}

export function failure(retry: Extract<TurnResult, { readonly status: "failed" }>["retry"] = "never"): TurnResult {
  const error = { code: "AGENT_FAILED", message: "broke", hint: null } as const;
  return { status: "failed", error, retry, output: null, log: null, usage: null, session: null };
}

export interface World {
  readonly engine: Engine;
  readonly store: StateStore;
  readonly clock: FakeClock;
  readonly executor: HeldExecutor;
  readonly reported: readonly ProgressEvent[];
  readonly warnings: readonly string[];
  execute(options?: Partial<ExecuteOptions>): Promise<RunResult>;
  entries(): Promise<readonly JournalEntry[]>;
  /** What is in the journal, entry by entry. */
  lines(): Promise<readonly string[]>;
}

/** A world with one created run, `run-1`. `change` may put something between the engine and its store. */
export async function createWorld(
  definition: RunDefinition,
  change: (parts: { readonly store: StateStore; readonly clock: FakeClock }) => Partial<Engine> = () => ({}),
): Promise<World> {
  const clock = new FakeClock();
  const store = createMemoryStore({ clock });
  const executor = new HeldExecutor();
  const reported: ProgressEvent[] = [];
  const warnings: string[] = [];
  let ids = 0;
  const plain: Engine = {
    store,
    executor,
    clock,
    reporters: [{ report: (event) => void reported.push(event) }],
    randomHex: (bytes) => (++ids).toString(16).padStart(bytes * 2, "0"),
    logger: { debug: () => {}, info: () => {}, warn: (message) => void warnings.push(message) },
  };
  const engine = { ...plain, ...change({ store, clock }) };
  await createRun(plain, "run-1", definition);
  const entries = async () => {
    const found: JournalEntry[] = [];
    for await (const entry of store.read("run-1")) found.push(entry);
    return found;
  };
  return {
    engine,
    store,
    clock,
    executor,
    reported,
    warnings,
    entries,
    execute: (options) =>
      executeRun(engine, { runId: "run-1", workspace: { kind: "folder", path: "/tree" }, command: "test", ...options }),
    lines: async () => (await entries()).map(({ events }) => events.map(nameOf).join(", ")),
  };
}

function nameOf(event: RunEvent): string {
  if (event.type === "turn.started" || event.type === "turn.settled") return `${event.turn} ${event.type.slice(5)}`;
  if ("stage" in event) return `${event.stage} ${event.type.slice(event.type.indexOf(".") + 1)}`;
  return event.type === "run.finished" ? `run ${event.outcome}` : event.type;
}
