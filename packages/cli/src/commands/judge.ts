import { jsonLine, judgeStage, loadRun, type StateStore, TroupeError } from "@troupe/core";
import { type CommandContext, withStore } from "../command-context.js";
import type { JudgeOutput } from "../command-outputs.js";
import { personOf } from "../host/person.js";
import { isHeld } from "../look/run-report.js";
import { suggestResume } from "../look/suggest-resume.js";
import { waitingLines, waitingResults } from "../look/waiting-results.js";

export interface JudgeOptions {
  readonly message?: string;
  readonly turn?: string;
}

/**
 * Records what a person says of a waiting result, from any terminal and without taking the run: whoever holds it acts
 * on it, else the next resume does.
 */
export async function judgeCommand(
  context: CommandContext,
  verdict: "approved" | "rejected",
  { run: runId, stage }: { readonly run: string; readonly stage: string },
  { message, turn }: JudgeOptions,
): Promise<number> {
  const { host, settings } = context;
  const words = message?.trim() ?? "";
  if (verdict === "rejected" && words === "") {
    throw new TroupeError("USAGE", "a rejection says what must change: the agent gets nothing else", {
      hint: `troupe reject ${runId} ${stage} -m "what must change"`,
    });
  }
  return await withStore(context, async (store) => {
    const engine = { store, clock: host.clock, randomHex: host.randomHex };
    const common = { by: personOf(host.environment), ...(turn === undefined ? {} : { turn }) };
    const text = settings.secrets.masker.mask(words);
    const judged = await judgeStage(
      engine,
      runId,
      stage,
      verdict === "approved"
        ? { ...common, approved: true, message: text === "" ? null : text }
        : { ...common, approved: false, message: text },
    );
    await tell(context, store, { runId, stage, turn: judged, verdict });
    return 0;
  });
}

async function tell(
  context: CommandContext,
  store: StateStore,
  judged: Omit<JudgeOutput, "version" | "waiting" | "next">,
): Promise<void> {
  const { runId, stage, turn, verdict } = judged;
  const holder = await store.holder(runId);
  const { state } = await loadRun(store, runId);
  const waiting = waitingResults(state);
  const next = isHeld(holder) ? null : suggestResume(state);
  if (context.options.json === true) {
    const output: JudgeOutput = { version: 1, ...judged, waiting, next };
    context.print(`${jsonLine(output)}\n`);
    return;
  }
  context.print(`${verdict === "approved" ? "Approved" : "Rejected"}: ${stage} of ${runId}, the result of ${turn}.\n`);
  if (waiting.length > 0) context.note(`Waiting too:\n${waitingLines(waiting)}`);
  if (isHeld(holder)) context.note(`Its process goes on with it: troupe watch ${runId}\n`);
  else context.note(`Nobody works on the run. Go on with it: ${next}\n`);
}
