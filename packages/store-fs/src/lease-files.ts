import { constants } from "node:fs";
import { join } from "node:path";
import type { Owner } from "@troupe/core";
import { READ, readFully, writeNewFile } from "./durable-file.js";
import type { FileSystemPort, OpenFile } from "./file-system-port.js";
import { isMissing, orMissing, systemCode } from "./fs-errors.js";

/*
 * Why two processes never both get the lease of a dead holder.
 *
 * A run's lease folder holds numbered files; the highest number is the lease. Nobody ever replaces a file: taking over
 * number n means creating n + 1 by link(2), which is atomic, exclusive and shows the file with its whole content. So
 * each number has one owner for ever, and of all who judged n dead exactly one gets n + 1. Only its owner touches a
 * file afterwards, through the descriptor it has kept: renewing sets the modification time, releasing makes it empty
 * (both need no space). An empty file stays, so a number is not used again while somebody may still act on what it
 * once held. Old numbers are removed by new owners; a process that slept through that and creates a number that was
 * removed sees a higher one when it looks again, and gives its own up.
 */

const MAX_LEASE_BYTES = 64 * 1024;
const GENERATION = /^[1-9][0-9]{0,14}$/;

/** What a holder writes about itself. */
export interface LeaseRecord {
  readonly nonce: string;
  readonly owner: Owner;
  /** Milliseconds since the epoch. */
  readonly acquiredAt: number;
  /** It renews several times within this. */
  readonly ttlMs: number;
}

/** The newest lease of a run. */
export interface LeaseFile {
  /** Its number; 0 = there never was one. */
  readonly generation: number;
  /** null = free: never taken, released, or not readable as a lease. */
  readonly record: LeaseRecord | null;
  /** Of the last renewal, milliseconds since the epoch. */
  readonly renewedAt: number;
}

/** A lease that is ours. */
export interface OwnLeaseFile {
  readonly generation: number;
  /** Free of space, as is releasing: a full disk never costs the lease. */
  renew(atMs: number): Promise<void>;
  release(): Promise<void>;
}

/** The newest lease in `folder`. */
export async function readLease(fs: FileSystemPort, folder: string): Promise<LeaseFile> {
  for (;;) {
    const generation = Math.max(0, ...(await generations(fs, folder)));
    if (generation === 0) return { generation, record: null, renewedAt: 0 };
    const file = await orMissing(fs.open(join(folder, `${generation}`), READ));
    if (file === null) continue; // removed by a newer owner since
    try {
      const { kind, size, modifiedAtMs } = await file.status();
      const length = kind === "file" ? Math.min(size, MAX_LEASE_BYTES) : 0; // whole since it has its name, or emptied
      const bytes = await readFully(file, Buffer.alloc(length), 0);
      return { generation, record: parseRecord(bytes.toString("utf8")), renewedAt: modifiedAtMs };
    } finally {
      await file.close();
    }
  }
}

/** Takes number `generation`; null when another process has it, or a higher one. */
export async function createLease(
  fs: FileSystemPort,
  folder: string,
  generation: number,
  record: LeaseRecord,
): Promise<OwnLeaseFile | null> {
  // One level: a run that is being removed must not come back as an empty folder.
  await fs.makeFolder(folder).catch((error: unknown) => {
    if (systemCode(error) !== "EEXIST") throw error;
  });
  const draft = join(folder, `draft-${record.nonce}`);
  const path = join(folder, `${generation}`);
  await writeNewFile(fs, draft, Buffer.from(`${JSON.stringify(record)}\n`));
  const file = await fs.open(draft, constants.O_RDWR | constants.O_NOFOLLOW);
  try {
    await file.setModified(record.acquiredAt);
    await fs.link(draft, path);
  } catch (error) {
    await file.close();
    if (systemCode(error) === "EEXIST") return null;
    throw error;
  } finally {
    await fs.unlink(draft);
  }
  const others = (await generations(fs, folder)).filter((other) => other !== generation);
  if (others.some((other) => other > generation)) {
    await file.close();
    await fs.unlink(path);
    return null;
  }
  // The one before stays: whoever lists the folder meanwhile sees at least one.
  for (const other of others) if (other < generation - 1) await unlinkIfThere(fs, join(folder, `${other}`));
  return ownLease(file, generation);
}

function ownLease(file: OpenFile, generation: number): OwnLeaseFile {
  return {
    generation,
    renew: (atMs) => file.setModified(atMs),
    async release() {
      try {
        await file.truncate();
      } finally {
        await file.close();
      }
    },
  };
}

async function generations(fs: FileSystemPort, folder: string): Promise<readonly number[]> {
  const names = (await orMissing(fs.list(folder))) ?? [];
  return names.filter((name) => GENERATION.test(name)).map(Number);
}

async function unlinkIfThere(fs: FileSystemPort, path: string): Promise<void> {
  await fs.unlink(path).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
}

/** null for anything else than a whole record: after a power loss a file may be empty, and its owner is dead then. */
function parseRecord(text: string): LeaseRecord | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null; // empty = released; the lease is a hint, so nothing else rests on it
  }
  const isRecord =
    isObject(value) &&
    typeof value.nonce === "string" &&
    typeof value.acquiredAt === "number" &&
    typeof value.ttlMs === "number" &&
    isOwner(value.owner);
  return isRecord ? (value as unknown as LeaseRecord) : null;
}

function isOwner(value: unknown): value is Owner {
  return (
    isObject(value) &&
    typeof value.pid === "number" &&
    Number.isSafeInteger(value.pid) &&
    value.pid >= 1 &&
    typeof value.host === "string" &&
    typeof value.command === "string" &&
    [value.startTime, value.bootId, value.pidNamespace].every((part) => part === null || typeof part === "string")
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
