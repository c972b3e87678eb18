import { sanitizeText, TroupeError, writeText } from "@troupe/core";
import { describeCommand } from "@troupe/process";
import { collectArtifacts } from "./collect-artifacts.js";
import { type CommandOutcome, describeEnd, runCommand } from "./run-command.js";
import { endWithError, endWithRetry, interrupted } from "./turn-ending.js";
import type { EndedTurn, TurnEnding, TurnScope } from "./turn-scope.js";
import { whileFull } from "./while-full.js";

const MAX_OUTPUT_BYTES = 1024 * 1024;
const MAX_TAIL_CHARACTERS = 2_000;

/** The turn of a command stage: the program instead of an agent. Its exit code decides. */
export async function performCommand(scope: TurnScope): Promise<TurnEnding> {
  const { task, context } = scope;
  const command = task.stage.run;
  if (command === null) throw new TroupeError("INTERNAL", `the command stage ${task.stage.id} has no command`);
  const { timeoutMs, idleTimeoutMs } = task.stage;
  const limits = { timeoutMs, idleTimeoutMs, maxBytes: MAX_OUTPUT_BYTES };
  let result: CommandOutcome;
  try {
    result = await runCommand(scope, { command, ...limits });
  } catch (error) {
    return endWithRetry(error, context.signal, "PROCESS_NOT_STARTED");
  }
  if (result.outcome.ended === "aborted") return interrupted(context.signal);
  if (result.outcome.ended !== "exited" || result.outcome.exitCode !== 0) return endFailed(scope, result);
  const artifacts = await collectArtifacts(scope);
  const output = await keepText(scope, result.stdout.text());
  return { status: "succeeded", output, artifacts, usage: null, session: null };
}

async function endFailed(scope: TurnScope, { outcome, all }: CommandOutcome): Promise<EndedTurn> {
  const { task, context } = scope;
  const text = all.text();
  const tail = sanitizeText(text).trim().slice(-MAX_TAIL_CHARACTERS);
  const what = `${task.stage.run === null ? task.stage.id : describeCommand(task.stage.run)} ${describeEnd(outcome)}`;
  const error = new TroupeError(
    outcome.ended === "exited" ? "COMMAND_FAILED" : "TURN_TIMEOUT",
    tail === "" ? what : `${what}; the end of its output:\n${tail}`,
    {
      hint: `See all of its output: troupe logs ${task.runId} ${task.stage.id}`,
      details: { exitCode: outcome.exitCode, signal: outcome.signal },
    },
  );
  const ending = endWithError(error, context.signal);
  return ending.status === "failed" ? { ...ending, output: await keepText(scope, text) } : ending;
}

function keepText(scope: TurnScope, text: string): ReturnType<typeof writeText> {
  return whileFull(scope, () => writeText(scope.host.blobs, scope.task.runId, text));
}
