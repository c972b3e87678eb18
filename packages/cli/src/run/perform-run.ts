import {
  briefMessage,
  describeScenarios,
  type Engine,
  type ExecuteOptions,
  isReached,
  limitWord,
  type RunResult,
  sanitizeLine,
  satisfiesNeed,
} from "@troupe/core";
import { SIGNAL_EXIT_CODES, type StopSignal } from "../cli-host.js";
import type { CommandContext } from "../command-context.js";
import type { Composition } from "../compose.js";
import { listenForSignals } from "../host/signals.js";
import { placeReport } from "../look/place-hints.js";
import { type RunReport, reportRun, type StageReport } from "../look/run-report.js";
import { suggestResume } from "../look/suggest-resume.js";
import { waitingLines, waitingResults } from "../look/waiting-results.js";
import { errorLines } from "../print/error-lines.js";
import { showCount } from "../print/show-count.js";
import { showMoment } from "../print/show-time.js";
import { showKnownUsage, showShare } from "../print/show-usage.js";
import { reportersOf } from "./compose-run.js";

type Execution = Pick<ExecuteOptions, "workspace" | "command" | "stop" | "kill" | "attended">;

/** Performs a run with signals attached, says how it ended and what to do next, and resolves with the exit code. */
export async function performRun(
  context: CommandContext,
  { engine, approvals }: Pick<Composition, "engine" | "approvals">,
  name: "run" | "resume",
  execute: (engine: Engine, execution: Execution) => Promise<RunResult>,
): Promise<number> {
  const attended = approvals !== null;
  const asking = attended ? { ...engine, reporters: [...engine.reporters, approvals] } : engine;
  const stopping = listenForSignals(context.host, (message) => say(context, engine, message), context.place);
  const { stop, kill } = stopping;
  // at once, not when the stop is recorded: a disk may be full, and what is said meanwhile is held back by a question
  stop.addEventListener("abort", () => void approvals?.close(), { once: true });
  try {
    const workspace = { kind: "folder", path: context.project.folder } as const;
    const command = `troupe ${name} in ${context.cwd}`;
    const result = await execute(asking, { workspace, command, stop, kill, attended });
    await approvals?.close(); // what was held back behind a question comes before the last words
    for (const reporter of engine.reporters) await reporter.close?.();
    return concludeRun(context, result, stopping.signal());
  } finally {
    stopping.close();
  }
}

/** By the reporters: a line written past a live view would tear it. */
function say(context: CommandContext, { reporters }: Engine, message: string): void {
  // whoever notifies shows nothing
  if (reportersOf(context).length === 0) context.host.stderr.write(`${message}\n`);
  for (const reporter of reporters) reporter.report({ type: "notice", level: "warning", message });
}

