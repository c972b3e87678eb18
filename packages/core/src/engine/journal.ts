import { hasCode, TroupeError } from "../errors/troupe-error.js";
import type { JournalEntry, NewEntry, RunEvent } from "../model/events.js";
import type { RunId } from "../model/ids.js";
import type { RunOutcome } from "../model/status.js";
import type { TurnTask } from "../model/turn.js";
import { decide } from "../state/decide.js";
import { nextLook } from "../state/end-of-run.js";
import { type Abort, abortsAt } from "../state/halt.js";
import { reduce } from "../state/reduce.js";
import { type RunState, summaryOf } from "../state/run-state.js";
import { taskOf } from "../state/task.js";
import { Announcer } from "./announcer.js";
import { applyEntry, type LoadedRun, loadRun } from "./load-run.js";
import type { Engine } from "./types.js";

/** What a commit asks for: nothing of it before the entry behind it was durable. */
export interface Decision {
  readonly launch: readonly TurnTask[];
  readonly abort: readonly Abort[];
  /** When to commit again though nothing has happened; wall time in ms, null = never. */
  readonly until: number | null;
  readonly outcome: RunOutcome | null;
}

/** How long to wait before an append is repeated that found no space, in milliseconds. */
const FULL_RETRY_MS = 5_000;

/**
 * The one writer of a run: facts go in, and what follows from them goes into the same entry. It owns the state, which
 * runs ahead of the store only while an append is under way.
 */
export class Journal {
  readonly announcer: Announcer;
  readonly #engine: Engine;
  readonly #runId: RunId;
  /** Aborts when nobody wants to wait for space on the disk any longer. */
  readonly #giveUp: AbortSignal | undefined;
  #state: RunState;
  #seq: number;
  #epoch: number;
  readonly #startedAt: number;
  readonly #startedMonotonic: number;

  private constructor(engine: Engine, runId: RunId, { state, seq }: LoadedRun, giveUp: AbortSignal | undefined) {
    this.#giveUp = giveUp;
    this.#engine = engine;
    this.#runId = runId;
    this.#state = state;
    this.#seq = seq;
    this.#epoch = state.epoch;
    this.announcer = new Announcer(engine.reporters, engine.logger);
    this.#startedAt = engine.clock.now();
    this.#startedMonotonic = engine.clock.monotonic();
  }

  /** Reads the run; rejects as {@link loadRun}. `giveUp` ends the wait for space on a full disk. */
  static async open(engine: Engine, runId: RunId, giveUp?: AbortSignal): Promise<Journal> {
    const { state, seq } = await loadRun(engine.store, runId);
    return new Journal(engine, runId, { state, seq }, giveUp);
  }

  get state(): RunState {
    return this.#state;
  }

  /** Position of the newest entry known to be durable. */
  get seq(): number {
    return this.#seq;
  }

