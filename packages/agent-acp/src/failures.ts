import { RequestError } from "@agentclientprotocol/sdk";
import {
  type AgentRequest,
  isTroupeError,
  type Json,
  recogniseRateLimit,
  sanitizeLine,
  TroupeError,
} from "@troupe/core";
import type { ProcessOutcome } from "@troupe/process";
import type { AcpAgentOptions } from "./options.js";
import type { AuthMethod } from "./read-wire.js";

/** The protocol's code for a missing login, at whatever step. */
const AUTH_REQUIRED = -32000;
/** Nothing about the same request will be better next time: method or parameters are not understood. */
const NOT_UNDERSTOOD: readonly number[] = [-32600, -32601, -32602];
const LINE_LENGTH = 300;
const DETAIL_LENGTH = 2000;

export function isLoginMissing(error: unknown): boolean {
  return error instanceof RequestError && error.code === AUTH_REQUIRED;
}

export interface FailedTurn {
  readonly request: AgentRequest;
  readonly options: AcpAgentOptions;
  readonly authMethods: readonly AuthMethod[];
  readonly outcome: ProcessOutcome;
  /** What the agent answered, if it answered at all. */
  readonly error: unknown;
  /** What the agent was asked last. */
  readonly step: string;
  readonly stderr: string;
  /** Wall time in ms. */
  readonly now: number;
}

/** The error that a turn without a result means. */
export function turnFailure(turn: FailedTurn): TroupeError {
  const { request, outcome, error } = turn;
  switch (outcome.ended) {
    case "timeout":
      return timedOut(turn, `was not done after ${seconds(request.timeoutMs)}`, "timeout", request.timeoutMs);
    case "idle-timeout":
      return timedOut(
        turn,
        `gave no output for ${seconds(request.idleTimeoutMs)}`,
        "idle_timeout",
        request.idleTimeoutMs,
      );
    case "aborted":
    case "exited":
      if (isTroupeError(error)) return error;
      if (error instanceof RequestError) return answeredError(turn, error);
      return outcome.ended === "exited" ? died(turn) : stopped(turn);
  }
}

export function stopped({ request, outcome, stderr }: Pick<FailedTurn, "request" | "outcome" | "stderr">): TroupeError {
  return new TroupeError("AGENT_FAILED", `agent "${request.agent}" was stopped before it ended`, {
    details: detailsOf(outcome, stderr),
  });
}

/** It was asked, and did not answer: not in its prompt, where silence may be work, but before it. */
export function stuckAtStart(request: AgentRequest, step: string, limitMs: number): TroupeError {
  const message = `agent "${request.agent}" did not answer ${step} within ${seconds(limitMs)} and was ended`;
  return new TroupeError("AGENT_FAILED", message, { hint: logHint(request) });
}

/** Not logged in: said, and never mended by ourselves. */
export function notLoggedIn(
  who: string,
  { preset }: AcpAgentOptions,
  authMethods: readonly AuthMethod[],
  cause?: unknown,
): TroupeError {
  const names = authMethods.map(({ name }) => name);
  const ways = names.length === 0 ? "" : `; it offers: ${names.map((name) => sanitizeLine(name)).join(", ")}`;
  const described = authMethods.find(({ description }) => description !== null)?.description ?? null;
  const own = described === null ? "Log in with the agent's own program." : sanitizeLine(described);
  return new TroupeError("AGENT_NOT_LOGGED_IN", `${who} is not logged in${ways}`, {
    hint: preset === null ? own : `Log in once by hand: ${preset.login}`,
    details: { authMethods: names, retry: "never" },
    cause,
  });
}

export function notInstalled(program: string, who: string, { preset }: AcpAgentOptions, cause?: unknown): TroupeError {
  const install = `Install it, or name another in the agent's command. See whether it is there: command -v ${program}`;
  return new TroupeError("AGENT_NOT_INSTALLED", `the program ${program}${who} was not found`, {
    hint:
      preset === null ? install : `Install it: ${preset.install}\nor let npx start it: fallback: true in its options`,
    details: { retry: "never" },
    cause,
  });
}

/** A limit that names its end is waited for. */
export function limitDetails(text: string, now: number): { readonly [key: string]: Json } {
  const limit = recogniseRateLimit(text, now);
  if (limit === null) return {};
  return limit.notBefore === null ? { limited: true } : { limited: true, notBefore: limit.notBefore };
}

function answeredError(turn: FailedTurn, error: RequestError): TroupeError {
  const { request, options, authMethods, step, outcome, stderr, now } = turn;
  const who = `agent "${request.agent}"`;
  if (isLoginMissing(error)) return notLoggedIn(who, options, authMethods, error);
  const more = typeof error.data === "object" ? JSON.stringify(error.data) : String(error.data);
  const text = error.data === undefined || error.data === null ? error.message : `${error.message}: ${more}`;
  const message = `${who} answered ${step} with an error: ${sanitizeLine(text).slice(0, LINE_LENGTH)}`;
  return new TroupeError("AGENT_FAILED", message, {
    hint: logHint(request),
    details: {
      ...detailsOf(outcome, stderr),
      code: error.code,
      ...limitDetails(text, now),
      ...(NOT_UNDERSTOOD.includes(error.code) ? { retry: "never" } : {}),
    },
    cause: error,
  });
}

function died({ request, options, step, outcome, stderr, error, now }: FailedTurn): TroupeError {
  const { exitCode, signal } = outcome;
  const how = exitCode === null ? `was ended by ${signal}` : `ended with exit code ${exitCode}`;
  // what it overcame stands before its last words, in the same output
  const last = stderr.trimEnd().split("\n").at(-1) ?? "";
  const line = sanitizeLine(last).slice(0, LINE_LENGTH);
  const why = line === "" ? "" : `: ${line}`;
  // what shells and wrappers such as env and npx answer for a program that they cannot find or start
  if (exitCode === 126 || exitCode === 127)
    return notInstalled(options.command[0] ?? "", ` of agent "${request.agent}" ${how}${why}; it`, options, error);
  return new TroupeError("AGENT_FAILED", `agent "${request.agent}" ${how} instead of answering ${step}${why}`, {
    hint: logHint(request),
    details: { ...detailsOf(outcome, stderr), ...limitDetails(last, now) },
    cause: error,
  });
}

/** It would be waited for in vain until its time is over. */
export function deaf(request: AgentRequest, step: string): TroupeError {
  const what = `has closed its input and goes on, so that it hears no more: ${step} was the last that it was asked`;
  return new TroupeError("AGENT_FAILED", `agent "${request.agent}" ${what}`, { hint: logHint(request) });
}

function timedOut(turn: FailedTurn, what: string, timeout: string, afterMs: number | null): TroupeError {
  const { request, outcome, stderr } = turn;
  return new TroupeError("TURN_TIMEOUT", `agent "${request.agent}" ${what} and was ended`, {
    hint: `Raise ${timeout} of stage ${request.stage} if it needs more time.`,
    details: { ...detailsOf(outcome, stderr), timeout, afterMs },
  });
}

export function logHint({ runId, stage }: AgentRequest): string {
  return `See what it did: troupe logs ${runId} ${stage}`;
}

function detailsOf(outcome: ProcessOutcome, stderr: string): { readonly [key: string]: Json } {
  const { exitCode, signal, durationMs } = outcome;
  return { exitCode, signal, durationMs: Math.round(durationMs), stderr: stderr.slice(-DETAIL_LENGTH) };
}

function seconds(ms: number | null): string {
  return `${(ms ?? 0) / 1000} s`;
}
