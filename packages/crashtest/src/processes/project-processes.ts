import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** How long after its end nothing of a run may be alive any more. */
const GRACE_MS = 5_000;
const LOOK_MS = 20;

/** Processes whose environment has a turn of a run in this folder: agents, commands and whatever they started. */
export function projectProcesses(folder: string): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
        return environment.includes("TROUPE_TURN=") && environment.includes(`=${folder}/`) && !isOver(pid);
      } catch {
        return false; // gone, or not ours to read
      }
    });
}

/** Those that are still alive when the time of grace is over; empty as soon as none is left. */
export async function leftovers(folder: string): Promise<readonly number[]> {
  const end = performance.now() + GRACE_MS;
  for (;;) {
    const alive = projectProcesses(folder);
    if (alive.length === 0 || performance.now() > end) return alive;
    await delay(LOOK_MS);
  }
}

export function endProcesses(pids: readonly number[]): void {
  for (const pid of pids) signalProcess(pid, "SIGKILL");
}

/** A process that is gone already is no error. */
function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // gone: that was the wish, or the next look tells
  }
}

/** `/proc/<pid>/stat`: the state after the name in parentheses; a zombie has ended. */
function isOver(pid: number): boolean {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return ["Z", "X"].includes(text.slice(text.lastIndexOf(")") + 2, text.lastIndexOf(")") + 3));
}
