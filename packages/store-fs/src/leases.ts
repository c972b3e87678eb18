import {
  type Clock,
  type Holder,
  type Lease,
  type LeaseRequest,
  type Owner,
  type ProcessWitness,
  type RunId,
  TroupeError,
} from "@troupe/core";
import type { FileSystemPort } from "./file-system-port.js";
import { isMissing, notFound, storeError } from "./fs-errors.js";
import type { Layout } from "./layout.js";
import { createLease, type LeaseFile, type LeaseRecord, readLease } from "./lease-files.js";
import { keepLease } from "./lease-renewal.js";

/** How often a silent holder is looked at within its ttl. */
const LOOKS = 8;

/** What leases need. */
export interface LeasePlace {
  readonly fs: FileSystemPort;
  readonly layout: Layout;
  readonly clock: Clock;
  readonly randomHex: (bytes: number) => string;
  readonly witness: ProcessWitness;
}

interface HeldLease extends LeaseFile {
  readonly record: LeaseRecord;
}

/** Who seems to be working on the run; null also for a run that does not exist. */
export async function readHolder(place: LeasePlace, runId: RunId): Promise<Holder | null> {
  const folder = place.layout.leases(runId);
  try {
    const lease = await readLease(place.fs, folder);
    return isHeld(lease) ? await holderOf(place, lease, await place.witness.identifySelf("")) : null;
  } catch (error) {
    throw await storeError(place.fs, error, "read the lease in", folder);
  }
}

/**
 * Takes the lease of a run that exists. At once when it is free or its holder is dead; a holder that cannot be looked
 * at is watched for its ttl first. Rejects `RUN_LOCKED`.
 */
export async function takeLease(place: LeasePlace, runId: RunId, request: LeaseRequest): Promise<Lease> {
  const { fs, layout, clock } = place;
  const folder = layout.leases(runId);
  try {
    const owner = await place.witness.identifySelf(request.command);
    for (;;) {
      const lease = await readLease(fs, folder);
      const previous = isHeld(lease) ? await holderOf(place, lease, owner) : null;
      if (isHeld(lease) && previous !== null && previous.alive !== "dead") {
        const seen = previous.alive === "alive" ? "renewed" : await watchHolder(place, folder, lease, request.ttlMs);
        if (seen === "renewed") throw locked(runId, previous);
        if (seen === "changed") continue;
      }
      const nonce = place.randomHex(16);
      const record: LeaseRecord = { nonce, owner, acquiredAt: clock.now(), ttlMs: request.ttlMs };
      const own = await createLease(fs, folder, lease.generation + 1, record);
      if (own !== null) return keepLease({ fs, clock, folder, runId, own, record, previous });
    }
  } catch (error) {
    if (isMissing(error)) throw notFound(runId); // removed meanwhile
    throw await storeError(fs, error, "take the lease in", folder);
  }
}

/** Watches a holder that cannot be looked at, by our own monotonic clock: its host's clock may say anything. */
async function watchHolder(
  { fs, clock }: LeasePlace,
  folder: string,
  lease: HeldLease,
  ttlMs: number,
): Promise<"silent" | "renewed" | "changed"> {
  const patienceMs = Math.max(ttlMs, lease.record.ttlMs);
  const start = clock.monotonic();
  while (clock.monotonic() - start < patienceMs) {
    await clock.wait(patienceMs / LOOKS);
    const now = await readLease(fs, folder);
    if (now.generation !== lease.generation || now.record === null) return "changed";
    if (now.renewedAt !== lease.renewedAt) return "renewed";
  }
  return "silent";
}

function isHeld(lease: LeaseFile): lease is HeldLease {
  return lease.record !== null;
}

async function holderOf({ witness }: LeasePlace, lease: HeldLease, self: Owner): Promise<Holder> {
  const { owner, ttlMs } = lease.record;
  return { owner, renewedAt: lease.renewedAt, ttlMs, alive: await witness.judgeLiveness(owner, self) };
}

function locked(runId: RunId, { owner }: Holder): TroupeError {
  const { pid, host, command } = owner;
  return new TroupeError("RUN_LOCKED", `run ${runId} is held by process ${pid} on ${host}: ${command}`, {
    hint: `troupe status ${runId}`,
    details: { runId, pid, host, command },
  });
}
