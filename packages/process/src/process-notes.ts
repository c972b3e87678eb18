import { appendFileSync, mkdirSync, realpathSync, statSync, unlinkSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathProblem, TroupeError, type TurnId } from "@troupe/core";
import { endAdopted } from "./end-adopted.js";
import { askStartTime } from "./end-listed.js";
import { type ListedProcess, listerOf, type ProcessLister } from "./listed-processes.js";
import { isMissing, readPidScope, readProcess } from "./process-table.js";
import type { TreeRoot } from "./process-tree.js";
import { DEFAULT_SWEEP_MS, sweep } from "./sweep.js";

/** A process that a turn has started, as it is noted for a takeover. */
export interface StartedProcess {
  readonly turn: TurnId;
  readonly pid: number;
  /** As {@link readStartTime} told it at the start; not given = of whatever has the pid now. */
  readonly startTime?: number | null;
}

/** One line of `processes/<turn>.jsonl`: enough to see later whether a pid still means that very process. */
interface ProcessNote extends StartedProcess {
  /** See {@link readStartTime}; null = unknown. */
  readonly startTime: number | null;
  readonly bootId: string | null;
  readonly pidNamespace: string | null;
  /** The run's folder by its real path and its inode: a copy of the folder has neither, a moved one still has the second. */
  readonly folder: string;
  readonly inode: string;
}

/**
 * Writes down, below the run's folder, that a process was started for a turn. Synchronous: it is written before
 * anything else happens, so a takeover finds the process even if we die next. Not synced to disk: a loss of power ends
 * the process too. Throws `STORE_FULL` (details: path) when there is no space for it, `STORE_FAILED` when it cannot be
 * written for another reason.
 */
export function noteProcess(folder: string, { turn, pid, startTime = readStartTime(pid) }: StartedProcess): void {
  const file = noteFile(folder, turn);
  const write = (): void => {
    const note: ProcessNote = { turn, pid, startTime, ...readPidScope(), ...identify(folder) };
    // a newline first, too: a line torn by a crash does not swallow this one
    appendFileSync(file, `\n${JSON.stringify(note)}\n`, { mode: 0o600 });
  };
  try {
    try {
      write();
    } catch (error) {
      if (!isMissing(error)) throw error;
      mkdirSync(join(folder, "processes"), { recursive: true, mode: 0o700 });
      write();
    }
  } catch (error) {
    throw noteFailure(`the process ${pid} of turn ${turn}`, { folder, file, cause: error });
  }
}

type FolderIdentity = Pick<ProcessNote, "folder" | "inode">;

/** Of each path that was identified, as it was then. */
const identified = new Map<string, FolderIdentity>();

function identify(folder: string): FolderIdentity {
  const { dev, ino } = statSync(folder, { bigint: true });
  const inode = `${dev}:${ino}`;
  const before = identified.get(folder);
  if (before?.inode === inode) return before;
  const identity = { folder: realpathSync.native(folder), inode };
  identified.set(folder, identity);
  return identity;
}

/**
 * When a process started: with it a pid names one process only. In clock ticks since boot where there is `/proc`, else in
 * milliseconds since 1970, as a tool of the system tells it. null = unknown, or gone.
 */
export function readStartTime(pid: number): number | null {
  return readStartTimeBy(listerOf(process.platform), pid);
}

/** `lister` = who tells of the process; null = `/proc` does. */
export function readStartTimeBy(lister: ProcessLister | null, pid: number): number | null {
  return lister === null ? (readProcess(pid)?.startTime ?? null) : askStartTime(lister, pid);
}

interface FailedNote {
  readonly folder: string;
  readonly file: string;
  readonly cause: unknown;
}

function noteFailure(what: string, { folder, file, cause }: FailedNote): TroupeError {
  const isFull = cause instanceof Error && "code" in cause && (cause.code === "ENOSPC" || cause.code === "EDQUOT");
  const details = { path: file };
  if (isFull) {
    const hint = `Free some space; see what is left with: df -h '${folder}'`;
    return new TroupeError("STORE_FULL", `no space left to note ${what} in ${file}`, { hint, details, cause });
  }
  const hint = `Look at the folder: ls -ld '${folder}'; df -h '${folder}'`;
  return new TroupeError("STORE_FAILED", `${what} could not be noted in ${file}`, { hint, details, cause });
}

