import { defineRun, defineWorkflow, type JournalEntry, type RunEvent, type RunStateView, reduce } from "@troupe/core";

/** When the run was created, ms since the epoch. */
const AT = 1_700_000_000_000;
const text = { sha256: "0".repeat(64), bytes: 2, text: "ok" };

/** A run of one stage as a reporter sees it after its creation. */
export function freshRun(stage: string): RunStateView {
  const workflow = defineWorkflow({
    name: "conformance",
    stages: [{ id: stage, name: `\u001b[31m${stage}`, workAgent: "a" }],
  });
  const definition = defineRun({ workflow, objective: { title: "An objective", path: null, text } });
  return reduce(null, { type: "run.created", runId: "run-1", definition }, AT);
}

/** One event of each type, about `stage` and about a stage that the workflow does not have. */
export function everyEvent(state: RunStateView, stage: string, message: string = "it broke"): readonly RunEvent[] {
  const turn = `${stage}.1`;
  const owner = { pid: 1, startTime: null, bootId: null, pidNamespace: null, host: "h", command: "troupe run" };
  const end = { log: null, usage: null, session: null };
  const error = { code: "AGENT_FAILED", message, hint: "Mend it." } as const;
  const verdict = { decision: "rejected", reasons: [message], source: "text" } as const;
  return [
    { type: "run.created", runId: state.runId, definition: state.definition },
    { type: "run.reconfigured", definition: state.definition },
    {
      type: "run.claimed",
      epoch: 1,
      owner,
      capacity: 4,
      workspace: { kind: "folder", path: "/" },
      previousSeenAt: null,
    },
    { type: "run.stop-requested", by: "somebody" },
    { type: "run.cancel-requested", by: "somebody", message: null },
    {
      type: "turn.started",
      turn,
      stage,
      kind: "work",
      round: 1,
      attempt: 1,
      agent: "a",
      fingerprint: text.sha256,
      inputs: [],
      session: null,
    },
    { type: "turn.settled", turn, result: { status: "succeeded", output: text, artifacts: [], ...end } },
    { type: "turn.settled", turn, result: { status: "failed", error, retry: "never", output: null, ...end } },
    { type: "turn.settled", turn, result: { status: "interrupted", reason: "stopped", ...end } },
    { type: "review.concluded", stage, round: 1, turn, verdict },
    { type: "approval.requested", stage, turn },
    { type: "approval.granted", stage, turn, by: "somebody", message: null },
    { type: "approval.deferred", stage, turn, by: "somebody" },
    { type: "approval.denied", stage, turn, by: "somebody", message: text },
    { type: "stage.completed", stage, turn },
    { type: "stage.failed", stage, turn, error },
    { type: "stage.cancelled", stage, cause: { by: "stage", stage: "OTHER" } },
    { type: "stage.skipped", stage, by: "flag" },
    { type: "stage.reset", stage, cause: "failed" },
    { type: "limit.neared", limit: "cost", used: 4, of: 5, isAtLeast: true },
    { type: "run.finished", outcome: "failed", limit: null },
  ];
}

export function entryOf(state: RunStateView, seq: number, events: readonly RunEvent[]): JournalEntry {
  const { runId, createdAt } = state;
  const summary = {
    runId,
    workflow: state.definition.workflow.name,
    objective: state.definition.objective.title,
    status: state.status,
    createdAt,
    updatedAt: createdAt + seq,
  };
  return { seq, id: `entry-${seq}`, at: createdAt + seq, events, summary };
}
