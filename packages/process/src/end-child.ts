import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "@troupe/core";
import { hasProcessTable } from "./process-table.js";
import { scanTree, sendSignal, type TreeRoot } from "./process-tree.js";
import { hasExited, type StartedChild } from "./spawn-child.js";

/** How long each step of ending a process tree may take, in milliseconds. */
export interface EndingLadder {
  /** From asking it in its own language, where its input is a conversation, to closing that; 0 unless given. */
  readonly askMs?: number;
  /** From closing standard input to TERM; 0 unless given. */
  readonly closeMs?: number;
  /** From TERM to KILL; 10 s unless given. */
  readonly termMs?: number;
  /** From KILL until the processes must be gone; 10 s unless given. */
  readonly killMs?: number;
}

export interface EndRequest {
  readonly started: StartedChild;
  readonly root: TreeRoot;
  readonly ladder: EndingLadder;
  /** Its input has been ended already, behind the last words. */
  readonly isConversation: boolean;
  readonly clock: Clock;
  /** Skips what is left of the waiting. */
  readonly kill: AbortSignal;
}

const DEFAULT_TERM_MS = 10_000;

/**
 * Asks a process and its group to end: standard input closed, TERM, KILL, each after the one before got its time.
 * What left the group is not reached; the sweep that follows finds it.
 */
export async function endChild(request: EndRequest): Promise<void> {
  const { started, root, ladder, clock, kill } = request;
  if (!request.isConversation) started.child.stdin?.destroy();
  const patience = new AbortController();
  const lose = (): void => patience.abort();
  kill.addEventListener("abort", lose, { once: true });
  if (kill.aborted) lose();
  void started.exit.then(lose);
  if (ladder.closeMs !== undefined) await clock.wait(ladder.closeMs, patience.signal);
  kill.removeEventListener("abort", lose);
  if (!hasExited(started)) {
    signalGroup(started, "SIGTERM");
    signalGroup(started, "SIGCONT"); // a process that stopped itself hears TERM only when it goes on
    await graceOver(request);
  }
  if (hasExited(started)) {
    if (!hasProcessTable()) sendSignal(-root.pid, "SIGKILL");
  } else signalGroup(started, "SIGKILL");
}

/** Until the group is empty (the process may be a wrapper around one that tidies up), the time is over, or `kill`. */
async function graceOver({ started, root, ladder, clock, kill }: EndRequest): Promise<void> {
  const over = new AbortController();
  const end = (): void => over.abort();
  kill.addEventListener("abort", end, { once: true });
  if (kill.aborted) end();
  const time = clock.wait(ladder.termMs ?? DEFAULT_TERM_MS, over.signal).then(end);
  await Promise.race([started.exit, time]);
  for (let pauseMs = 5; !over.signal.aborted && isGroupAlive(root); pauseMs = Math.min(100, 2 * pauseMs)) {
    await Promise.race([wait(pauseMs), time]);
  }
  end();
  await time;
  kill.removeEventListener("abort", end);
}

function isGroupAlive(root: TreeRoot): boolean {
  if (!hasProcessTable()) return false; // cannot be told from processes that only wait to be collected
  const query = {
    roots: [root],
    matches: null,
    limits: new Set<string>(),
    since: root.startTime,
    above: 0,
    freeze: false,
  };
  return scanTree(query).members.some((member) => member.group === root.pid);
}

/** Only while the process has not been collected: after that its number may be somebody else's. */
function signalGroup(started: StartedChild, signal: NodeJS.Signals): void {
  if (hasExited(started)) return;
  if (process.platform === "win32") started.child.kill(signal);
  else sendSignal(-started.pid, signal);
}
