import { loadRun } from "@troupe/core";
import { type CommandContext, withStore } from "../command-context.js";
import { findRun } from "../find-run.js";
import { printJson } from "../print-json.js";
import { renderReport, reportRun } from "../run-report.js";

/** Shows a run, the newest by default, as it is: also after its process was killed. Takes and writes nothing. */
export async function statusCommand(context: CommandContext, run: string | undefined): Promise<number> {
  return await withStore(context, async (store) => {
    const runId = await findRun(store, run, context.note);
    const { state } = await loadRun(store, runId);
    const report = reportRun(state, await store.holder(runId), state.limit, context.host.clock.now());
    if (context.options.json === true) printJson(context, "status", report);
    else context.print(renderReport(report));
    return 0;
  });
}
