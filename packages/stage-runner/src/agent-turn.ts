import { buildPrompt, TroupeError } from "@troupe/core";
import { askAgent } from "./ask-agent.js";
import { finishAgentTurn } from "./finish-agent-turn.js";
import type { PreparedArtifacts } from "./prepare-artifacts.js";
import { readPromptParts } from "./read-prompt-parts.js";
import { performReview } from "./review-turn.js";
import type { TurnEnding, TurnScope } from "./turn-scope.js";

/** A work, review or fix turn: prompt, agent, artifacts and, of a review, the verdict. Rejects `AGENT_UNKNOWN`, `BLOB_*`. */
export async function performAgentTurn(scope: TurnScope, prepared: PreparedArtifacts): Promise<TurnEnding> {
  const { task, host } = scope;
  if (task.kind === "check" || task.agent === null) {
    throw new TroupeError("INTERNAL", `the turn ${task.turn} (${task.kind}) has no agent`);
  }
  const agent = await host.agent(task.agent);
  const prompt = buildPrompt(await readPromptParts(scope, task.kind, agent, prepared));
  if (task.kind === "review") return performReview(scope, agent, prompt);
  const { timeoutMs } = task.stage;
  const answer = await askAgent(scope, { agent, prompt, session: task.session, timeoutMs });
  return answer.status === "answered" ? finishAgentTurn(scope, answer.result, answer.result.output) : answer;
}
