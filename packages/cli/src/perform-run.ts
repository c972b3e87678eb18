import { type Engine, type ExecuteOptions, type LimitName, type RunResult, sanitizeLine } from "@troupe/core";
import { SIGNAL_EXIT_CODES, type StopSignal } from "./cli-host.js";
import type { CommandContext } from "./command-context.js";
import { reportRun, type StageReport } from "./run-report.js";
import { listenForSignals } from "./signals.js";

type Execution = Pick<ExecuteOptions, "workspace" | "command" | "stop" | "kill">;

/** Performs a run with signals attached, says how it ended and what to do next, and resolves with the exit code. */
export async function performRun(
  context: CommandContext,
  engine: Engine,
  name: "run" | "resume",
  execute: (execution: Execution) => Promise<RunResult>,
): Promise<number> {
  const stopping = listenForSignals(context.host, (message) => say(context, engine, message));
  const { stop, kill } = stopping;
  try {
    const workspace = { kind: "folder", path: context.project.folder } as const;
    const result = await execute({ workspace, command: `troupe ${name} in ${context.cwd}`, stop, kill });
    for (const reporter of engine.reporters) await reporter.close?.();
    return conclude(context, result, stopping.signal());
  } finally {
    stopping.close();
  }
}

/** By the reporters: a line written past a live view would tear it. */
function say({ host }: CommandContext, { reporters }: Engine, message: string): void {
  if (reporters.length === 0) host.stderr.write(`${message}\n`);
  for (const reporter of reporters) reporter.report({ type: "notice", level: "warning", message });
}

function conclude(context: CommandContext, { outcome, limit, state }: RunResult, signal: StopSignal | null): number {
  const { runId } = state;
  const report = reportRun(state, null, limit, context.host.clock.now());
  const resume = report.next ?? "";
  const print = context.options.json === true ? context.note : context.print;
  switch (outcome) {
    case "succeeded":
      print(`Done: ${runId}. ${summary(report.stages)}\n`);
      context.note(
        `See it: troupe status ${runId}\nArtifacts: ${context.project.stateFolder}/runs/${runId}/artifacts/latest\n`,
      );
      return 0;
    case "failed":
      print(`Failed: ${runId}. ${summary(report.stages)}\n${failures(report.stages)}`);
      context.note(`Mend the cause (edits of the workflow and the objective count), then: ${resume}\n`);
      return 1;
    case "cancelled":
      print(`Cancelled: ${runId}.\n`);
      return 1;
    case "limited":
      print(`Stopped at its ${limit ?? "time"} limit: ${runId}.\n`);
      context.note(limitHint(limit, resume));
      return 7;
    case "waiting":
      print(`Waiting for a person: ${runId}.\n`);
      return 8;
    default:
      print(`Saved. Resume with: ${resume}\n`);
      return signal === null ? 1 : SIGNAL_EXIT_CODES[signal];
  }
}

function limitHint(limit: LimitName | null, resume: string): string {
  if (resume === "") return "Start a run with a higher limit under `limits:` in troupe.yaml.\n";
  return limit === "wait" ? `Go on when the time has come: ${resume}\n` : `Go on with a higher one: ${resume}\n`;
}

function summary(stages: readonly StageReport[]): string {
  const count = (status: StageReport["status"]) => stages.filter((stage) => stage.status === status).length;
  const parts = (["completed", "skipped", "failed", "cancelled"] as const)
    .filter((status) => count(status) > 0)
    .map((status) => `${count(status)} ${status}`);
  return `${parts.join(", ")} of ${stages.length} stages.`;
}

function failures(stages: readonly StageReport[]): string {
  return stages
    .filter(({ error }) => error !== null)
    .map(({ id, error }) => {
      const hint = error?.hint === null || error === null ? "" : `    ${sanitizeLine(error.hint)}\n`;
      return `  ${id}: ${error?.code}: ${sanitizeLine(error?.message ?? "")}\n${hint}`;
    })
    .join("");
}
