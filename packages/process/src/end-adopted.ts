import { TroupeError } from "@troupe/core";
import { killListed, runTool } from "./end-listed.js";
import { idOf, type ListedProcess, type ProcessLister, withDescendants } from "./listed-processes.js";
import { notEnded } from "./sweep.js";

/**
 * Where there is no `/proc`: kills each listed process that is meant, with its descendants and, where there are groups,
 * the groups that these lead, until none is left; resolves with their numbers. Never touches this process and its
 * ancestors. Rejects `PROCESS_NOT_ENDED` (details: pids) when some still run after `limitMs`, or when the tool does not
 * list the processes until then: nobody knows then what still runs.
 */
export async function endAdopted(
  lister: ProcessLister,
  isMeant: (it: ListedProcess) => boolean,
  limitMs: number,
): Promise<readonly number[]> {
  const ended = new Map<string, ListedProcess>();
  for (const until = performance.now() + limitMs; ; ) {
    const all = lister.parse((await runTool(lister.list)).stdout);
    const isList = all.some(({ pid }) => pid === process.pid); // else the tool has failed
    const members = treesOf(withoutOwnLine(all), isMeant, ended);
    if (isList && members.length === 0) return [...new Set([...ended.values()].map(({ pid }) => pid))];
    if (performance.now() > until) throw isList ? notEnded(members) : notListed(lister);
    for (const member of members) ended.set(idOf(member), member);
    await killListed(lister, members);
  }
}

function treesOf(
  all: readonly ListedProcess[],
  isMeant: (it: ListedProcess) => boolean,
  ended: ReadonlyMap<string, ListedProcess>,
): readonly ListedProcess[] {
  // the number of a group is nobody else's as long as one of it runs, also when its leader has gone
  const groups = new Set([...ended.values()].filter(isLeader).map(({ pid }) => pid));
  for (let members: readonly ListedProcess[] = []; ; ) {
    const isFirst = (it: ListedProcess): boolean =>
      isMeant(it) || ended.has(idOf(it)) || (it.group !== null && groups.has(it.group));
    const found = withDescendants(all, isFirst);
    if (found.length === members.length) return found;
    members = found;
    for (const { pid } of members.filter(isLeader)) groups.add(pid);
  }
}

function isLeader({ pid, group }: ListedProcess): boolean {
  return pid === group;
}

function withoutOwnLine(all: readonly ListedProcess[]): readonly ListedProcess[] {
  const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
  const line = new Set<number>();
  for (let pid = process.pid; pid > 0 && !line.has(pid); pid = parents.get(pid) ?? 0) line.add(pid);
  return all.filter(({ pid }) => !line.has(pid));
}

function notListed({ list: [tool = ""] }: ProcessLister): TroupeError {
  return new TroupeError(
    "PROCESS_NOT_ENDED",
    `what a dead runner left could not be looked for: ${tool} lists nothing`,
    {
      hint: `See what it says: ${tool === "/bin/ps" ? "/bin/ps -ax" : "powershell Get-CimInstance Win32_Process"}`,
      details: { pids: [], retry: "never" },
    },
  );
}
