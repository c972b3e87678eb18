import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { endMarkedProcesses, endNotedProcesses, parseTurnMarker, stateFolderMark, turnMarker } from "@troupe/process";

export interface LeftRun {
  readonly runId: string;
  /** Absolute. Processes of the same run in another one are not meant. */
  readonly stateFolder: string;
  /** Of claims up to this one; null = of any. */
  readonly epoch: number | null;
}

/**
 * Ends every process that turns of a run have left, those noted in its folder and those that carry its marker; resolves
 * with their numbers when none is left. The notes stay: the folder is only read. Rejects `PROCESS_NOT_ENDED`.
 */
export async function endLeftProcesses({ runId, stateFolder, epoch }: LeftRun): Promise<readonly number[]> {
  const ended = new Set<number>();
  const folder = join(stateFolder, "runs", runId);
  const turns = await notedTurns(folder);
  for (const turn of turns) {
    for (const pid of await endNotedProcesses(folder, turn)) ended.add(pid);
  }
  const state = stateFolderMark(stateFolder);
  const marker = (value: string): boolean => {
    const marked = parseTurnMarker(value);
    if (marked === null || marked.runId !== runId || marked.state !== state) return false;
    return epoch === null || marked.epoch <= epoch;
  };
  const markers = turns.map((turn) => turnMarker({ runId, turn, epoch: epoch ?? 0, stateFolder }));
  for (const pid of await endMarkedProcesses({ marker, turns: markers })) ended.add(pid);
  return [...ended];
}

async function notedTurns(folder: string): Promise<readonly string[]> {
  const names = await readdir(join(folder, "processes")).catch(() => []); // nothing was noted
  return names.flatMap((name) => (/^[A-Za-z0-9._-]+\.jsonl$/.test(name) ? [name.slice(0, -".jsonl".length)] : []));
}
