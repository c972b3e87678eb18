import type { AgentContext, AgentRequest, AgentResult, ConfiguredAgent, TurnUsage } from "@troupe/core";
import { endMarkedProcesses } from "@troupe/process";
import { createPersonAsker } from "./ask-person.js";
import { agentEnvironment, turnFacts } from "./environment.js";
import { endWithRetry, interrupted } from "./turn-ending.js";
import type { EndedTurn, TurnScope } from "./turn-scope.js";

/** How an agent may answer other than in text. */
export type AnswerBy = Pick<AgentRequest, "tools" | "resultSchema">;

export interface Question {
  readonly agent: ConfiguredAgent;
  readonly prompt: string;
  /** A session to go on with; null = none. */
  readonly session: string | null;
  /** null = unbounded. */
  readonly timeoutMs: number | null;
  readonly answerBy?: AnswerBy;
}

/** `usage` is of the whole turn so far. */
export interface AnsweredPrompt extends AgentResult {
  readonly usage: TurnUsage | null;
}

/** `session` null = the agent did not tell one. */
export type Answer = { readonly status: "answered"; readonly result: AnsweredPrompt } | EndedTurn;

/**
 * Puts one prompt to the agent; by the time it resolves nothing that the agent started runs any more. An agent that
 * fails is an answer; rejects only when its processes could not be ended.
 */
export async function askAgent(scope: TurnScope, question: Question): Promise<Answer> {
  const { context, known, marker } = scope;
  if (context.signal.aborted) return interrupted(context.signal);
  known.beginPrompt();
  let hasProcesses = false;
  const over = new AbortController();
  const ask = createPersonAsker(scope, question.agent.id, over.signal);
  const agentContext = createAgentContext(scope, ask, () => {
    hasProcesses = true;
  });
  const answer = await question.agent.runner.run(createRequest(scope, question), agentContext).then(
    (result): Answer => {
      if (result.session !== null) known.update({ session: result.session });
      if (result.usage !== null) known.update({ usage: result.usage });
      return { status: "answered", result: { ...result, usage: known.usage, session: known.session } };
    },
    (error): Answer => {
      const ending = endWithRetry(error, context.signal, "AGENT_FAILED");
      return { ...ending, usage: known.usage, session: known.session };
    },
  );
  over.abort(); // what it still wanted to know
  // An agent ends its own process tree; this is for what it has lost sight of.
  if (hasProcesses) await endMarkedProcesses({ marker });
  return answer;
}

function createRequest(scope: TurnScope, { agent, prompt, session, timeoutMs, answerBy }: Question): AgentRequest {
  const { task, folders, host, marker } = scope;
  const facts = turnFacts(task, { marker, artifacts: folders.latest });
  return {
    runId: task.runId,
    turn: task.turn,
    stage: task.stage.id,
    kind: task.kind,
    round: task.round,
    agent: agent.id,
    prompt,
    cwd: task.workspace.path,
    artifactsFolder: folders.latest,
    env: agentEnvironment(host, agent.env, facts),
    access: agent.access,
    ...(agent.model === null ? {} : { model: agent.model }),
    ...(session === null ? {} : { session }),
    ...answerBy,
    timeoutMs,
    idleTimeoutMs: task.stage.idleTimeoutMs,
  };
}

function createAgentContext(scope: TurnScope, ask: AgentContext["ask"], onProcess: () => void): AgentContext {
  const { context, output, known } = scope;
  return {
    signal: context.signal,
    kill: context.kill,
    logger: context.logger,
    output: (chunk) => output.write(chunk),
    ...(ask === undefined ? {} : { ask }),
    activity(kind) {
      if (kind === "tool-start") context.progress({ type: "tool", phase: "start" });
      if (kind === "tool-end") context.progress({ type: "tool", phase: "end" });
    },
    processStarted(pid) {
      onProcess();
      scope.noteProcess(pid);
    },
    known: (update) => known.update(update),
  };
}
