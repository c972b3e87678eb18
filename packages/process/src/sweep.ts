import { setImmediate, setTimeout as wait } from "node:timers/promises";
import { TroupeError } from "@troupe/core";
import { hasProcessTable, type ProcessRecord, readProcess } from "./process-table.js";
import { scanTree, sendSignal, type TreeQuery } from "./process-tree.js";

/** How long a sweep goes on before it gives up, in milliseconds. */
export const DEFAULT_SWEEP_MS = 10_000;
/** Empty looks in a row, each with something moving meanwhile, that are believed: on a busy machine none may be quiet. */
const MOST_DOUBTS = 24;

/**
 * Kills what `query` finds, again and again, until nothing of it runs; resolves with the numbers of what it killed.
 * Without `/proc` it finds nothing: see `end-adopted.ts`. Rejects `PROCESS_NOT_ENDED` (details: pids) when something still runs after `limitMs`.
 */
export async function sweep(query: Omit<TreeQuery, "freeze">, limitMs: number): Promise<readonly number[]> {
  if (!hasProcessTable()) return [];
  const killed = new Map<number, ProcessRecord>();
  const until = performance.now() + limitMs;
  for (let doubts = 0; ; ) {
    const began = performance.now();
    const { members: found, conclusive } = scanTree({ ...query, freeze: true });
    // a killed one takes a moment to go, and without its parent nothing may tie it to the tree any more
    const members = found.length > 0 ? found : [...killed.values()].filter(stillRuns);
    // a process may end between the listing and the look and leave a child: one empty look proves it only if nothing moved
    if (members.length === 0 && (conclusive || ++doubts >= MOST_DOUBTS)) return [...killed.keys()];
    if (members.length > 0) doubts = 0;
    const known = killed.size;
    // first all stand still, so that none can answer the end of another
    for (const member of members) signalSame(member, "SIGSTOP");
    for (const member of members) if (signalSame(member, "SIGKILL")) killed.set(member.pid, member);
    if (members.length > 0 && performance.now() > until) throw notEnded(members);
    // as long as new ones turn up there is no time to lose; else give the killed ones time to go
    if (killed.size > known || members.length === 0) await setImmediate();
    else await wait(Math.min(50, Math.max(2, 2 * (performance.now() - began))));
  }
}

function stillRuns({ pid, startTime }: ProcessRecord): boolean {
  const now = readProcess(pid);
  return now?.startTime === startTime && now.running;
}

function signalSame(member: ProcessRecord, signal: NodeJS.Signals): boolean {
  return readProcess(member.pid)?.startTime === member.startTime && sendSignal(member.pid, signal) === "sent";
}

export function notEnded(members: readonly Pick<ProcessRecord, "pid">[]): TroupeError {
  const pids = members.map((member) => member.pid);
  return new TroupeError("PROCESS_NOT_ENDED", `processes could not be ended: ${pids.join(", ")}`, {
    hint: `Look at them with: ps -o pid,user,stat,args -p ${pids.join(",")}`,
    details: { pids, retry: "never" },
  });
}