  /** Wall time that never jumps: what the wall said at the start, plus monotonic time since; never before the newest entry. */
  now(): number {
    const passed = this.#engine.clock.monotonic() - this.#startedMonotonic;
    return Math.max(this.#state.updatedAt, Math.round(this.#startedAt + passed));
  }

  /**
   * Takes the run over: one entry with `run.claimed` of the next epoch and whatever `eventsFor` adds. Nothing follows
   * from it yet. Rejects `RUN_LOCKED` when somebody else claims it at the same time.
   */
  async claim(eventsFor: (state: RunState) => readonly RunEvent[]): Promise<void> {
    const epoch = this.#epoch + 1;
    for (;;) {
      const events = eventsFor(this.#state);
      const at = this.now();
      for (const event of events) reduce(this.#state, event, at);
      const entry = await this.#append(events, at);
      if (entry !== null) {
        this.#epoch = epoch;
        this.announcer.entry(entry, this.#state);
        return;
      }
      await this.#reload();
      if (this.#state.epoch >= epoch) throw claimedByOther(this.#state, "RUN_LOCKED");
    }
  }

  /**
   * Applies `facts`, decides until nothing more follows, and appends facts and consequences as one entry. On a
   * conflict the facts stay and the consequences are decided again on what the others wrote. Without facts it first
   * reads what others have appended. Rejects `CLAIM_LOST` when another process has taken the run over.
   */
  async commit(facts: readonly RunEvent[]): Promise<Decision> {
    if (facts.length === 0) await this.#catchUp();
    for (;;) {
      const at = this.now();
      const events = this.#consequences(facts, at);
      if (events.length === 0) return this.#decision([], at);
      const writing = this.#append(events, at);
      const deciding = afterHandOver(() => this.#decision(events, at));
      deciding.catch(() => {}); // it is asked below, once the entry is durable
      const entry = await writing;
      if (entry !== null) {
        this.announcer.entry(entry, this.#state);
        return await deciding;
      }
      await this.#reload();
      this.#refuseNewerClaim();
    }
  }

  #consequences(facts: readonly RunEvent[], at: number): readonly RunEvent[] {
    const events = [...facts];
    for (const fact of facts) reduce(this.#state, fact, at);
    for (;;) {
      const more = decide(this.#state, at);
      if (more.length === 0) return events;
      for (const event of more) reduce(this.#state, event, at);
      events.push(...more);
    }
  }

  #decision(events: readonly RunEvent[], at: number): Decision {
    const launch: TurnTask[] = [];
    for (const event of events) {
      const task = event.type === "turn.started" ? taskOf(this.#state, event.turn) : null;
      if (task !== null) launch.push(task);
    }
    const { status } = this.#state;
    return {
      launch,
      abort: abortsAt(this.#state, at),
      until: nextLook(this.#state, at),
      outcome: status === "running" ? null : status,
    };
  }

  /** Null = another entry has the place: the state has run ahead of what counts and must be read again. */
  async #append(events: readonly RunEvent[], at: number): Promise<JournalEntry | null> {
    const id = this.#engine.randomHex(12);
    const entry: NewEntry = { id, at, events, summary: summaryOf(this.#state) };
    for (;;) {
      try {
        const written = await this.#engine.store.append(this.#runId, this.#seq, entry);
        this.#seq = written.seq;
        return written;
      } catch (error) {
        if (hasCode(error, "JOURNAL_CONFLICT")) return null;
        if (!hasCode(error, "STORE_FULL") || this.#giveUp?.aborted === true) throw error;
        // the same id: should the entry have arrived all the same, this finds it
        const message = `no space to write the state: ${error.message}; trying again every ${FULL_RETRY_MS / 1000} s`;
        this.announcer.tell({ type: "notice", level: "warning", message });
        await this.#engine.clock.wait(FULL_RETRY_MS, this.#giveUp);
      }
    }
  }

  async #catchUp(): Promise<void> {
    for await (const entry of this.#engine.store.read(this.#runId, this.#seq)) {
      applyEntry(this.#state, entry);
      this.#seq = entry.seq;
      this.announcer.entry(entry, this.#state);
    }
    this.#refuseNewerClaim();
  }

  async #reload(): Promise<void> {
    const { state, seq } = await loadRun(this.#engine.store, this.#runId);
    const known = this.#seq;
    this.#state = state;
    this.#seq = seq;
    for await (const entry of this.#engine.store.read(this.#runId, known)) {
      if (entry.seq <= seq) this.announcer.entry(entry, state);
    }
  }

  #refuseNewerClaim(): void {
    if (this.#state.epoch !== this.#epoch) throw claimedByOther(this.#state, "CLAIM_LOST");
  }
}

/**
 * Prepares what follows while the disk is at work: a store has handed its bytes over by the time at which nothing is
 * left to be done at once. Nobody acts on it before the entry is durable.
 */
async function afterHandOver<T>(prepare: () => T): Promise<T> {
  await new Promise<void>((resolve) => {
    process.nextTick(resolve);
  });
  return prepare();
}

function claimedByOther(state: RunState, code: "CLAIM_LOST" | "RUN_LOCKED"): TroupeError {
  const { runId, owner } = state;
  const who = owner === null ? "another process" : `process ${owner.pid} on ${owner.host} (${owner.command})`;
  return new TroupeError(code, `run ${runId} was taken over by ${who}`, {
    hint: `See what it does: troupe status ${runId}`,
    details: owner === null ? {} : { pid: owner.pid, host: owner.host, command: owner.command },
  });
}
