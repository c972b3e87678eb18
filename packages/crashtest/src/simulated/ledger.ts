import type { JournalEntry, RunStateView, TurnTask } from "@troupe/core";
import type { SimulatedProcess } from "./simulated-process.js";

/** A turn that an agent, a check or a command was started for. */
export interface Performance {
  readonly task: Pick<TurnTask, "turn" | "kind" | "round" | "attempt" | "epoch" | "before" | "beforeTurn">;
  readonly stage: string;
  readonly process: SimulatedProcess;
  /** Place among everything that the ledger noted. */
  readonly order: number;
}

/** An entry of which somebody was told that it is durable. */
export interface Acknowledgement {
  readonly entry: JournalEntry;
  readonly order: number;
}

/** Told to a listener, with the state after the entry. */
export type EntryListener = (entry: JournalEntry, state: RunStateView, by: SimulatedProcess) => void;

/** What really happened, kept where no crash reaches it. */
export class Ledger {
  readonly performed: Performance[] = [];
  readonly acknowledged: Acknowledgement[] = [];
  /** Turns being performed right now. */
  readonly running: Set<Performance> = new Set();
  readonly #known: Set<string> = new Set();
  #order = 0;

  perform(task: TurnTask, process: SimulatedProcess): Performance {
    const { turn, kind, round, attempt, epoch, before, beforeTurn } = task;
    const facts = { turn, kind, round, attempt, epoch, before, beforeTurn };
    const performance = { task: facts, stage: task.stage.id, process, order: this.#next() };
    this.performed.push(performance);
    this.running.add(performance);
    process.died.addEventListener("abort", () => this.running.delete(performance), { once: true });
    return performance;
  }

  end(performance: Performance): void {
    this.running.delete(performance);
  }

  /** Whoever tells of an entry vouches for it, its writer and who has read it; a dead process tells nobody anything. */
  acknowledge(entry: JournalEntry, by: SimulatedProcess): void {
    const name = `${entry.seq} ${entry.id}`;
    if (by.isDead || this.#known.has(name)) return;
    this.#known.add(name);
    this.acknowledged.push({ entry: structuredClone(entry), order: this.#next() });
  }

  #next(): number {
    this.#order += 1;
    return this.#order;
  }
}
