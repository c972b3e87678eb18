import { rm } from "node:fs/promises";
import type { AbandonedTurn, LogRef, RunnerHost, TurnTask } from "@troupe/core";
import {
  endMarkedProcesses,
  endNotedProcesses,
  forgetProcesses,
  parseTurnMarker,
  stateFolderMark,
  turnMarker,
} from "@troupe/process";
import { readKnownFacts } from "./known-facts.js";
import { runFolders } from "./run-folders.js";

/**
 * Ends what a dead runner left of a turn: the processes it noted, then all that carry the turn's marker of whatever
 * claim. Resolves, when nothing of it is alive, with what was known of the turn. Rejects `TURN_FAILED` (details: pids).
 */
export async function endAbandonedTurn(task: TurnTask, host: RunnerHost): Promise<AbandonedTurn | null> {
  const folders = runFolders(host.runFolder(task.runId));
  await endNotedProcesses(folders.run, task.turn);
  await endMarked(task, host);
  const { session, usage } = await readKnownFacts(folders.known(task.turn));
  const log = await findLog(task, host);
  await forgetProcesses(folders.run, task.turn);
  await rm(folders.known(task.turn), { force: true });
  return log === null && session === null && usage === null ? null : { log, session, usage };
}

/**
 * Of whatever claim: the one that started it may be older than the one before ours. Never of another state folder, which
 * may hold the same run and be at work on it.
 */
async function endMarked({ runId, turn, epoch }: TurnTask, { stateFolder }: RunnerHost): Promise<void> {
  const state = stateFolderMark(stateFolder);
  await endMarkedProcesses({
    marker(value) {
      const marked = parseTurnMarker(value);
      return marked !== null && marked.runId === runId && marked.turn === turn && marked.state === state;
    },
    turns: [turnMarker({ runId, turn, epoch, stateFolder })],
  });
}

async function findLog({ runId, turn }: TurnTask, host: RunnerHost): Promise<LogRef | null> {
  let bytes = 0;
  for await (const chunk of host.logs.read(runId, turn)) bytes += chunk.length;
  return bytes === 0 ? null : { turn, bytes, truncated: false };
}
