import { hasCode, isTroupeError, type JournalEntry, type RunDefinition, type RunStateView } from "@troupe/core";
import type { FileSystemPort } from "@troupe/store-fs";
import type { Scenario } from "../scenarios.js";
import type { CrashPoint } from "./crash-points.js";
import {
  type Breakage,
  type CaseWorld,
  cancelFrom,
  type Generation,
  judgeFrom,
  openStore,
  RUN_ID,
  startGeneration,
} from "./generation.js";
import { Ledger } from "./ledger.js";
import { Machine } from "./machine.js";
import { createRandom } from "./random.js";
import { type RunRecord, readRecord } from "./run-record.js";
import type { SimulatedProcess } from "./simulated-process.js";
import type { LossStyle } from "./survival.js";

export interface CaseOptions {
  readonly scenario: Scenario;
  readonly definition: RunDefinition;
  readonly points: readonly CrashPoint[];
  readonly loss: LossStyle;
  readonly seed: number;
  readonly breakage?: Breakage;
}

/** A case that has come to its end, for the oracles to judge. */
export interface PerformedCase {
  readonly world: CaseWorld;
  /** In the order in which they were started. */
  readonly generations: readonly Generation[];
  /** Whether stopped holders that woke changed the journal of a finished run. */
  readonly isChangedByWoken: boolean;
  /** What is on the disk after one more power loss that took everything unsynced; null when it cannot be read. */
  readonly record: RunRecord | null;
  readonly isCancelAcknowledged: boolean;
  /** What went wrong before an oracle could judge. */
  readonly problems: readonly string[];
}

const FOLDER = "/project/.troupe";
const MAX_GENERATIONS = 16;
/** So long nothing may happen, in milliseconds of simulated time: longer than a foreign holder is watched. */
const PATIENCE_MS = 300_000;

/** Runs a scenario, lets happen what is planned, and has it resumed until it has its outcome. */
export async function performCase(options: CaseOptions): Promise<PerformedCase> {
  const supervisor = new Supervisor(options);
  return supervisor.perform();
}

/** The person at the terminal, and time. */
class Supervisor {
  readonly #world: CaseWorld;
  readonly #wakesEarly: boolean;
  readonly #generations: Generation[] = [];
  readonly #problems: string[] = [];
  #canceller: SimulatedProcess | null = null;
  readonly #judges: Set<SimulatedProcess> = new Set();
  #isCancelDue = false;
  #isCancelled = false;

  constructor({ scenario, definition, points, loss, seed, breakage = {} }: CaseOptions) {
    const random = createRandom(seed);
    const machine = new Machine({ points, loss, random, folder: FOLDER });
    machine.disk.makeFolder("/project")();
    machine.disk.sync(machine.disk.root);
    const onEntry: CaseWorld["onEntry"] = (entry, state, by) => this.#notice(entry, state, by);
    this.#world = { machine, ledger: new Ledger(), scenario, definition, breakage, onEntry };
    this.#wakesEarly = random.below(2) === 0;
  }

