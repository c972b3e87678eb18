import type { RunId, TurnId } from "../model/ids.js";
import type { LogStore } from "../plugin/store.js";

export interface MemoryLogs extends LogStore {
  forget(runId: RunId): void;
}

/** Keeps every byte: a run whose agents write more than fits the memory needs another store. */
export function createMemoryLogs(): MemoryLogs {
  const chunks = new Map<RunId, Map<TurnId, Buffer[]>>();
  const bytesOf = (runId: RunId, turn: TurnId): Buffer => Buffer.concat(chunks.get(runId)?.get(turn) ?? []);
  return {
    async open(runId, turn) {
      const ofRun = chunks.get(runId) ?? new Map<TurnId, Buffer[]>();
      const ofTurn = ofRun.get(turn) ?? [];
      chunks.set(runId, ofRun.set(turn, ofTurn));
      let isOpen = true;
      return {
        write(chunk) {
          if (isOpen) ofTurn.push(Buffer.from(chunk)); // a copy: the caller may use its buffer again
        },
        async close() {
          isOpen = false;
          return { turn, bytes: bytesOf(runId, turn).length, truncated: false };
        },
      };
    },
    async *read(runId, turn, offset = 0) {
      const bytes = bytesOf(runId, turn).subarray(offset);
      if (bytes.length > 0) yield bytes;
    },
    forget: (runId) => void chunks.delete(runId),
  };
}