/** Says how a run ended and what to type next. Returns the exit code. */
export function concludeRun(
  context: CommandContext,
  { outcome, limit, state }: RunResult,
  signal: StopSignal | null,
): number {
  const { runId } = state;
  const report = placeReport(context, reportRun(state, null, limit, context.host.clock.now()));
  const resume = suggestResume(state);
  const totals = showKnownUsage(report.usage)
    .map((usage) => ` ${usage}.`)
    .join("");
  const print = context.options.json === true ? context.note : context.print;
  switch (outcome) {
    case "succeeded":
      print(`Done: ${runId}. ${summary(report.stages)}${totals}\n${scenarioLines(report.stages)}`);
      context.note(
        `See it: troupe status ${runId}\nArtifacts: ${context.project.stateFolder}/runs/${runId}/artifacts/latest\n`,
      );
      return 0;
    case "failed":
      print(
        `Failed: ${runId}. ${summary(report.stages)}${totals}\n${scenarioLines(report.stages)}${failures(report.stages)}`,
      );
      if (state.counts.waiting > 0)
        context.note(`Waiting for a person beside:\n${context.place(waitingLines(waitingResults(state)))}`);
      if (limit !== null) context.note(`It has reached its ${limitWord(limit)} limit too${sharesOf(report)}.\n`);
      context.note(`Mend the cause (edits of the workflow and the objective count), then: ${resume}\n`);
      return 1;
    case "cancelled":
      print(`Cancelled: ${runId}.\n`);
      return 1;
    case "limited":
      print(
        `Stopped at its ${limitWord(limit ?? "duration")} limit${sharesOf(report)}: ${runId}. ${summary(report.stages)}${totals}\n`,
      );
      context.note(limitHint(report, resume));
      return 7;
    case "waiting":
      print(
        `Waiting for a person: ${runId}. ${summary(report.stages)}${totals}\n${context.place(waitingLines(waitingResults(state)))}`,
      );
      context.note(`${reachedLimits(report)}Then go on with it: ${resume}\n`);
      return 8;
    default:
      if (isPartDone(state)) {
        print(`Stopped after ${state.until}, as asked: ${runId}. ${summary(report.stages)}${totals}\n`);
        context.note(`Go on with the rest: ${resume}\n`);
        return 0;
      }
      print(`Saved. Resume with: ${context.place(resume)}\n`);
      return signal === null ? 1 : SIGNAL_EXIT_CODES[signal];
  }
}

/** It was performed until a stage, and that stage is done. */
function isPartDone({ until, stages, stopRequested }: RunResult["state"]): boolean {
  const status = until === null ? undefined : stages.get(until)?.status;
  return status !== undefined && satisfiesNeed(status) && !stopRequested;
}

/** ` ($0.50 of $0.40)`, of the limit that kept the run from going on. */
function sharesOf({ limits, limit }: RunReport): string {
  const reached = limits.filter((use) => use.limit === limit).map(showShare);
  return reached.length === 0 ? "" : ` (${reached.join(", ")})`;
}

/** A run that waits for a person ends as waiting at its limit too, and goes on with a higher one. */
function reachedLimits({ limits }: RunReport): string {
  return limits
    .filter(isReached)
    .map((use) => `It has reached its ${limitWord(use.limit)} limit (${showShare(use)}).\n`)
    .join("");
}

function limitHint({ stages, limit }: RunReport, resume: string): string {
  if (limit !== "wait") return `Go on with a higher one: ${resume}\n`;
  const waits = stages.flatMap(({ retryAt, waits: why }) =>
    retryAt === null || why === null ? [] : [{ retryAt, why }],
  );
  const [first] = waits.toSorted((one, other) => one.retryAt - other.retryAt);
  const why = first === undefined ? "" : `${first.why.code}: ${briefMessage(first.why.message)}\n`;
  const when = first === undefined ? "" : ` (${showMoment(first.retryAt)} UTC)`;
  return `${why}Go on when the time has come${when}: ${resume}\n`;
}

function summary(stages: readonly StageReport[]): string {
  const count = (status: StageReport["status"]) => stages.filter((stage) => stage.status === status).length;
  const parts = (["completed", "skipped", "failed", "cancelled"] as const)
    .filter((status) => count(status) > 0)
    .map((status) => `${count(status)} ${status}`);
  return `${parts.length === 0 ? "0 completed" : parts.join(", ")} of ${showCount(stages.length, "stage")}.`;
}

function scenarioLines(stages: readonly StageReport[]): string {
  return stages
    .filter(({ scenarios }) => scenarios.length > 0)
    .map(({ id, scenarios }) => `  ${id}: ${sanitizeLine(describeScenarios(scenarios))}\n`)
    .join("");
}

function failures(stages: readonly StageReport[]): string {
  return stages
    .flatMap(({ id, error }) => {
      if (error === null) return [];
      const [first, ...rest] = errorLines(error);
      const hint = error.hint === null ? [] : [`  ${sanitizeLine(error.hint)}`];
      return [`  ${id}: ${first}\n`, ...[...rest, ...hint].map((line) => `  ${line}\n`)];
    })
    .join("");
}
