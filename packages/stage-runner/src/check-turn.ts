import { type CheckResult, type CommandLine, describeCheck, hasCode, sanitizeText, writeText } from "@troupe/core";
import { describeCommand } from "@troupe/process";
import { describeEnd, runCommand } from "./run-command.js";
import { endWithRetry, interrupted } from "./turn-ending.js";
import type { TurnEnding, TurnScope } from "./turn-scope.js";
import { whileFull } from "./while-full.js";
import { reportFailure } from "./write-failure-report.js";

/** Of the output of each failed check, its beginning and its end: enough for whoever has to mend it. */
const MAX_OUTPUT_BYTES = 8 * 1024;

interface PerformedCheck {
  readonly result: CheckResult;
  /** Why it failed, with its output; null when it passed. */
  readonly problem: { readonly end: string; readonly output: string } | null;
}

/**
 * The turn in which commands judge: all of them, one after the other, also after one has failed. The turn succeeds when
 * they could be run; whether they passed is in its result, and its output is what the next fix has to answer.
 */
export async function performChecks(scope: TurnScope): Promise<TurnEnding> {
  const { task, host } = scope;
  const performed: PerformedCheck[] = [];
  for (const command of task.checks) {
    const check = await performCheck(scope, command);
    if ("status" in check) return check;
    performed.push(check);
  }
  const checks = performed.map(({ result }) => result);
  const summary = summarize(performed);
  const output = await whileFull(scope, () => writeText(host.blobs, task.runId, summary));
  const ending = { status: "succeeded", output, artifacts: [], checks, usage: null, session: null } as const;
  if (checks.every((check) => check.passed)) return ending;
  const failureReport = await reportFailure(scope, { source: "check", text: summary, verdict: null, checks });
  return failureReport === null ? ending : { ...ending, failureReport };
}

async function performCheck(scope: TurnScope, command: CommandLine): Promise<PerformedCheck | TurnEnding> {
  const { task, context, output } = scope;
  if (context.signal.aborted) return interrupted(context.signal);
  const shown = describeCommand(command);
  output.note(`$ ${shown}`);
  try {
    const run = await runCommand(scope, { command, timeoutMs: task.stage.timeoutMs, maxBytes: MAX_OUTPUT_BYTES });
    const { outcome } = run;
    if (outcome.ended === "aborted") return interrupted(context.signal);
    const passed = outcome.ended === "exited" && outcome.exitCode === 0;
    // the exit code of a program that a timeout ended says nothing of what it found
    const exitCode = outcome.ended === "exited" ? outcome.exitCode : null;
    const result = { command: shown, passed, exitCode, durationMs: Math.round(outcome.durationMs) };
    return { result, problem: passed ? null : { end: describeEnd(outcome), output: run.all.text() } };
  } catch (error) {
    if (context.signal.aborted || !isMistakeInCheck(error)) {
      return endWithRetry(error, context.signal, "PROCESS_NOT_STARTED");
    }
    output.note(`[troupe] ${error.message}`);
    const result = { command: shown, passed: false, exitCode: null, durationMs: 0 };
    return { result, problem: { end: `could not be started: ${error.message}`, output: "" } };
  }
}

/** A command that does not exist is the check's matter; a system that can start no process, or no folder to work in, is not. */
function isMistakeInCheck(error: unknown): error is Error {
  if (!hasCode(error, "PROCESS_NOT_STARTED")) return false;
  return error.details.reason !== "exhausted" && error.details.reason !== "cwd";
}

function summarize(performed: readonly PerformedCheck[]): string {
  const failed = performed.filter(({ problem }) => problem !== null).length;
  const count = `${performed.length} ${performed.length === 1 ? "check" : "checks"}`;
  const verdict = failed === 0 ? `${count} passed.` : `${failed} of ${count} failed.`;
  const lines = performed.map(({ result }) => `- ${describeCheck(result)}`).join("\n");
  const problems = performed.flatMap(({ result, problem }) => {
    if (problem === null) return [];
    const output = sanitizeText(problem.output).trimEnd();
    return [`${result.command} ${problem.end}${output === "" ? ", without any output." : `:\n\n${indent(output)}`}`];
  });
  return `${[verdict, lines, ...problems].filter((part) => part !== "").join("\n\n")}\n`;
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gmu, "    ");
}
