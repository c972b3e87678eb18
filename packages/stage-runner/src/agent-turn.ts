import {
  type AgentResult,
  buildPrompt,
  buildVerdictPrompt,
  type ConfiguredAgent,
  concludeReview,
  TroupeError,
  type TurnSucceeded,
  type Verdict,
  writeText,
} from "@troupe/core";
import { type Answer, askAgent } from "./ask-agent.js";
import { collectArtifacts } from "./collect-artifacts.js";
import type { PreparedArtifacts } from "./prepare-artifacts.js";
import { readPromptParts } from "./read-prompt-parts.js";
import { interrupted } from "./turn-ending.js";
import type { TurnEnding, TurnScope } from "./turn-scope.js";
import { whileFull } from "./while-full.js";
import { reportFailure } from "./write-failure-report.js";

/** A work, review or fix turn: prompt, agent, artifacts and, of a review, the verdict. Rejects `AGENT_UNKNOWN`, `BLOB_*`. */
export async function performAgentTurn(scope: TurnScope, prepared: PreparedArtifacts): Promise<TurnEnding> {
  const { task, host } = scope;
  if (task.kind === "check" || task.agent === null) {
    throw new TroupeError("INTERNAL", `the turn ${task.turn} (${task.kind}) has no agent`);
  }
  const agent = await host.agent(task.agent);
  const prompt = buildPrompt(await readPromptParts(scope, task.kind, agent, prepared));
  const startedAt = host.clock.monotonic();
  const { timeoutMs } = task.stage;
  const answer = await askAgent(scope, { agent, prompt, session: task.session, timeoutMs });
  if (answer.status !== "answered") return answer;
  if (task.kind !== "review") return finish(scope, answer.result, answer.result.output);
  return concludeTurn(scope, { agent, prompt, startedAt, first: answer.result });
}

interface Review {
  readonly agent: ConfiguredAgent;
  readonly prompt: string;
  /** On the monotonic clock. */
  readonly startedAt: number;
  readonly first: AgentResult;
}

async function concludeTurn(scope: TurnScope, review: Review): Promise<TurnEnding> {
  const { first } = review;
  const verdict = concludeReview(first.verdict, first.output);
  if (verdict !== null) return finishReview(scope, first, first.output, verdict);
  const answer = await askAgain(scope, review);
  if (answer === null) return finishReview(scope, first, first.output, null);
  if (answer.status !== "answered") return answer;
  const { result } = answer;
  const output = `${first.output}\n\n${result.output}`;
  return finishReview(scope, result, output, concludeReview(result.verdict, result.output));
}

/** Asks once more for the conclusion, in the same session if there is one; null = no time is left for it. */
async function askAgain(scope: TurnScope, { agent, prompt, startedAt, first }: Review): Promise<Answer | null> {
  const { task, host, context } = scope;
  if (context.signal.aborted) return { ...interrupted(context.signal), usage: first.usage, session: first.session };
  const limit = task.stage.timeoutMs;
  const timeoutMs = limit === null ? null : limit - (host.clock.monotonic() - startedAt);
  if (timeoutMs !== null && timeoutMs <= 0) return null;
  scope.output.note("\n[troupe] the answer has no conclusion; asking once more");
  const request = buildVerdictPrompt(first.output);
  const again = first.session === null ? `${prompt}\n${request}` : request;
  return askAgent(scope, { agent, prompt: again, session: first.session, timeoutMs });
}

async function finishReview(
  scope: TurnScope,
  result: AgentResult,
  text: string,
  verdict: Verdict | null,
): Promise<TurnEnding> {
  const output = verdict === null ? text : withReasons(text, verdict);
  const ending = await finish(scope, result, output);
  if (verdict?.decision === "approved") return { ...ending, verdict };
  const source = verdict === null ? "no-verdict" : "review";
  const none: Verdict = { decision: "rejected", reasons: [], source: "none" };
  const checks = scope.task.lastChecks;
  const failureReport = await reportFailure(scope, { source, text: output, verdict: verdict ?? none, checks });
  return {
    ...ending,
    ...(verdict === null ? {} : { verdict }),
    ...(failureReport === null ? {} : { failureReport }),
  };
}

/** Reasons that did not come in the text are added to it: the text is what a fix turn gets. */
function withReasons(text: string, { source, decision, reasons }: Verdict): string {
  if (source === "text" || reasons.length === 0) return text;
  return [text, `The reviewer's verdict: ${decision}.`, reasons.map((reason) => `- ${reason}`).join("\n")]
    .filter((part) => part !== "")
    .join("\n\n");
}

async function finish(scope: TurnScope, result: AgentResult, text: string): Promise<Omit<TurnSucceeded, "log">> {
  const { host, task } = scope;
  const artifacts = await collectArtifacts(scope);
  const output = await whileFull(scope, () => writeText(host.blobs, task.runId, text));
  return { status: "succeeded", output, artifacts, usage: result.usage, session: result.session };
}
