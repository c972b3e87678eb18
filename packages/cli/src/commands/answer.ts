import { loadRun, TroupeError } from "@troupe/core";
import { type CommandContext, withStore } from "../command-context.js";
import { isHeld } from "../look/run-report.js";
import { printJson } from "../print/print-json.js";
import { giveAnswer, readQuestions, showQuestions } from "../questions/question-box.js";

/**
 * Answers a question of an agent of a run that runs without a terminal; without an answer it shows what is asked. Rejects
 * `RUN_NOT_FOUND`, and `NOT_WAITING` when nobody asks that (any more).
 */
export async function answerCommand(
  context: CommandContext,
  runId: string,
  questionId: string | undefined,
  words: readonly string[],
): Promise<number> {
  await refuseUnheld(context, runId);
  const { stateFolder } = context.project;
  const all = await readQuestions(stateFolder, runId);
  const questions = questionId === undefined ? all : all.filter(({ id }) => id === questionId);
  const isJson = context.options.json === true;
  const [question] = questions;
  if (questionId !== undefined && question === undefined) {
    throw new TroupeError("NOT_WAITING", `no agent of run ${runId} waits for an answer to ${questionId}`, {
      hint: `See what is open: troupe answer ${runId}`,
    });
  }
  if (question === undefined || words.length === 0) {
    if (isJson) printJson(context, "answer", { version: 1, runId, answered: null, questions });
    else
      context.print(
        questions.length === 0 ? "No agent waits for an answer.\n" : showQuestions(context, runId, questions),
      );
    return 0;
  }
  await giveAnswer(stateFolder, runId, question, words.join(" "));
  const open = all.filter(({ id }) => id !== question.id); // its file stays until the agent has read the answer
  if (isJson) printJson(context, "answer", { version: 1, runId, answered: question.id, questions: open });
  else context.print(`Answered ${question.id} of ${runId}.\n`);
  return 0;
}

/** What a dead process left asks nobody any more. */
async function refuseUnheld(context: CommandContext, runId: string): Promise<void> {
  await withStore(context, async (store) => {
    await loadRun(store, runId);
    if (isHeld(await store.holder(runId))) return;
    throw new TroupeError("NOT_WAITING", `nobody works on run ${runId}, so no agent of it waits for an answer`, {
      hint: `See how it stands: troupe status ${runId}`,
    });
  });
}
