import { type Clock, type Holder, type Lease, type RunId, TroupeError } from "@troupe/core";
import type { FileSystemPort } from "./file-system-port.js";
import { type LeaseRecord, type OwnLeaseFile, readLease } from "./lease-files.js";

/** Renewals within one ttl: two may be late before anybody doubts. */
const RENEWALS_PER_TTL = 3;

/** A lease that was just taken. */
export interface TakenLease {
  readonly fs: FileSystemPort;
  readonly clock: Clock;
  readonly folder: string;
  readonly runId: RunId;
  readonly own: OwnLeaseFile;
  readonly record: LeaseRecord;
  readonly previous: Holder | null;
}

/**
 * Renews until it is disposed, without keeping the process alive. `lost` aborts when the newest lease is not ours any
 * more, or when it could not be renewed for a whole ttl.
 */
export function keepLease(taken: TakenLease): Lease {
  const { clock, own, record, previous } = taken;
  const lost = new AbortController();
  let renewedAt = clock.monotonic();
  let beat: Promise<void> | null = null;
  let released: Promise<void> | null = null;

  async function renew(): Promise<void> {
    try {
      if (!(await isStillOurs(taken))) return stop("another process has taken it over");
      await own.renew(clock.now());
      renewedAt = clock.monotonic();
    } catch (error) {
      if (clock.monotonic() - renewedAt >= record.ttlMs) stop("it cannot be renewed", error);
    }
  }

  function stop(reason: string, cause?: unknown): void {
    clearInterval(timer);
    lost.abort(leaseLost(taken.runId, reason, cause));
  }

  // A real timer: a heartbeat tells others that this process lives, in their time.
  const timer = setInterval(() => {
    beat ??= renew().finally(() => {
      beat = null;
    });
  }, record.ttlMs / RENEWALS_PER_TTL);
  timer.unref();

  async function release(): Promise<void> {
    clearInterval(timer);
    await beat;
    await own.release();
  }

  return {
    owner: record.owner,
    previous,
    lost: lost.signal,
    [Symbol.asyncDispose]() {
      released ??= release();
      return released;
    },
  };
}

async function isStillOurs({ fs, folder, own, record }: TakenLease): Promise<boolean> {
  const lease = await readLease(fs, folder);
  return lease.generation === own.generation && lease.record?.nonce === record.nonce;
}

function leaseLost(runId: RunId, reason: string, cause: unknown): TroupeError {
  return new TroupeError("CLAIM_LOST", `the lease of run ${runId} is lost: ${reason}`, {
    hint: `troupe status ${runId}`,
    details: { runId },
    cause,
  });
}
