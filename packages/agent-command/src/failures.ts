import {
  type AgentRequest,
  type Json,
  type RateLimit,
  recogniseRateLimit,
  sanitizeLine,
  sanitizeText,
  TroupeError,
} from "@troupe/core";
import type { ProcessOutcome } from "@troupe/process";
import { parseObject } from "./json-lines.js";
import type { Preset } from "./presets.js";
import { reportedReason, saysNotLoggedIn } from "./reported-reason.js";
import type { StreamState } from "./stream-state.js";

export interface FailedTurn {
  readonly request: AgentRequest;
  readonly program: string;
  /** Null = a program that the user named. */
  readonly preset: Preset | null;
  readonly outcome: ProcessOutcome;
  readonly isPromptUnread: boolean;
  /** What was kept of standard error. */
  readonly errorText: string;
  /** What was kept of standard output: some programs give their reason there. Empty for a stream of JSON. */
  readonly outputText: string;
  /** What the stream told; null = plain text. */
  readonly stream: StreamState | null;
  /** Wall time, ms. */
  readonly now: number;
}

/** It may do its work all the same, so that is no failure by itself; but it may explain one. */
export const UNREAD_PROMPT = "it closed its input before it had read all of its prompt";

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
      if (outcome.exitCode === 0 && (turn.stream?.error ?? errorInText(turn)) === null) return null;
      // what shells and wrappers such as env and npx answer for a program that they cannot find or start
      if (outcome.exitCode === 126 || outcome.exitCode === 127)
        return notInstalled(program, { agent, details: detailsOf(turn), reason: endText(turn), preset: turn.preset });
      return exitFailure(turn);
  }
}

function exitFailure(turn: FailedTurn): TroupeError {
  const { request, preset, outcome, now, stream } = turn;
  const { agent, runId, stage } = request;
  const reported = reasonOf(turn);
  // what the program gives as its reason, else its last words: what it overcame may stand in the same output
  const said = reported ?? (turn.errorText.trim() === "" ? turn.outputText : turn.errorText).slice(-DETAIL_LENGTH);
  const text = reported === null ? endText(turn) : `failed: ${shorten(sanitizeText(reported).trim())}`;
  const limit = limitOf(stream, reported ?? said.trimEnd().split("\n").at(-1) ?? "", now);
  const details = detailsOf(turn);
  if (limit !== null) {
    const { notBefore } = limit;
    return new TroupeError("AGENT_FAILED", `agent "${agent}" ${text}`, {
      hint: `See what it did: troupe logs ${runId} ${stage}`,
      details: { ...details, limited: true, ...(notBefore === null ? {} : { notBefore }) },
    });
  }
  const isLoginCode = preset?.dialect?.loginExitCodes.includes(outcome.exitCode ?? 0) === true;
  if (preset !== null && (isLoginCode || saysNotLoggedIn(said))) {
    return new TroupeError(
      "AGENT_NOT_LOGGED_IN",
      `agent "${agent}" is not logged in: ${text.replace(/^failed: /, "")}`,
      {
        hint:
          preset.login === null ? `Set the key of its service in env of agent "${agent}".` : `Log in: ${preset.login}`,
        details: { ...details, retry: "never" },
      },
    );
  }
  return new TroupeError("AGENT_FAILED", `agent "${agent}" ${text}`, {
    hint: `See what it did: troupe logs ${runId} ${stage}`,
    details,
  });
}

/** A time that the stream names as such needs no words, and no words are surer. */
function limitOf(stream: StreamState | null, said: string, now: number): RateLimit | null {
  const notBefore = stream?.resetsAt ?? null;
  return notBefore === null ? recogniseRateLimit(said, now) : { notBefore };
}

/** True when the program could not go on with the session that it was given, before it did anything. */
export function isUnknownSession(turn: FailedTurn): boolean {
  const { outcome, stream, preset } = turn;
  if (outcome.ended !== "exited" || outcome.exitCode === 0 || preset?.dialect == null) return false;
  if (stream !== null && (stream.text !== null || stream.tools.length > 0)) return false;
  return preset.dialect.unknownSession.test(sanitizeText(`${stream?.error ?? ""}\n${turn.errorText}`));
}

/** Exit 0 without a word is no result, nor is a stream that breaks off. */
export function noOutput(turn: FailedTurn, resultFile: string | null): TroupeError {
  const { request, program, stream } = turn;
  const what =
    resultFile !== null
      ? `a result in ${resultFile}`
      : stream?.isDone === false
        ? "a result in its stream"
        : "any output";
  return new TroupeError("AGENT_NO_OUTPUT", `agent "${request.agent}" ended without ${what}`, {
    hint: `Try it by hand: echo hello | ${program}`,
    details: detailsOf(turn),
  });
}

interface NotInstalledContext {
  /** null = not in a turn. */
  readonly agent: string | null;
  readonly preset: Preset | null;
  readonly cause?: unknown;
  readonly details?: { readonly [key: string]: Json };
  readonly reason?: string;
}

export function notInstalled(
  program: string,
  { agent, preset, cause, details, reason }: NotInstalledContext,
): TroupeError {
  const who = agent === null ? "" : ` of agent "${agent}"`;
  const hint =
    preset === null
      ? `Install it, or name another in the agent's command. See whether it is there: command -v ${program}`
      : `Install it: ${preset.install}`;
  return new TroupeError("AGENT_NOT_INSTALLED", `the program ${program}${who} ${reason ?? "was not found"}`, {
    hint,
    details: { ...details, retry: "never" },
    cause,
  });
}

function timedOut(turn: FailedTurn, what: string, timeout: string, afterMs: number | null): TroupeError {
  const { agent, stage, runId } = turn.request;
  const unread = turn.isPromptUnread ? `; ${UNREAD_PROMPT}` : "";
  const raise = `Raise ${timeout} of stage ${stage} if it needs more time.`;
  return new TroupeError("TURN_TIMEOUT", `agent "${agent}" ${what} and was ended${unread}`, {
    hint: turn.isPromptUnread ? `See what it did: troupe logs ${runId} ${stage}` : raise,
    details: { ...detailsOf(turn), timeout, afterMs },
  });
}

/** What the program itself gives as the reason; null = nothing that stands out. */
function reasonOf(turn: FailedTurn): string | null {
  const { preset, stream, errorText } = turn;
  return preset === null ? null : (stream?.error ?? errorInText(turn) ?? reportedReason(errorText));
}

function errorInText({ preset, outputText }: FailedTurn): string | null {
  return preset?.errorInText?.(outputText) ?? null;
}

function endText({ outcome, errorText, outputText }: FailedTurn): string {
  const how = outcome.exitCode === null ? `was ended by ${outcome.signal}` : `ended with exit code ${outcome.exitCode}`;
  const line = sanitizeLine(errorText.trimEnd().split("\n").at(-1) ?? "");
  if (line !== "") return `${how}: ${line.slice(0, LINE_LENGTH)}`;
  const tail = sanitizeText(outputText).trim().slice(-TAIL_LENGTH).trimStart();
  return tail === "" ? how : `${how}; the end of its output:\n${tail}`;
}

/** The words of an error that is JSON, and not too many of them. */
function shorten(reason: string): string {
  const { error, message } = parseObject(reason) ?? {};
  const inner = typeof error === "object" && error !== null && "message" in error ? error.message : message;
  return (typeof inner === "string" ? inner : reason).slice(0, TAIL_LENGTH);
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
