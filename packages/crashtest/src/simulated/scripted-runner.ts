import {
  type ArtifactRef,
  type CheckResult,
  concludeReview,
  interruptReason,
  type StateStore,
  type TurnContext,
  type TurnResult,
  type TurnRunner,
  type TurnTask,
  writeText,
} from "@troupe/core";
import type { Reply, Scenario, TurnName } from "../scenarios.js";
import type { Ledger, Performance } from "./ledger.js";
import type { SimulatedProcess } from "./simulated-process.js";

export interface ScriptedRunnerOptions {
  readonly scenario: Scenario;
  readonly store: StateStore;
  readonly ledger: Ledger;
  readonly process: SimulatedProcess;
}

/**
 * Performs turns by the replies of a scenario and notes each in the ledger. Log, artifacts and output go through the
 * store before the result exists, in the order of the real runner; what the turn consumes is read and verified.
 */
export function createScriptedRunner(options: ScriptedRunnerOptions): TurnRunner {
  return { run: (task, context) => performTurn(options, task, context) };
}

async function performTurn(options: ScriptedRunnerOptions, task: TurnTask, context: TurnContext): Promise<TurnResult> {
  const { store, ledger, process } = options;
  const log = await store.logs.open(task.runId, task.turn);
  for (const input of task.inputs) if (input.text === null) await readAll(store, task.runId, input.sha256);
  await process.enter(); // who is dead or stopped starts nothing
  const performance = ledger.perform(task, process);
  try {
    const reply = replyFor(options.scenario, task);
    log.write(Buffer.from(`begins ${task.turn}\n`));
    await happen(options, performance, context);
    await process.enter();
    log.write(Buffer.from(reply.output));
    const ending = context.signal.aborted ? null : await keep(store, task, reply);
    const rest = { log: await log.close(), usage: null, session: null };
    if (ending === null) return { status: "interrupted", reason: interruptReason(context.signal), ...rest };
    return { status: "succeeded", ...ending, ...rest };
  } finally {
    ledger.end(performance);
  }
}

/** What the scenario lets happen in this turn. */
async function happen(
  { scenario: { happening }, ledger, process }: ScriptedRunnerOptions,
  performance: Performance,
  { signal }: TurnContext,
): Promise<void> {
  if (!("during" in happening) || !isNamed(happening.during, performance)) return;
  if (happening.kind === "cancel") return ended(AbortSignal.any([signal, process.died]));
  const isFirst = ledger.performed.filter((other) => isNamed(happening.during, other)).length === 1;
  if (isFirst) process.stop();
}

function isNamed({ stage, kind, round }: TurnName, { stage: of, task }: Performance): boolean {
  return of === stage && task.kind === kind && task.round === round;
}

async function ended(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

async function keep(
  store: StateStore,
  task: TurnTask,
  reply: Reply,
): Promise<Pick<Extract<TurnResult, { readonly status: "succeeded" }>, "output" | "artifacts" | "verdict" | "checks">> {
  const artifacts: ArtifactRef[] = [];
  for (const { path, content } of reply.files ?? []) {
    artifacts.push({ name: path, ...(await store.blobs.put(task.runId, Buffer.from(content))) });
  }
  const output = await writeText(store.blobs, task.runId, reply.output);
  if (task.kind === "check") return { output, artifacts, checks: [checkResult(reply)] };
  const verdict = task.kind === "review" ? concludeReview([], reply.output) : null;
  return verdict === null ? { output, artifacts } : { output, artifacts, verdict };
}

function checkResult({ exitCode = 0 }: Reply): CheckResult {
  return { command: "$CRASHTEST_PLAYER", passed: exitCode === 0, exitCode, durationMs: 0 };
}

function replyFor({ name, replies }: Scenario, { stage, kind, round, turn }: TurnTask): Reply {
  const found = replies.find((reply) => reply.stage === stage.id && reply.kind === kind && reply.round === round);
  if (found === undefined) throw new Error(`scenario ${name} has no reply for ${turn}: ${kind} of round ${round}`);
  return found;
}

/** The content, verified by the store. */
export async function readAll(store: StateStore, runId: string, sha256: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.blobs.get(runId, sha256)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