  async perform(): Promise<PerformedCase> {
    while (await this.#tryOnce());
    const isChangedByWoken = await this.#wakeAll();
    this.#world.machine.losePower("all");
    const record = await this.#look();
    return {
      world: this.#world,
      generations: this.#generations,
      isChangedByWoken,
      record,
      isCancelAcknowledged: this.#isCancelled,
      problems: this.#problems,
    };
  }

  /** Resolves to whether the journal is not what it was before. */
  async #wakeAll(): Promise<boolean> {
    if (this.#processes().length === 0) return false;
    const before = JSON.stringify((await this.#look())?.entries);
    const isDone = (): boolean => this.#processes().length === 0;
    const isStopped = (): boolean => this.#processes().some((process) => process.isStopped);
    while (!isDone() && this.#problems.length === 0) {
      for (const process of this.#processes()) process.wake(); // again, when one was stopped once more
      await this.#drive(() => isDone() || isStopped());
    }
    return before !== JSON.stringify((await this.#look())?.entries);
  }

  #processes(): readonly SimulatedProcess[] {
    const runners = this.#generations.filter(({ hasEnded }) => !hasEnded).map(({ process }) => process);
    return [...runners, ...this.#judges, ...(this.#canceller === null ? [] : [this.#canceller])];
  }

  /** One more process; false when the run has its outcome, or there is no hope of one. */
  async #tryOnce(): Promise<boolean> {
    const isHeld = this.#generations.some(({ hasEnded }) => !hasEnded);
    const namespace = isHeld ? `container-${this.#generations.length}` : "container-0";
    const { generation, done } = startGeneration(this.#world, this.#world.machine.start(namespace));
    void done;
    this.#generations.push(generation);
    await this.#drive(() => this.#generations.every(({ hasEnded, process }) => hasEnded || process.isStopped));
    if (this.#problems.length > 0) return false;
    const { status, error, process } = generation;
    if (error !== null && !this.#mayBeRefused(error)) {
      this.#problems.push(`process ${this.#generations.length} failed: ${describe(error)}`);
      return false;
    }
    if (status === "waiting" && this.#hasTriesLeft()) return await this.#judge();
    const isUnfinished = status === null && (error !== null || process.isDead || process.isStopped);
    const goesOn = isUnfinished || (status === "failed" && (await this.#hasCrashedTooOften()));
    return goesOn && this.#hasTriesLeft();
  }

  /** Somebody judges what waits; one who dies or is stopped at it is followed by another one, after the next try. */
  async #judge(): Promise<boolean> {
    const { machine, scenario } = this.#world;
    if (scenario.happening.kind !== "judge") return false;
    const process = machine.start("container-0");
    this.#judges.add(process);
    void judgeFrom(this.#world, process, scenario.happening.rejections)
      .catch((error: unknown) => {
        if (process.isDead || hasCode(error, "NOT_WAITING", "RUN_FINISHED")) return;
        this.#problems.push(`judging failed: ${describe(error)}`);
      })
      .finally(() => this.#judges.delete(process));
    await this.#drive(() => !this.#judges.has(process) || process.isStopped);
    return this.#problems.length === 0;
  }

  /** A holder that was stopped and woken may come between: then one of the two is refused, and a person tries again. */
  #mayBeRefused(error: unknown): boolean {
    const { machine, scenario } = this.#world;
    const isContended = scenario.happening.kind === "takeover" || machine.struck.some(({ kind }) => kind === "stop");
    return isContended && hasCode(error, "CLAIM_LOST", "RUN_LOCKED", "RUN_FINISHED", "JOURNAL_CONFLICT");
  }

  #hasTriesLeft(): boolean {
    if (this.#generations.length < MAX_GENERATIONS) return true;
    this.#problems.push(`the run has no outcome after ${MAX_GENERATIONS} processes`);
    return false;
  }

  /** Three crashes in a row fail a stage; then a person starts it again by hand. */
  async #hasCrashedTooOften(): Promise<boolean> {
    const record = await this.#look();
    return [...(record?.state.stages.values() ?? [])].some(({ error }) => error?.code === "TURN_CRASHED");
  }

  /** Lets everybody do what they can, then time pass, until `isDone`. */
  async #drive(isDone: () => boolean): Promise<void> {
    const { machine } = this.#world;
    let calls = -1;
    let sinceMs = 0;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      this.#cancelIfDue();
      if (isDone()) return;
      if (calls !== machine.calls.length) sinceMs = machine.clock.passedMs;
      calls = machine.calls.length;
      const isStuck = machine.clock.passedMs - sinceMs > PATIENCE_MS || !machine.clock.advance();
      if (isStuck) return this.#giveUp();
    }
  }

  #giveUp(): void {
    this.#problems.push("nothing happens any more, and the run has no outcome");
    for (const { process } of this.#generations) this.#world.machine.exit(process);
    this.#canceller = null;
  }

  #notice(entry: JournalEntry, state: RunStateView, by: SimulatedProcess): void {
    const { happening } = this.#world.scenario;
    if (happening.kind === "cancel") {
      const inFlight = state.stages.get(happening.during.stage)?.inFlight.length ?? 0;
      this.#isCancelDue = inFlight > 0 && state.stages.get(happening.after)?.status === "completed";
    }
    if (!this.#wakesEarly || !entry.events.some(({ type }) => type === "run.claimed")) return;
    for (const { process } of this.#generations) if (process !== by) process.wake();
  }

  /** A person whose request died with its process asks again. */
  #cancelIfDue(): void {
    const { machine } = this.#world;
    const isAsking = this.#canceller !== null && !this.#canceller.isStopped;
    if (!this.#isCancelDue || this.#isCancelled || isAsking) return;
    const process = machine.start("container-0");
    this.#canceller = process;
    void cancelFrom(this.#world, process)
      .then((isDurable) => {
        this.#isCancelled ||= isDurable;
      })
      .catch((error: unknown) => {
        if (process.isDead || hasCode(error, "RUN_FINISHED")) return;
        this.#problems.push(`cancelling failed: ${describe(error)}`);
      })
      .finally(() => {
        if (this.#canceller === process) this.#canceller = null;
      });
  }

  /** Reads the run as one more process would, but leaves no trace: what nobody has synced stays so, and nothing counts. */
  async #look(): Promise<RunRecord | null> {
    const process = this.#world.machine.start("container-0");
    const store = openStore({ ...this.#world, ledger: new Ledger(), breakage: { fileSystem: unsyncing } }, process);
    try {
      return await readRecord(store, RUN_ID);
    } catch (error) {
      this.#problems.push(`the run cannot be read: ${describe(error)}`);
      return null;
    } finally {
      await store.close();
      this.#world.machine.exit(process);
    }
  }
}

function unsyncing(fs: FileSystemPort): FileSystemPort {
  const nothing = async (): Promise<void> => {};
  return {
    ...fs,
    open: async (path, flags) => ({ ...(await fs.open(path, flags)), datasync: nothing, sync: nothing }),
  };
}

function describe(error: unknown): string {
  if (isTroupeError(error)) return `${error.code}: ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
