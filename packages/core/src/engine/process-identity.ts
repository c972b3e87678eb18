import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import type { Owner } from "../model/events.js";

/** Whether the process that an owner names is still that very process. */
export type Liveness = "alive" | "dead" | "unknown";

/** Who this process is and who still lives, for stores that keep leases; a test puts its own in its place. */
export interface ProcessWitness {
  identifySelf(command: string): Promise<Owner>;
  /** Judged from where `self` stands. */
  judgeLiveness(owner: Owner, self: Owner): Promise<Liveness>;
}

/**
 * This process as an owner. Start time, boot id and namespace are Linux's, from `/proc`; null elsewhere, or where
 * `/proc` is closed.
 */
export async function identifySelf(command: string): Promise<Owner> {
  const stat = readText("/proc/self/stat");
  const bootId = readText("/proc/sys/kernel/random/boot_id");
  return {
    pid: process.pid,
    startTime: stat === null ? null : startTimeOf(stat, process.pid),
    bootId: bootId?.trim() ?? null,
    pidNamespace: readLink("/proc/self/ns/pid"),
    host: hostname(),
    command,
  };
}

/**
 * Judges an owner from where `self` stands. A stopped process is alive; one whose pid now belongs to a process with
 * another start time is dead, and so is one of an earlier boot of this host. Whoever cannot be looked at, on another
 * host or in another pid namespace, is unknown.
 */
export async function judgeLiveness(owner: Owner, self: Owner): Promise<Liveness> {
  if (owner.bootId !== self.bootId) {
    const isEarlierBoot = owner.host === self.host && owner.bootId !== null && self.bootId !== null;
    return isEarlierBoot ? "dead" : "unknown";
  }
  if (owner.pidNamespace !== self.pidNamespace) return "unknown";
  if (owner.bootId === null && owner.host !== self.host) return "unknown"; // nothing but the name tells hosts apart
  return isSameProcess(owner, self) ? "alive" : "dead";
}

function isSameProcess(owner: Owner, self: Owner): boolean {
  const canCompare = owner.startTime !== null && self.startTime !== null;
  const text = canCompare ? readText(`/proc/${owner.pid}/stat`) : null;
  const stat = text === null ? null : parseStat(text);
  if (stat === null) return existsAtAll(owner.pid); // gone, hidden from other users, or no /proc to look at
  return stat.startTime === owner.startTime && !["Z", "X", "x"].includes(stat.state);
}

function existsAtAll(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"; // there, but another user's
  }
}

/** null also when `/proc` shows the processes of another namespace, where numbers mean other processes. */
function startTimeOf(stat: string, pid: number): string | null {
  return stat.startsWith(`${pid} `) ? (parseStat(stat)?.startTime ?? null) : null;
}

/** Fields 3 (state) and 22 (start time, clock ticks since boot) of proc(5); the name before them may hold anything. */
function parseStat(text: string): { readonly state: string; readonly startTime: string } | null {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, startTime] = [fields[0], fields[19]];
  return state === undefined || startTime === undefined ? null : { state, startTime };
}

// what /proc says is in memory: handing the look to another thread would take longer
function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null; // not Linux, closed, or the process is gone
  }
}

function readLink(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null; // not Linux, or closed
  }
}

/** The system's own knowledge. */
export const systemWitness: ProcessWitness = { identifySelf, judgeLiveness };
