import { type CheckDefinition, type CheckResult, hasCode, TroupeError, writeText } from "@troupe/core";
import { describeCommand } from "@troupe/process";
import { countTests, findOldReports, readReports } from "./check-reports.js";
import { type PerformedCheck, summarizeChecks } from "./check-summary.js";
import { judgeSpecification } from "./judge-specification.js";
import { MAX_REPORT_BYTES } from "./report-files.js";
import { type CommandOutcome, describeEnd, runCommand } from "./run-command.js";
import { endWithRetry, interrupted } from "./turn-ending.js";
import type { TurnEnding, TurnScope } from "./turn-scope.js";
import { whileFull } from "./while-full.js";
import { reportFailure } from "./write-failure-report.js";

/** Of the output of each failed check, its beginning and its end: enough for whoever has to mend it. */
const MAX_OUTPUT_BYTES = 8 * 1024;

/**
 * The turn in which commands judge: all of them, one after the other, also after one has failed. The turn succeeds when
 * they could be run; whether they passed is in its result, and its output is what the next fix has to answer.
 */
export async function performChecks(scope: TurnScope): Promise<TurnEnding> {
  const { task, host } = scope;
  // what nothing has judged has not passed
  if (task.checks.length === 0) throw new TroupeError("INTERNAL", `the turn ${task.turn} has no checks to run`);
  const performed: PerformedCheck[] = [];
  for (const definition of task.checks) {
    const check = await performCheck(scope, definition);
    if ("status" in check) return check;
    performed.push(check);
  }
  const scenarios = await judgeSpecification(
    scope,
    performed.flatMap(({ tests }) => tests),
  );
  if (scenarios !== null) performed.push(scenarios);
  const checks = performed.map(({ result }) => result);
  const summary = summarizeChecks(performed);
  const output = await whileFull(scope, () => writeText(host.blobs, task.runId, summary));
  const ending = { status: "succeeded", output, artifacts: [], checks, usage: null, session: null } as const;
  if (checks.every((check) => check.passed)) return ending;
  const failureReport = await reportFailure(scope, { source: "check", text: summary, verdict: null, checks });
  return failureReport === null ? ending : { ...ending, failureReport };
}

async function performCheck(scope: TurnScope, definition: CheckDefinition): Promise<PerformedCheck | TurnEnding> {
  const { task, context, output } = scope;
  if (context.signal.aborted) return interrupted(context.signal);
  const shown = describeCommand(definition);
  output.note(`$ ${shown}`);
  const old = await findOldReports(task.workspace.path, definition);
  try {
    const isReport = definition.report?.files.length === 0;
    const run = await runCommand(scope, {
      command: definition,
      timeoutMs: task.stage.timeoutMs,
      maxBytes: MAX_OUTPUT_BYTES,
      ...(isReport ? { maxStdoutBytes: MAX_REPORT_BYTES } : {}),
    });
    if (run.outcome.ended === "aborted") return interrupted(context.signal);
    return await judgeCheck(scope, { definition, shown, run, old });
  } catch (error) {
    if (context.signal.aborted || !isMistakeInCheck(error)) {
      return endWithRetry(error, context.signal, "PROCESS_NOT_STARTED");
    }
    output.note(`[troupe] ${error.message}`);
    const result = { command: shown, passed: false, exitCode: null, durationMs: 0 };
    return { result, failure: { end: `could not be started: ${error.message}`, output: "" }, tests: [] };
  }
}

interface EndedCheck {
  readonly definition: CheckDefinition;
  readonly shown: string;
  readonly run: CommandOutcome;
  readonly old: Awaited<ReturnType<typeof findOldReports>>;
}

async function judgeCheck(scope: TurnScope, { definition, shown, run, old }: EndedCheck): Promise<PerformedCheck> {
  const { outcome } = run;
  // the exit code, and the report, of a program that a timeout ended say nothing of what it found
  const exitCode = outcome.ended === "exited" ? outcome.exitCode : null;
  const end = exitCode === 0 ? null : describeEnd(outcome);
  const { report } = definition;
  const isRead = report !== undefined && exitCode !== null;
  const read = isRead ? await readReports(scope.task.workspace.path, report, old, run) : { tests: [], problem: null };
  if (read.problem !== null) scope.output.note(`[troupe] ${shown}: ${read.problem}`);
  const passed = exitCode === 0 && read.problem === null;
  const result: CheckResult = {
    command: shown,
    passed,
    exitCode,
    durationMs: Math.round(outcome.durationMs),
    ...(read.tests.length === 0 ? {} : { tests: countTests(read.tests) }),
    ...(exitCode === 0 && read.problem !== null ? { problem: read.problem } : {}),
  };
  const why = [end ?? "ended with exit code 0", read.problem].filter((part) => part !== null).join("; ");
  return { result, failure: passed ? null : { end: why, output: run.all.text() }, tests: read.tests };
}

/** A command that does not exist is the check's matter; a system that can start no process, or no folder to work in, is not. */
function isMistakeInCheck(error: unknown): error is Error {
  if (!hasCode(error, "PROCESS_NOT_STARTED")) return false;
  return error.details.reason !== "exhausted" && error.details.reason !== "cwd";
}
