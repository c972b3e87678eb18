import { readLimitMark } from "./limit-mark.js";
import { ownChildren } from "./own-children.js";
import {
  isPid,
  listPids,
  type MarkerReading,
  newestPid,
  type ProcessRecord,
  readMarker,
  readProcess,
} from "./process-table.js";

/** A process from which a tree hangs. */
export interface TreeRoot {
  readonly pid: number;
  /** null = unknown; then only its number counts. */
  readonly startTime: number | null;
  /**
   * True for a child of ours: its number was ours to the end, so what is left of its group and session belongs to the
   * tree even when the child itself is gone. A number from a note may have been given to others since.
   */
  readonly ours: boolean;
}

/** Which processes to look for. */
export interface TreeQuery {
  readonly roots: readonly TreeRoot[];
  /** Also every process whose marker this accepts; null = do not look at environments. */
  readonly matches: ((marker: string) => boolean) | null;
  /** Also every process with one of these limits: see `limit-mark.ts`; without `matches` they are not looked at. */
  readonly limits: ReadonlySet<string>;
  /** Only processes that started at this tick or later; null = all. */
  readonly since: number | null;
  /** Only processes with a higher number, unless numbers have wrapped around; 0 = all. */
  readonly above: number;
  /** Stops each marked process as soon as it is seen, so that it starts no other meanwhile. */
  readonly freeze: boolean;
}

export interface TreeScan {
  /** What runs of the tree: never this process nor one of its ancestors. */
  readonly members: readonly ProcessRecord[];
  /** False when a process ended or started a program during the look: something may have been missed. */
  readonly conclusive: boolean;
}

const NEIGHBOURS = 32;

/** Looks once at the process table. Descendants count by their parents, so a child with a cleared environment does too. */
export function scanTree(query: TreeQuery): TreeScan {
  const spared = query.since === null ? ownLine() : outsiders(query.roots);
  const records = new Map<number, ProcessRecord>();
  const members = new Set<number>();
  let conclusive = true;
  for (const pid of candidatePids(query.above)) {
    if (spared.has(pid)) continue;
    const record = readProcess(pid);
    if (record === null) conclusive = false;
    if (record === null || !isCandidate(record, query)) continue;
    records.set(pid, record);
    if (query.matches === null) continue;
    const reading = readMarker(pid);
    if (reading.state !== "read") conclusive = false;
    if (isMarked(pid, reading, query)) {
      members.add(pid);
      if (query.freeze) sendSignal(pid, "SIGSTOP");
    }
  }
  if (records.size > 0) addRelated(records, members, query.roots);
  return { members: [...records.values()].filter((record) => members.has(record.pid)), conclusive };
}

function isMarked(pid: number, reading: MarkerReading, { matches, limits }: TreeQuery): boolean {
  if (reading.state === "read" && reading.marker !== null && matches?.(reading.marker) === true) return true;
  return limits.size > 0 && limits.has(readLimitMark(pid) ?? "");
}

/** False = there is no such process any more; throws nothing else than what a caller's mistake would. */
export function sendSignal(pid: number, signal: NodeJS.Signals): "sent" | "gone" | "refused" {
  try {
    process.kill(pid, signal);
    return "sent";
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM" ? "refused" : "gone";
  }
}

function isCandidate(record: ProcessRecord, query: TreeQuery): boolean {
  if (!record.running || record.kernel) return false;
  return query.since === null || record.startTime >= query.since;
}

function addRelated(
  records: ReadonlyMap<number, ProcessRecord>,
  members: Set<number>,
  roots: readonly TreeRoot[],
): void {
  const leaders = new Set<number>(members);
  for (const root of roots) {
    const state = stateOf(root);
    if (state === "other" || (state === "gone" && !root.ours)) continue;
    leaders.add(root.pid);
    if (records.has(root.pid)) members.add(root.pid);
  }
  for (let before = -1; before !== leaders.size; ) {
    before = leaders.size;
    for (const { pid, parent, group, session } of records.values()) {
      if (members.has(pid) || !(leaders.has(parent) || leaders.has(group) || leaders.has(session))) continue;
      members.add(pid);
      leaders.add(pid);
    }
  }
}

function stateOf(root: TreeRoot): "same" | "gone" | "other" {
  const record = isPid(root.pid) ? readProcess(root.pid) : null;
  if (record === null) return "gone";
  return root.startTime === null || record.startTime === root.startTime ? "same" : "other";
}

/** This process and its other children: each has a tree of its own, which is ended with it. */
function outsiders(roots: readonly TreeRoot[]): ReadonlySet<number> {
  const spared = new Set(ownChildren).add(process.pid);
  for (const { pid } of roots) spared.delete(pid);
  return spared;
}

/** This process and its ancestors. */
function ownLine(): Set<number> {
  const line = new Set<number>();
  for (let pid = process.pid; pid > 0 && !line.has(pid); pid = readProcess(pid)?.parent ?? 0) line.add(pid);
  return line;
}

/**
 * Usually hardly a process has started since: then asking for each number is much cheaper than a list of all.
 * (It may find a thread, which has the environment, the group and the session of its process and dies with it.)
 */
function candidatePids(above: number): readonly number[] {
  if (above === 0) return listPids();
  const newest = newestPid();
  if (newest === null || newest < above) return listPids(); // the numbers have wrapped around
  if (newest - above > NEIGHBOURS) return listPids().filter((pid) => pid > above);
  const pids: number[] = [];
  for (let pid = newest; pid > above; pid--) if (isPid(pid)) pids.push(pid);
  return pids;
}
