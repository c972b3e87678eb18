import {
  type Clock,
  type Holder,
  hasCode,
  type Lease,
  type LeaseRequest,
  type Owner,
  type ProcessWitness,
  type RunId,
  TroupeError,
} from "@troupe/core";
import type { Database, Sql } from "./database.js";
import { refuse, requireRun } from "./journal.js";

/** How often a silent holder is looked at within its ttl. */
const LOOKS = 8;
/** Renewals within one ttl: two may be late before anybody doubts. */
const RENEWALS_PER_TTL = 3;

/** What leases need. */
export interface LeasePlace {
  readonly db: Database;
  readonly clock: Clock;
  readonly randomHex: (bytes: number) => string;
  readonly witness: ProcessWitness;
}

/** A row of `leases`. Of all who judged its holder dead, the one gets it who still finds this nonce in it. */
interface LeaseRow extends LeaseRecord {
  readonly nonce: string;
  readonly renewedAt: number;
}

interface LeaseRecord {
  readonly owner: Owner;
  readonly ttlMs: number;
}

export async function readHolder(place: LeasePlace, runId: RunId): Promise<Holder | null> {
  const row = await look(place, runId);
  return row === null ? null : await holderOf(place, row, await place.witness.identifySelf(""));
}

/** At once when it is free or its holder is dead; who cannot be looked at is watched for a ttl. Rejects `RUN_LOCKED`. */
export async function takeLease(place: LeasePlace, runId: RunId, request: LeaseRequest): Promise<Lease> {
  const { db, clock } = place;
  const { ttlMs } = request;
  await db.read(
    (sql) => requireRun(sql, runId),
    () => refuse(runId),
  );
  const owner = await place.witness.identifySelf(request.command);
  for (;;) {
    const seen = await look(place, runId);
    const previous = seen === null ? null : await holderOf(place, seen, owner);
    if (seen !== null && previous !== null && previous.alive !== "dead") {
      if (previous.alive === "alive" || (await isRenewed(place, runId, seen, ttlMs))) throw locked(runId, previous);
    }
    const nonce = place.randomHex(16);
    const work = (sql: Sql): boolean => {
      requireRun(sql, runId);
      const now = readRow(sql, runId);
      if (now?.nonce !== seen?.nonce || now?.renewedAt !== seen?.renewedAt) return false;
      const insert = "INSERT OR REPLACE INTO leases (run, nonce, record, renewed_at) VALUES (?, ?, ?, ?)";
      return sql.run(insert, runId, nonce, JSON.stringify({ owner, ttlMs }), clock.now()) === 1;
    };
    if (await db.write({ work })) return keepLease(place, runId, { nonce, owner, ttlMs, previous });
  }
}

interface TakenLease {
  readonly nonce: string;
  readonly owner: Owner;
  readonly ttlMs: number;
  readonly previous: Holder | null;
}

/** Renews until it is disposed, without keeping the process alive. */
function keepLease({ db, clock }: LeasePlace, runId: RunId, { nonce, owner, ttlMs, previous }: TakenLease): Lease {
  const lost = new AbortController();
  let renewedAt = clock.monotonic();
  let beat: Promise<void> | null = null;
  let released: Promise<void> | null = null;

  async function renew(): Promise<void> {
    const update = "UPDATE leases SET renewed_at = ? WHERE run = ? AND nonce = ?";
    const work = (sql: Sql): boolean => sql.run(update, clock.now(), runId, nonce) === 1;
    try {
      if (!(await db.write({ work, absent: () => false, durable: false })))
        return stop("another process has taken it over");
      renewedAt = clock.monotonic();
    } catch (error) {
      // a run waits for space, and nobody else can take it without some either
      const isLost = !hasCode(error, "STORE_FULL") && clock.monotonic() - renewedAt >= ttlMs;
      if (isLost) stop("it cannot be renewed", error);
    }
  }

  function stop(reason: string, cause?: unknown): void {
    clearInterval(timer);
    const message = `the lease of run ${runId} is lost: ${reason}`;
    lost.abort(new TroupeError("CLAIM_LOST", message, { hint: `troupe status ${runId}`, details: { runId }, cause }));
  }

  // A real timer: a heartbeat tells others that this process lives, in their time.
  const timer = setInterval(() => {
    beat ??= renew().finally(() => {
      beat = null;
    });
  }, ttlMs / RENEWALS_PER_TTL);
  timer.unref();

  async function release(): Promise<void> {
    clearInterval(timer);
    await beat;
    const work = (sql: Sql): void => void sql.run("DELETE FROM leases WHERE run = ? AND nonce = ?", runId, nonce);
    await db.write({ work, absent: () => {} }).catch((error: unknown) => {
      if (!hasCode(error, "STORE_FULL")) throw error; // it is free as soon as this process has ended
    });
  }

  return {
    owner,
    previous,
    lost: lost.signal,
    [Symbol.asyncDispose]() {
      released ??= release();
      return released;
    },
  };
}

/** Whether a holder that cannot be looked at renews within a ttl of our own monotonic clock: its clock may say anything. */
async function isRenewed(place: LeasePlace, runId: RunId, seen: LeaseRow, ttlMs: number): Promise<boolean> {
  const { clock } = place;
  const patienceMs = Math.max(ttlMs, seen.ttlMs);
  const start = clock.monotonic();
  while (clock.monotonic() - start < patienceMs) {
    await clock.wait(patienceMs / LOOKS);
    const now = await look(place, runId);
    if (now?.nonce !== seen.nonce) return false;
    if (now.renewedAt !== seen.renewedAt) return true;
  }
  return false;
}

async function look({ db }: LeasePlace, runId: RunId): Promise<LeaseRow | null> {
  return await db.read(
    (sql) => readRow(sql, runId),
    () => null,
  );
}

function readRow(sql: Sql, runId: RunId): LeaseRow | null {
  const row = sql.get("SELECT nonce, record, renewed_at FROM leases WHERE run = ?", runId);
  if (row === undefined) return null;
  const record = parseRecord(String(row.record));
  return record === null ? null : { nonce: String(row.nonce), renewedAt: Number(row.renewed_at), ...record };
}

/** null for anything else than a whole record: the lease is a hint, so nothing rests on it. */
function parseRecord(text: string): LeaseRecord | null {
  try {
    const { owner, ttlMs } = JSON.parse(text);
    return Number.isSafeInteger(owner.pid) && typeof owner.host === "string" && ttlMs > 0 ? { owner, ttlMs } : null;
  } catch {
    return null;
  }
}

async function holderOf({ witness }: LeasePlace, row: LeaseRow, self: Owner): Promise<Holder> {
  const { owner, renewedAt, ttlMs } = row;
  return { owner, renewedAt, ttlMs, alive: await witness.judgeLiveness(owner, self) };
}

function locked(runId: RunId, { owner }: Holder): TroupeError {
  const { pid, host, command } = owner;
  return new TroupeError("RUN_LOCKED", `run ${runId} is held by process ${pid} on ${host}: ${command}`, {
    hint: `troupe status ${runId}`,
    details: { runId, pid, host, command },
  });
}
