import { loadRun } from "@troupe/core";
import { type CommandContext, withStore } from "../command-context.js";
import { findRun } from "../look/find-run.js";
import { placeReport } from "../look/place-hints.js";
import { renderReport, reportRun } from "../look/run-report.js";
import { printJson } from "../print/print-json.js";
import { readQuestions, showQuestions } from "../questions/question-box.js";

/** Shows a run, the newest by default, as it is: also after its process was killed. Takes and writes nothing. */
export async function statusCommand(context: CommandContext, run: string | undefined): Promise<number> {
  return await withStore(context, async (store) => {
    const runId = await findRun(store, run, context.note);
    const { state } = await loadRun(store, runId);
    const shown = reportRun(state, await store.holder(runId), state.limit, context.host.clock.now());
    const report = placeReport(context, shown);
    // what a dead process asked nobody can answer any more
    const questions = report.holder === null ? [] : await readQuestions(context.project.stateFolder, runId);
    if (context.options.json === true) printJson(context, "status", { version: 1, ...report, questions });
    else {
      const asked = questions.length === 0 ? "" : `Waits for an answer:\n${showQuestions(context, runId, questions)}`;
      context.print(renderReport(report) + asked);
    }
    return 0;
  });
}
