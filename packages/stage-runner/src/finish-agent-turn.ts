import { type TurnSucceeded, writeText } from "@troupe/core";
import type { AnsweredPrompt } from "./ask-agent.js";
import { collectArtifacts } from "./collect-artifacts.js";
import type { TurnScope } from "./turn-scope.js";
import { whileFull } from "./while-full.js";

/** The success of a turn whose agent has answered: artifacts and `text` are recorded. */
export async function finishAgentTurn(
  scope: TurnScope,
  result: AnsweredPrompt,
  text: string,
): Promise<Omit<TurnSucceeded, "log">> {
  const { host, task } = scope;
  const artifacts = await collectArtifacts(scope);
  const output = await whileFull(scope, () => writeText(host.blobs, task.runId, text));
  return { status: "succeeded", output, artifacts, usage: result.usage, session: result.session };
}
