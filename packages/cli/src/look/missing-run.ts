import { nearestName } from "@troupe/config/plain";
import { hasCode, type RunState, type StateStore, TroupeError } from "@troupe/core";
import { quoteWord } from "../print/quote-word.js";
import { listRuns, loadIfThere } from "./find-run.js";

/** The commands that take a run, and behind it the name of something of it. */
export type CommandOfRun = "show" | "logs" | "artifacts";

/**
 * The error with a hint at what was probably meant, when it says that there is no such run: an id that is like it, or a
 * stage or a file of the newest run, which stand behind a run's id. Every other error as it is.
 */
export async function hintAtMeant(error: unknown, store: StateStore, command: CommandOfRun): Promise<unknown> {
  if (!hasCode(error, "RUN_NOT_FOUND")) return error;
  const { message, details } = error;
  const word = details?.runId;
  if (typeof word !== "string") return error;
  const runs = await listRuns(store, () => {}).catch(() => []);
  const [newest] = runs;
  if (newest === undefined) return error;
  const state = await loadIfThere(store, newest.runId).catch(() => null);
  const meant = state === null ? null : meantOfRun(state, word, command);
  const near = nearestName(
    word,
    runs.map(({ runId }) => runId),
  );
  const hint =
    meant ?? (near === null ? "See all runs: troupe list" : `Did you mean ${near}? See all runs: troupe list`);
  return new TroupeError("RUN_NOT_FOUND", message, { hint, cause: error, details: { runId: word } });
}

function meantOfRun({ runId, stages }: RunState, word: string, command: CommandOfRun): string | null {
  const stage = [...stages.keys()].find((id) => id.toUpperCase() === word.toUpperCase());
  if (stage !== undefined) {
    const how = command === "logs" ? "logs" : "show";
    return `${stage} is a stage. Of the newest run: troupe ${how} ${runId} ${stage}`;
  }
  const isFile = [...stages.values()].some(({ artifacts }) => artifacts.has(word));
  return isFile ? `It is a file. Of the newest run: troupe artifacts ${runId} ${quoteWord(word)}` : null;
}
