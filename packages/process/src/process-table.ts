import { closeSync, existsSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from "node:fs";

/** The variable that marks every process of a turn, as `<runId>/<epoch>/<turn>`. */
export const TURN_VARIABLE = "TROUPE_TURN";

/** One line of the process table. */
export interface ProcessRecord {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Clock ticks since boot; with the pid it names one process until the next boot. */
  readonly startTime: number;
  /** False for a process that has ended and only waits to be collected. */
  readonly running: boolean;
  /** A thread of the kernel. */
  readonly kernel: boolean;
}

/** What the environment of a process says. `empty` may only mean that it is just starting another program. */
export type MarkerReading =
  | { readonly state: "read"; readonly marker: string | null }
  | { readonly state: "gone" | "empty" };

const KERNEL_THREAD = 0x0020_0000;

/** True where the system shows its processes as files (Linux). Elsewhere the functions below find nothing. */
export function hasProcessTable(): boolean {
  processTable ??= existsSync("/proc/self/environ");
  return processTable;
}

/** It neither comes nor goes while we run. */
let processTable: boolean | undefined;

/** Newest number first, so that little time passes between the listing and the look at a process that just started. */
export function listPids(): readonly number[] {
  const pids: number[] = [];
  for (const name of namesIn("/proc")) if (/^[1-9]/.test(name)) pids.push(Number(name));
  return pids.sort((a, b) => b - a);
}

/** null = there is no such process. */
export function readProcess(pid: number): ProcessRecord | null {
  const line = readQuietly(`/proc/${pid}/stat`)?.toString("latin1");
  if (line === undefined) return null;
  // the name in parentheses may itself hold spaces and parentheses
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const at = (index: number): number => Number(fields[index] ?? Number.NaN);
  const ended = fields[0] === "Z" || fields[0] === "X";
  return {
    pid,
    parent: at(1),
    group: at(2),
    session: at(3),
    startTime: at(19),
    running: !ended || at(17) > 1, // a first thread may end before the others
    kernel: (at(6) & KERNEL_THREAD) !== 0,
  };
}

export function readMarker(pid: number): MarkerReading {
  let environment: Buffer;
  try {
    environment = readProcFile(`/proc/${pid}/environ`);
  } catch (error) {
    // another user's process, or one that hides its environment, cannot be read
    return isMissing(error) ? { state: "gone" } : { state: "read", marker: null };
  }
  return environment.length === 0 ? { state: "empty" } : { state: "read", marker: markerIn(environment) };
}

/** The number that the newest process got; null = unknown. */
export function newestPid(): number | null {
  const text = readQuietly("/proc/loadavg")?.toString("latin1");
  const pid = Number(text?.trimEnd().split(" ").at(-1) ?? Number.NaN);
  return Number.isInteger(pid) ? pid : null;
}

export function isPid(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

/** The boot and the pid namespace in which a pid means something; null = unknown. */
interface PidScope {
  readonly bootId: string | null;
  readonly pidNamespace: string | null;
}

let pidScope: PidScope | undefined;

/** Of this process, and so the same as long as it lives. */
export function readPidScope(): PidScope {
  pidScope ??= findPidScope();
  return pidScope;
}

function findPidScope(): PidScope {
  let pidNamespace: string | null = null;
  try {
    pidNamespace = readlinkSync("/proc/self/ns/pid");
  } catch {
    // no such system: stays unknown
  }
  return { bootId: readQuietly("/proc/sys/kernel/random/boot_id")?.toString("latin1").trim() ?? null, pidNamespace };
}

function markerIn(environment: Buffer): string | null {
  const key = `${TURN_VARIABLE}=`;
  for (let at = environment.indexOf(key); at !== -1; at = environment.indexOf(key, at + 1)) {
    if (at !== 0 && environment[at - 1] !== 0) continue;
    const end = environment.indexOf(0, at);
    return environment.toString("utf8", at + key.length, end === -1 ? environment.length : end);
  }
  return null;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // not Linux: no process can be seen
  }
}

const scratch = Buffer.alloc(64 * 1024);

/**
 * The bytes of a file whose size the system does not tell, good until the next call: a sweep reads hundreds of them, and
 * `readFileSync` makes a new buffer of 64 KiB for each.
 */
export function readProcFile(path: string): Buffer {
  const file = openSync(path, "r");
  try {
    const length = readSync(file, scratch, 0, scratch.length, 0);
    return length < scratch.length ? scratch.subarray(0, length) : readFileSync(path);
  } finally {
    closeSync(file);
  }
}

function readQuietly(path: string): Buffer | undefined {
  try {
    return readProcFile(path);
  } catch {
    return undefined; // it ended meanwhile, or this is not Linux
  }
}

/** No such file, or no such process any more. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ESRCH");
}
