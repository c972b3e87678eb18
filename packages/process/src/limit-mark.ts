import { execFile } from "node:child_process";
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { type CommandLine, sha256 } from "@troupe/core";
import { findProgram, lookForProgram } from "./find-program.js";
import { readProcFile } from "./process-table.js";
import { parseTurnMarker } from "./turn-marker.js";

/**
 * A mark that a process cannot lose by accident: the limit on real-time scheduling (RLIMIT_RTTIME) is inherited over
 * every fork and exec, survives a cleared environment, a new session and the loss of the parent, can be read by
 * everybody, and a value of tens of thousands of years limits nothing.
 */
const MARK_FLOOR = 2n ** 61n;
const MARK_BITS = 60n;
const LIMIT_LINE = /^Max realtime timeout\s+(\d+|unlimited)\s+(\d+|unlimited)/m;
/** Longer ones are not worth the risk: a program that cannot be started must say so itself. */
const MAX_ARGUMENTS_BYTES = 512 * 1024;
/** Of UTF-8, for each letter that counts as one. */
const MOST_BYTES_PER_LETTER = 3;

/** In microseconds, as the system shows it. It is the same for each claim of a turn: no turn is started by two. */
export function limitMark(marker: string): string {
  const turn = parseTurnMarker(marker);
  const name = turn === null ? marker : `${turn.runId}//${turn.turn}/${turn.state}`;
  const hash = BigInt(`0x${sha256(name).slice(0, 16)}`);
  return String(MARK_FLOOR + (hash % 2n ** MARK_BITS));
}

/** null = none that could be ours, or a process of another user, which we could not end. */
export function readLimitMark(pid: number | "self"): string | null {
  try {
    const mark = LIMIT_LINE.exec(readProcFile(`/proc/${pid}/limits`).toString("latin1"))?.[2] ?? "unlimited";
    if (mark === "unlimited" || BigInt(mark) < MARK_FLOOR) return null;
    return mayEnd(pid) ? mark : null;
  } catch {
    return null; // it ended meanwhile, or this is not Linux
  }
}

function mayEnd(pid: number | "self"): boolean {
  const own = process.getuid?.();
  return own === 0 || own === statSync(`/proc/${pid}`).uid;
}

export interface MarkedStart {
  readonly command: CommandLine;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly marker: string;
}

/**
 * The arguments that start the program with its mark, as the same process; without it where there is no `prlimit`, and
 * where the start would fail: then the system itself has to say why.
 */
export async function markStart(argv: readonly string[], start: MarkedStart): Promise<readonly string[]> {
  limitTool ??= findLimitTool();
  const tool = await limitTool;
  if (tool === null || !isSmall(argv, start.env) || !canStart(argv[0] ?? "", start)) return argv;
  const mark = limitMark(start.marker);
  ownMark ??= { value: readLimitMark("self") };
  const around = ownMark.value; // we run in a turn ourselves: only root may raise the limit again
  if (around !== null && BigInt(around) < BigInt(mark) && process.getuid?.() !== 0) return argv;
  return [tool, `--rttime=${mark}:${mark}`, "--", ...argv];
}

let limitTool: Promise<string | null> | undefined;
/** Given to us by who started us. */
let ownMark: { readonly value: string | null } | undefined;

/** null = there is none, or it may not do it here. */
async function findLimitTool(): Promise<string | null> {
  if (process.platform !== "linux") return null;
  const tool = await findProgram({ program: "prlimit", searchPath: "/usr/bin:/bin:/usr/local/bin", folder: "/" });
  if (tool === null) return null;
  const mark = String(MARK_FLOOR);
  return await new Promise((resolve) => {
    execFile(tool, [`--rttime=${mark}:${mark}`, "--", "/bin/sh", "-c", ":"], (error) => resolve(error ? null : tool));
  });
}

function isSmall(argv: readonly string[], env: Readonly<Record<string, string>>): boolean {
  let bytes = 0;
  for (const text of argv) bytes += MOST_BYTES_PER_LETTER * text.length;
  for (const name in env) bytes += MOST_BYTES_PER_LETTER * (name.length + (env[name]?.length ?? 0));
  if (bytes <= MAX_ARGUMENTS_BYTES) return true; // nearly always: then nothing need be counted
  const texts = [...argv, ...Object.entries(env).flat()];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) <= MAX_ARGUMENTS_BYTES;
}

function canStart(program: string, { cwd, env }: MarkedStart): boolean {
  if (program.startsWith("-")) return false;
  const path = lookForProgram({ program, searchPath: env.PATH, folder: cwd });
  const beginning = path === null ? null : beginningOf(path);
  if (beginning === null) return false;
  const [, interpreter] = /^#![ \t]*(\S+)/.exec(beginning) ?? [];
  return interpreter === undefined
    ? beginning !== ""
    : lookForProgram({ program: interpreter, searchPath: "", folder: cwd }) !== null;
}

/** null = executable but not readable: whether it can be started is not ours to guess. */
function beginningOf(path: string): string | null {
  let file: number | null = null;
  try {
    file = openSync(path, "r");
    const buffer = Buffer.alloc(256);
    return buffer.toString("latin1", 0, readSync(file, buffer, 0, buffer.length, 0));
  } catch {
    return null;
  } finally {
    if (file !== null) closeSync(file);
  }
}