/**
 * Kills what a dead runner left of a turn: each noted process that is still the very one (pid, start time and, where
 * there is `/proc`, boot and pid namespace), with its group, session and descendants; resolves with the pids it killed, when they are gone. Whatever
 * else has one of those pids now is not touched, nor what was noted in a folder that this one is only a copy of. Rejects `PROCESS_NOT_ENDED` (details: pids) when some still run after
 * `limitMs` (10 s unless given).
 */
export function endNotedProcesses(
  folder: string,
  turn: TurnId,
  limitMs: number = DEFAULT_SWEEP_MS,
): Promise<readonly number[]> {
  return endNotedBy(listerOf(process.platform), { folder, turn, limitMs });
}

interface NotedTurn {
  readonly folder: string;
  readonly turn: TurnId;
  readonly limitMs: number;
}

/** `lister` = who tells of the processes; null = `/proc` does. */
export async function endNotedBy(
  lister: ProcessLister | null,
  { folder, turn, limitMs }: NotedTurn,
): Promise<readonly number[]> {
  const all = await readNotes(noteFile(folder, turn));
  if (all.length === 0) return [];
  const here = identify(folder);
  const notes = all.filter((note) => note.turn === turn && (note.folder === here.folder || note.inode === here.inode));
  if (lister !== null) return endListedNotes(lister, notes, limitMs);
  const scope = readPidScope();
  const roots = notes.flatMap((note): readonly TreeRoot[] => {
    if (note.startTime === null) return [];
    if (note.bootId === null || note.bootId !== scope.bootId || note.pidNamespace !== scope.pidNamespace) return [];
    return [{ pid: note.pid, startTime: note.startTime, ours: false }];
  });
  if (roots.length === 0) return [];
  return sweep({ roots, matches: null, limits: new Set(), since: null, above: 0 }, limitMs);
}

/** The date of the start tells another boot, too. */
async function endListedNotes(
  lister: ProcessLister,
  notes: readonly ProcessNote[],
  limitMs: number,
): Promise<readonly number[]> {
  const known = notes.filter(({ startTime }) => startTime !== null);
  const noted = new Set(known.map(({ pid, startTime }) => `${pid} ${startTime}`));
  const isNoted = (it: ListedProcess): boolean => noted.has(`${it.pid} ${lister.toMs(it.startedAt)}`);
  return noted.size === 0 ? [] : endAdopted(lister, isNoted, limitMs);
}

/** Removes the notes of a turn, once nothing of it runs. No notes = nothing to do. */
export async function forgetProcesses(folder: string, turn: TurnId): Promise<void> {
  try {
    unlinkSync(noteFile(folder, turn));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function noteFile(folder: string, turn: TurnId): string {
  const problem = pathProblem(turn) ?? (/[\\/]/.test(turn) ? "it has more than one part" : null);
  if (problem !== null) throw new TroupeError("PATH_OUTSIDE", `"${turn}" is no turn: ${problem}`);
  return join(folder, "processes", `${turn}.jsonl`);
}

async function readNotes(file: string): Promise<readonly ProcessNote[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    return []; // nothing was noted; what cannot be read is left to the sweep by marker
  }
  return text.split("\n").flatMap((line) => parseNote(line) ?? []);
}

/** null for a line torn by a crash: it names no process for certain, and the sweep by marker finds it. */
function parseNote(line: string): ProcessNote | null {
  try {
    const note: unknown = JSON.parse(line);
    return isNote(note) ? note : null;
  } catch {
    return null; // torn, or the empty line between two notes
  }
}

function isNote(value: unknown): value is ProcessNote {
  if (typeof value !== "object" || value === null) return false;
  const { turn, pid, startTime, bootId, pidNamespace, folder, inode } = value as Readonly<Record<string, unknown>>;
  const isText = (text: unknown): boolean => typeof text === "string" || text === null;
  return (
    typeof turn === "string" &&
    Number.isSafeInteger(pid) &&
    (startTime === null || Number.isSafeInteger(startTime)) &&
    isText(bootId) &&
    isText(pidNamespace) &&
    typeof folder === "string" &&
    typeof inode === "string"
  );
}
