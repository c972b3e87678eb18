import {
  buildVerdictPrompt,
  type ConfiguredAgent,
  concludeReview,
  describeMissingVerdict,
  VERDICT_SCHEMA,
  type Verdict,
} from "@troupe/core";
import { type Answer, type AnswerBy, type AnsweredPrompt, askAgent } from "./ask-agent.js";
import { finishAgentTurn } from "./finish-agent-turn.js";
import { isOwnApproval, NOT_SHOWN } from "./own-approval.js";
import { startToolServer, type ToolServer } from "./tool-server.js";
import { interrupted } from "./turn-ending.js";
import type { TurnEnding, TurnScope } from "./turn-scope.js";
import { createVerdictTool, TOOL_SERVER, VERDICT_INSTRUCTIONS, type VerdictTool } from "./verdict-tool.js";
import { reportFailure } from "./write-failure-report.js";

interface Review {
  readonly agent: ConfiguredAgent;
  readonly prompt: string;
  /** On the monotonic clock. */
  readonly startedAt: number;
  readonly tool: VerdictTool;
  readonly answerBy: AnswerBy;
}

/** A review turn: its verdict by tool, by schema or in the text; the tool is served as long as the turn lasts. */
export async function performReview(scope: TurnScope, agent: ConfiguredAgent, prompt: string): Promise<TurnEnding> {
  const tool = createVerdictTool();
  const server = await serveTool(scope, tool);
  const offered = { name: TOOL_SERVER, instructions: VERDICT_INSTRUCTIONS };
  const answerBy: AnswerBy = {
    resultSchema: VERDICT_SCHEMA,
    ...(server === null ? {} : { tools: [{ ...offered, url: server.url, headers: server.headers }] }),
  };
  const startedAt = scope.host.clock.monotonic();
  try {
    return await conclude(scope, { agent, prompt, startedAt, tool, answerBy });
  } finally {
    await server?.close();
  }
}

/** Null = it cannot listen here: schema and text are left. */
async function serveTool(scope: TurnScope, tool: VerdictTool): Promise<ToolServer | null> {
  try {
    return await startToolServer(tool);
  } catch (error) {
    scope.context.logger.warn(`${scope.task.turn}: the verdict tool cannot be served: ${String(error)}`);
    return null;
  }
}

/** Only of a turn whose agent has answered: what one submitted that then died counts for nothing. */
async function conclude(scope: TurnScope, review: Review): Promise<TurnEnding> {
  const { agent, prompt, tool, answerBy } = review;
  const { session, stage } = scope.task;
  const answer = await askAgent(scope, { agent, prompt, session, timeoutMs: stage.timeoutMs, answerBy });
  if (answer.status !== "answered") return answer;
  const first = answer.result;
  const verdict = concludeReview(givenBy(tool, first), first.output);
  if (verdict !== null) return finishReview(scope, first, first.output, verdict);
  const again = await askAgain(scope, review, first);
  if (again === null) return finishReview(scope, first, first.output, noVerdict(tool, first));
  if (again.status !== "answered") return again;
  const second = again.result;
  const output = `${first.output}\n\n${second.output}`;
  const late = concludeReview(givenBy(tool, second), second.output);
  return finishReview(scope, second, output, late ?? noVerdict(tool, second));
}

/** In the order in which they count. */
function givenBy(tool: VerdictTool, result: AnsweredPrompt): readonly Verdict[] {
  const byTool = isUnproven(tool, result) ? null : tool.verdict();
  return [byTool, result.verdict ?? null].filter((given) => given !== null);
}

/** A rejection needs no proof: in doubt there is no approval. */
function isUnproven(tool: VerdictTool, result: AnsweredPrompt): boolean {
  return tool.verdict()?.decision === "approved" && !isOwnApproval(result);
}

/** Asks once more for the conclusion, in the same session if there is one; null = no time is left for it. */
async function askAgain(scope: TurnScope, review: Review, first: AnsweredPrompt): Promise<Answer | null> {
  const { task, host, context } = scope;
  const { agent, prompt, startedAt, tool, answerBy } = review;
  if (context.signal.aborted) return { ...interrupted(context.signal), usage: first.usage, session: first.session };
  const limit = task.stage.timeoutMs;
  const timeoutMs = limit === null ? null : limit - (host.clock.monotonic() - startedAt);
  if (timeoutMs !== null && timeoutMs <= 0) return null;
  scope.output.note("\n[troupe] the answer has no conclusion; asking once more");
  const request = buildVerdictPrompt(first.output, problemOf(tool, first));
  const again = first.session === null ? `${prompt}\n${request}` : request;
  return askAgent(scope, { agent, prompt: again, session: first.session, timeoutMs, answerBy });
}

/** Why what was given by tool or schema is no verdict; null = nothing was given. */
function problemOf(tool: VerdictTool, result: AnsweredPrompt): string | null {
  return tool.problem() ?? result.verdictProblem ?? (isUnproven(tool, result) ? NOT_SHOWN : null);
}

/** A rejection that is the reviewer's to mend, not the author's. */
function noVerdict(tool: VerdictTool, last: AnsweredPrompt): Verdict {
  const problem = describeMissingVerdict(last.output, problemOf(tool, last));
  return { decision: "rejected", reasons: [`The review gave no verdict. ${problem}`], source: "none" };
}

async function finishReview(
  scope: TurnScope,
  result: AnsweredPrompt,
  text: string,
  verdict: Verdict,
): Promise<TurnEnding> {
  const output = withReasons(text, verdict);
  scope.output.note(`\n[troupe] verdict (${verdict.source}): ${verdict.decision}`);
  const ending = await finishAgentTurn(scope, result, output);
  if (verdict.decision === "approved") return { ...ending, verdict };
  const source = verdict.source === "none" ? "no-verdict" : "review";
  const failureReport = await reportFailure(scope, { source, text: output, verdict, checks: scope.task.lastChecks });
  return { ...ending, verdict, ...(failureReport === null ? {} : { failureReport }) };
}

/** Reasons that did not come in the text are added to it: the text is what the next turn gets. */
function withReasons(text: string, { source, decision, reasons }: Verdict): string {
  if (source === "text" || reasons.length === 0) return text;
  const verdict = source === "none" ? [] : [`The reviewer's verdict: ${decision}.`];
  return [text, ...verdict, reasons.map((reason) => `- ${reason}`).join("\n")]
    .filter((part) => part !== "")
    .join("\n\n");
}
