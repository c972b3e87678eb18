import { type RunSummary, type StateStore, sanitizeLine } from "@troupe/core";
import { type CommandContext, withStore } from "../command-context.js";
import { damagedWarning, listRuns } from "../look/find-run.js";
import type { ListedLine } from "../look/listed-line.js";
import { isHeld } from "../look/run-report.js";
import { printJson } from "../print/print-json.js";
import { quoteWord } from "../print/quote-word.js";
import { showMoment } from "../print/show-time.js";

/** Lists all runs, newest first; a damaged one is named and hides no other. Exit code 5 when one is damaged. */
export async function listCommand(context: CommandContext): Promise<number> {
  return await withStore(context, async (store) => {
    const damaged: string[] = [];
    const summaries = await listRuns(store, (run) => {
      damaged.push(run.runId);
      context.host.stderr.write(damagedWarning(run));
    });
    const lines = await Promise.all(summaries.map((summary) => shown(store, summary)));
    if (context.options.json === true) printJson(context, "list", { version: 1, runs: lines });
    else if (lines.length === 0 && damaged.length === 0)
      context.note("There is no run yet. Start one: troupe run objective.md\n");
    else {
      context.print(lines.map(lineOf).join(""));
      const [newest] = lines;
      if (newest !== undefined) context.note(`All of one: troupe show ${newest.runId}\n`);
    }
    const [first] = damaged;
    if (first === undefined) return 0;
    context.note(`What can be done about a damaged one: troupe status ${quoteWord(first)}\n`);
    return 5;
  });
}

async function shown(store: StateStore, summary: RunSummary): Promise<ListedLine> {
  const isStalled = summary.status === "running" && !isHeld(await store.holder(summary.runId));
  return { ...summary, status: isStalled ? "stalled" : summary.status };
}

function lineOf({ runId, status, createdAt, objective }: ListedLine): string {
  return `${runId.padEnd(40)}  ${status.padEnd(11)}  ${showMoment(createdAt)}  ${sanitizeLine(objective)}\n`;
}
