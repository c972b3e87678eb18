import { execFile, execFileSync } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { type ListedProcess, type ListedTree, membersOf, type ProcessLister } from "./listed-processes.js";
import { sendSignal } from "./process-tree.js";
import { notEnded } from "./sweep.js";

const MAX_LIST_BYTES = 64 * 1024 * 1024;
const LOOK_MS = 50;
const ASK_MS = 5000;

type Tree = Pick<ListedTree, "root" | "marker">;

/** Who is in the tree now; to be asked before the first signal, as long as parents live. Empty when nobody can be asked. */
export async function listTree(lister: ProcessLister, tree: Tree): Promise<readonly ListedProcess[]> {
  return look(lister, { ...tree, hasRoot: true, known: [] });
}

async function look(lister: ProcessLister, tree: ListedTree): Promise<readonly ListedProcess[]> {
  const { stdout } = await runTool(lister.list);
  return membersOf(lister.parse(stdout), tree);
}

/**
 * Kills what is left of a tree whose root has ended, until nothing is. Without groups and markers there is nothing to look
 * for but those known before. Rejects `PROCESS_NOT_ENDED` (details: pids) after `limitMs`.
 */
export async function endListed(
  lister: ProcessLister,
  tree: Omit<ListedTree, "hasRoot">,
  limitMs: number,
): Promise<void> {
  const until = performance.now() + limitMs;
  if (lister.end !== null && tree.known.length === 0) return;
  for (let known = tree.known; ; ) {
    const members = await look(lister, { ...tree, hasRoot: false, known });
    if (members.length === 0) return;
    if (performance.now() > until) throw notEnded(members);
    known = [...known, ...members];
    await killListed(lister, members);
  }
}

/** And gives them a moment to go. */
export async function killListed(lister: ProcessLister, members: readonly ListedProcess[]): Promise<void> {
  for (const { pid } of members) {
    if (lister.end === null) sendSignal(pid, "SIGKILL");
    else await runTool(lister.end(pid));
  }
  await wait(LOOK_MS);
}

/** When a process started, in milliseconds since 1970; null = unknown, or gone. Holds everything up while the tool runs. */
export function askStartTime(lister: ProcessLister, pid: number): number | null {
  const [tool = "", ...args] = lister.listOne(pid);
  try {
    const text = execFileSync(tool, args, { ...toolOptions(), encoding: "utf8", stdio: "pipe", timeout: ASK_MS });
    const found = lister.parse(text).find((it) => it.pid === pid);
    const time = found === undefined ? Number.NaN : lister.toMs(found.startedAt);
    return Number.isNaN(time) ? null : time;
  } catch {
    return null; // gone, or nobody can be asked
  }
}

/** A tool that fails says nothing of the processes: it is asked again at the next look. */
export function runTool([tool = "", ...args]: readonly string[]): Promise<{ readonly stdout: string }> {
  return new Promise((resolve) => execFile(tool, args, toolOptions(), (_error, stdout) => resolve({ stdout })));
}

function toolOptions() {
  return { env: { ...process.env, LC_ALL: "C", TZ: "UTC" }, maxBuffer: MAX_LIST_BYTES, windowsHide: true };
}
