import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execFileAsync = promisify(execFile);

/** What starting a program costs, from outside: milliseconds of one start. */
export interface ProcessCost {
  readonly wallMs: number;
  /** Of it and of all that it started and waited for. */
  readonly cpuMs: number;
}

/** The shell's `times` counts in these; less than one counts as one. */
const TICK_MS = 10;
/** What it prints does not matter, but it must not take the pipe for a terminal. */
const LOOP =
  'n=$1; shift; while [ "$n" -gt 0 ]; do "$@" >/dev/null 2>&1 </dev/null || exit 1; n=$((n - 1)); done; times';

/** Starts a program `count` times, one after the other. Rejects when it fails. */
export async function costOf(
  command: readonly string[],
  { cwd, count }: { readonly cwd: string; readonly count: number },
): Promise<ProcessCost> {
  const begin = performance.now();
  const { stdout } = await execFileAsync("/bin/sh", ["-c", LOOP, "sh", String(count), ...command], { cwd });
  const wallMs = (performance.now() - begin) / count;
  const [, children = ""] = stdout.trim().split("\n");
  const cpuMs = Math.max(TICK_MS, sumOf(children)) / count;
  return { wallMs, cpuMs };
}

function sumOf(times: string): number {
  return times.split(/\s+/).reduce((sum, part) => sum + msOf(part), 0);
}

/** `0m0.250s` */
function msOf(part: string): number {
  const [, minutes, seconds] = /^(\d+)m([\d.]+)s$/.exec(part) ?? [];
  if (minutes === undefined || seconds === undefined) throw new Error(`times said ${JSON.stringify(part)}`);
  return (Number(minutes) * 60 + Number(seconds)) * 1000;
}
