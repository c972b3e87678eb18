import { type AgentRequest, type Json, sanitizeLine, sanitizeText, TroupeError } from "@troupe/core";
import type { ProcessOutcome } from "@troupe/process";

export interface FailedTurn {
  readonly request: AgentRequest;
  readonly program: string;
  readonly outcome: ProcessOutcome;
  /** What was kept of standard error. */
  readonly errorText: string;
  /** What was kept of standard output: some programs give their reason there. */
  readonly outputText: string;
}

const LINE_LENGTH = 300;
const TAIL_LENGTH = 500;
const DETAIL_LENGTH = 2000;

/** The error that the end of the program means; null = it succeeded. */
export function agentFailure(turn: FailedTurn): TroupeError | null {
  const { request, program, outcome } = turn;
  const { agent, timeoutMs, idleTimeoutMs } = request;
  switch (outcome.ended) {
    case "aborted":
      return new TroupeError("AGENT_FAILED", `agent "${agent}" was stopped before it ended`, {
        details: detailsOf(turn),
      });
    case "timeout":
      return timedOut(turn, `was not done after ${seconds(timeoutMs)}`, "timeout", timeoutMs);
    case "idle-timeout":
      return timedOut(turn, `gave no output for ${seconds(idleTimeoutMs)}`, "idle_timeout", idleTimeoutMs);
    case "exited":
      if (outcome.exitCode === 0) return null;
      // what shells and wrappers such as env and npx answer for a program that they cannot find or start
      if (outcome.exitCode === 126 || outcome.exitCode === 127)
        return notInstalled(program, { agent, details: detailsOf(turn), reason: endText(turn) });
      return new TroupeError("AGENT_FAILED", `agent "${agent}" ${endText(turn)}`, {
        hint: `See what it did: troupe logs ${request.runId} ${request.stage}`,
        details: detailsOf(turn),
      });
  }
}

/** Exit 0 without a word is no result. */
export function noOutput(turn: FailedTurn, resultFile: string | null): TroupeError {
  const { request, program } = turn;
  const what = resultFile === null ? "any output" : `a result in ${resultFile}`;
  return new TroupeError("AGENT_NO_OUTPUT", `agent "${request.agent}" ended without ${what}`, {
    hint: `Try it by hand: echo hello | ${program}`,
    details: detailsOf(turn),
  });
}

interface NotInstalledContext {
  /** null = not in a turn. */
  readonly agent: string | null;
  readonly cause?: unknown;
  readonly details?: { readonly [key: string]: Json };
  readonly reason?: string;
}

export function notInstalled(program: string, { agent, cause, details, reason }: NotInstalledContext): TroupeError {
  const who = agent === null ? "" : ` of agent "${agent}"`;
  return new TroupeError("AGENT_NOT_INSTALLED", `the program ${program}${who} ${reason ?? "was not found"}`, {
    hint: `Install it, or name another in the agent's command. See whether it is there: command -v ${program}`,
    details: { ...details, retry: "never" },
    cause,
  });
}

function timedOut(turn: FailedTurn, what: string, timeout: string, afterMs: number | null): TroupeError {
  const { agent, stage } = turn.request;
  return new TroupeError("TURN_TIMEOUT", `agent "${agent}" ${what} and was ended`, {
    hint: `Raise ${timeout} of stage ${stage} if it needs more time.`,
    details: { ...detailsOf(turn), timeout, afterMs },
  });
}

function endText({ outcome, errorText, outputText }: FailedTurn): string {
  const how = outcome.exitCode === null ? `was ended by ${outcome.signal}` : `ended with exit code ${outcome.exitCode}`;
  const line = sanitizeLine(errorText.trimEnd().split("\n").at(-1) ?? "");
  if (line !== "") return `${how}: ${line.slice(0, LINE_LENGTH)}`;
  const tail = sanitizeText(outputText).trim().slice(-TAIL_LENGTH).trimStart();
  return tail === "" ? how : `${how}; the end of its output:\n${tail}`;
}

function detailsOf({ outcome, errorText, outputText }: FailedTurn): { readonly [key: string]: Json } {
  return {
    exitCode: outcome.exitCode,
    signal: outcome.signal,
    durationMs: Math.round(outcome.durationMs),
    stderr: errorText.slice(-DETAIL_LENGTH),
    ...(errorText.trim() === "" ? { stdout: outputText.slice(-DETAIL_LENGTH) } : {}),
  };
}

function seconds(ms: number | null): string {
  return `${(ms ?? 0) / 1000} s`;
}
