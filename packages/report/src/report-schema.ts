type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: "string" };
const count: Schema = { type: "integer", minimum: 0 };
const ms: Schema = { type: "number", minimum: 0 };
const flag: Schema = { type: "boolean" };

function oneOf(...values: readonly string[]): Schema {
  return { type: "string", enum: values };
}

function orNull(schema: Schema): Schema {
  return { anyOf: [schema, { type: "null" }] };
}

function list(items: Schema): Schema {
  return { type: "array", items };
}

/** Every property is there, but for those of `optional`; no other is. */
function object(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: "object", properties, required, additionalProperties: false };
}

const stageStatus = [
  "completed",
  "failed",
  "running",
  "waiting",
  "interrupted",
  "cancelled",
  "skipped",
  "pending",
] as const;
const limitName = oneOf("duration", "cost", "tokens", "wait");
const error = object({ code: text, message: text, hint: orNull(text) });
const totals = object({
  inputTokens: count,
  outputTokens: count,
  costUsd: ms,
  unknownTokens: count,
  unknownCost: count,
});
const usage = object(
  {
    inputTokens: orNull(count),
    outputTokens: orNull(count),
    costUsd: orNull(ms),
    partial: list(oneOf("tokens", "cost")),
  },
  ["partial"],
);
const verdictSource = oneOf("tool", "schema", "text", "person", "none");
const verdict = object({ decision: oneOf("approved", "rejected"), reasons: list(text), source: verdictSource });
const check = object(
  {
    command: text,
    passed: flag,
    exitCode: orNull({ type: "integer" }),
    durationMs: ms,
    tests: object({ passed: count, failed: count, skipped: count }),
    problem: text,
    scenarios: list(object({ id: text, title: text, status: oneOf("passed", "failed", "not-linked") })),
  },
  ["tests", "problem", "scenarios"],
);

const stage = object({
  id: text,
  name: text,
  kind: oneOf("work", "review", "acceptance", "command", "terminal"),
  group: orNull(text),
  needs: list(text),
  reviews: orNull(text),
  status: oneOf(...stageStatus),
  why: orNull(text),
  round: count,
  maxRounds: count,
  turns: count,
  startedAt: orNull(ms),
  endedAt: orNull(ms),
  activeMs: ms,
  busyMs: ms,
  verdict: orNull(verdict),
  checks: list(check),
  error: orNull(error),
  usage: totals,
});

const turn = object({
  turn: text,
  stage: text,
  kind: oneOf("work", "review", "check", "fix"),
  round: count,
  attempt: count,
  agent: orNull(text),
  epoch: count,
  status: oneOf("running", "succeeded", "failed", "interrupted", "abandoned"),
  reason: orNull(oneOf("crashed", "stopped", "limit", "cancelled", "fail-fast", "claim-lost")),
  startedAt: ms,
  endedAt: orNull(ms),
  activeFrom: ms,
  activeTo: ms,
  error: orNull(error),
  usage: orNull(usage),
  log: orNull(text),
});

const round = object({
  stage: text,
  round: count,
  turn: text,
  at: ms,
  by: oneOf("review", "checks", "person"),
  decision: oneOf("approved", "rejected", "none"),
  source: orNull(verdictSource),
  reasons: list(text),
  checks: list(check),
});

const incident = object({
  at: ms,
  type: oneOf(
    "started",
    "resumed",
    "died",
    "ended",
    "stop-requested",
    "cancel-requested",
    "reconfigured",
    "reset",
    "interrupted",
    "limit-neared",
  ),
  stage: orNull(text),
  text,
});

const figures = object({
  claims: count,
  elapsedMs: ms,
  activeMs: ms,
  busyMs: ms,
  savedMs: ms,
  peakTurns: count,
  peakStages: count,
  criticalPath: object({ activeMs: ms, stages: list(text) }),
  activeSpans: list(object({ from: ms, to: ms })),
});

/** JSON Schema (2020-12) of {@link Report}, as `renderJson` writes it. A later minor version may add properties. */
export const REPORT_SCHEMA: Schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Report on a run of Troupe",
  description: "Times are milliseconds since the epoch, durations milliseconds, costs US dollars.",
  ...object({
    version: { const: 1 },
    runId: text,
    objective: text,
    workflow: text,
    source: text,
    status: oneOf("running", "waiting", "interrupted", "limited", "failed", "cancelled", "succeeded", "stalled"),
    limit: orNull(limitName),
    reportedAt: ms,
    createdAt: ms,
    updatedAt: ms,
    holder: orNull(object({ pid: count, host: text, command: text })),
    next: orNull(text),
    counts: object(Object.fromEntries(stageStatus.map((status) => [status, count]))),
    failures: list(
      object({
        stage: text,
        code: text,
        message: text,
        hint: orNull(text),
        turn: orNull(text),
        log: orNull(text),
        failureReport: orNull(text),
      }),
    ),
    unreviewed: list(object({ stage: text, review: text, status: oneOf(...stageStatus) })),
    stages: list(stage),
    groups: list(
      object({
        name: text,
        stages: list(text),
        maxConcurrent: orNull(count),
        onFailure: oneOf("continue", "fail_fast"),
        activeMs: ms,
        busyMs: ms,
        savedMs: ms,
        usage: totals,
      }),
    ),
    removed: list(object({ id: text, turns: count, activeMs: ms, usage: totals })),
    turns: list(turn),
    rounds: list(round),
    artifacts: list(object({ stage: text, name: text, turn: text, bytes: count, sha256: text, path: orNull(text) })),
    waits: list(
      object({
        stage: text,
        turn: text,
        kind: oneOf("retry", "limit", "approval"),
        from: ms,
        until: orNull(ms),
        endedAt: orNull(ms),
        error: orNull(error),
      }),
    ),
    history: list(incident),
    figures,
    usage: totals,
    limits: list(object({ limit: oneOf("duration", "cost", "tokens"), used: ms, of: ms, isAtLeast: flag })),
    isAdopted: flag,
  }),
};
