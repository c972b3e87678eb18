import type {
  CheckResult,
  InterruptReason,
  TurnFailed,
  TurnResult,
  TurnSucceeded,
  TurnTask,
  Usage,
  Verdict,
} from "../../src/model/turn.js";
import type { Tape } from "./tape.js";

/** How a turn ends that was left alone. */
export function randomResult(tape: Tape, task: TurnTask, now: number): TurnResult {
  const how = tape.below(10);
  if (how === 8) return failure(tape, task, now);
  if (how === 9) return tape.chance(30) ? interruption("crashed") : failure(tape, task, now);
  return success(tape, task);
}

/** How a turn ends that was told to: mostly as told, yet what succeeds at the last moment has succeeded. */
export function abortedResult(tape: Tape, task: TurnTask, reason: InterruptReason, now: number): TurnResult {
  const how = tape.below(10);
  if (how === 9) return failure(tape, task, now);
  return how >= 7 ? success(tape, task) : interruption(reason);
}

export function interruption(reason: InterruptReason): TurnResult {
  return { status: "interrupted", reason, log: null, usage: null, session: null };
}

function success(tape: Tape, task: TurnTask): TurnSucceeded {
  const { kind, turn } = task;
  const verdict = kind === "review" ? randomVerdict(tape) : null;
  return {
    status: "succeeded",
    output: { sha256: `output of ${turn}`, bytes: 3, text: turn },
    artifacts: kind === "check" ? [] : randomArtifacts(tape, task),
    ...(verdict === null ? {} : { verdict }),
    ...(kind === "check" && !tape.chance(3) ? { checks: randomChecks(tape, task) } : {}),
    ...(tape.chance(10) ? { failureReport: `${turn}.md` } : {}),
    log: null,
    usage: randomUsage(tape),
    session: tape.pick(null, `session of ${turn}`),
  };
}

function randomVerdict(tape: Tape): Verdict | null {
  const how = tape.below(10);
  if (how === 6) return null;
  return { decision: how > 6 ? "rejected" : "approved", reasons: [], source: "tool" };
}

function randomChecks(tape: Tape, { checks }: TurnTask): readonly CheckResult[] {
  return checks.map((_, index) => {
    const passed = !tape.chance(25);
    return { command: `check ${index}`, passed, exitCode: passed ? 0 : 1, durationMs: 1 };
  });
}

function randomArtifacts(tape: Tape, { stage, kind, owned, turn }: TurnTask): TurnSucceeded["artifacts"] {
  const others = kind === "fix" ? owned.flatMap(({ name }) => name ?? []) : [];
  const names = new Set([...stage.artifacts, ...tape.some(others, 50)]);
  return [...names].flatMap((name) => (tape.chance(10) ? [] : [{ name, sha256: `${name} of ${turn}`, bytes: 1 }]));
}

function randomUsage(tape: Tape): Usage | null {
  return tape.pick<Usage | null>(
    { inputTokens: 10, outputTokens: 5, costUsd: 0.25 },
    null,
    { inputTokens: null, outputTokens: 5, costUsd: null },
    { inputTokens: 300, outputTokens: 100, costUsd: 3 },
  );
}

function failure(tape: Tape, { turn }: TurnTask, now: number): TurnFailed {
  const retry = tape.pick<TurnFailed["retry"]>(
    { notBefore: null },
    "never",
    { notBefore: now + 10_000 },
    { notBefore: now + 100_000 },
    { notBefore: now - 1 },
    { notBefore: null, limited: true },
  );
  return {
    status: "failed",
    error: { code: "AGENT_FAILED", message: turn, hint: null },
    retry,
    output: null,
    log: null,
    usage: randomUsage(tape),
    session: null,
  };
}
