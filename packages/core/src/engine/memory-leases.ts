import { hostname } from "node:os";
import { TroupeError } from "../errors/troupe-error.js";
import type { Owner } from "../model/events.js";
import type { RunId } from "../model/ids.js";
import type { Clock } from "../plugin/host.js";
import type { Holder, Lease, LeaseRequest } from "../plugin/store.js";

/** Leases among users of one process: their holder lives as long as anybody who could ask. */
export interface MemoryLeases {
  holder(runId: RunId): Holder | null;
  acquire(runId: RunId, request: LeaseRequest): Lease;
  /** Throws `RUN_LOCKED`. */
  refuseHeld(runId: RunId): void;
  close(): void;
}

export function createMemoryLeases(clock: Clock): MemoryLeases {
  const held = new Map<RunId, Holder>();

  function refuseHeld(runId: RunId): void {
    const holder = held.get(runId);
    if (holder === undefined) return;
    const { pid, host, command } = holder.owner;
    throw new TroupeError("RUN_LOCKED", `run ${runId} is held by process ${pid} on ${host}: ${command}`, {
      hint: `troupe status ${runId}`,
      details: { runId, pid, host, command },
    });
  }

  return {
    refuseHeld,
    holder: (runId) => held.get(runId) ?? null,
    acquire(runId, { command, ttlMs }) {
      refuseHeld(runId);
      const owner = ownerOf(command);
      const holder: Holder = { owner, renewedAt: clock.now(), ttlMs, alive: "alive" };
      held.set(runId, holder);
      return {
        owner,
        previous: null,
        lost: new AbortController().signal, // nobody can take it
        async [Symbol.asyncDispose]() {
          if (held.get(runId) === holder) held.delete(runId);
        },
      };
    },
    close: () => held.clear(),
  };
}

function ownerOf(command: string): Owner {
  return { pid: process.pid, startTime: null, bootId: null, pidNamespace: null, host: hostname(), command };
}
