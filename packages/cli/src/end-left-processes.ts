import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { endMarkedProcesses, endNotedProcesses } from "@troupe/process";

/**
 * Ends every process that turns of a run have left, those noted in its folder and those that carry its marker, of claims
 * up to `epoch` (null = of any); resolves with their numbers when none is left. The notes stay: the folder is only read.
 * Rejects `PROCESS_NOT_ENDED`.
 */
export async function endLeftProcesses(
  runFolder: string,
  runId: string,
  epoch: number | null,
): Promise<readonly number[]> {
  const ended = new Set<number>();
  const notes = await readdir(join(runFolder, "processes")).catch(() => []); // nothing was noted
  for (const name of notes) {
    if (!/^[A-Za-z0-9._-]+\.jsonl$/.test(name)) continue;
    for (const pid of await endNotedProcesses(runFolder, name.slice(0, -".jsonl".length))) ended.add(pid);
  }
  const marker = (value: string): boolean => {
    const [run, claim] = value.split("/");
    return run === runId && (epoch === null || Number(claim) <= epoch);
  };
  for (const pid of await endMarkedProcesses({ marker })) ended.add(pid);
  return [...ended];
}
