import { type AgentContext, sanitizeLine } from "@troupe/core";
import { maskerOf } from "./mask-secrets.js";
import type { TurnScope } from "./turn-scope.js";

/** Characters of a question; more would push its beginning out of sight. */
const MOST_CHARACTERS = 2000;

/**
 * Puts an agent's questions to the person, with who asks, on one line each. They are withdrawn, and reject, when the turn
 * ends, or `over` aborts. Undefined = there is nobody to ask.
 */
export function createPersonAsker(
  { task, context, host }: Pick<TurnScope, "task" | "context" | "host">,
  agent: string,
  over: AbortSignal,
): AgentContext["ask"] {
  const { ask } = host;
  if (ask === undefined) return undefined;
  return (question, signal) => {
    const signals = [context.signal, context.kill, over, ...(signal === undefined ? [] : [signal])];
    const who = `Stage ${task.stage.id}, turn ${task.turn}, agent "${agent}": `;
    return ask(maskerOf(host).mask(`${who}${shorten(sanitizeLine(question))} `), AbortSignal.any(signals), {
      runId: task.runId,
      turn: task.turn,
    });
  };
}

/** Says that something is missing: nobody is to allow what they have not seen. The end, where the question mark is, stays. */
function shorten(question: string): string {
  if (question.length <= MOST_CHARACTERS) return question;
  const end = question.slice(-MOST_CHARACTERS / 2);
  const left = question.length - MOST_CHARACTERS;
  return `${question.slice(0, MOST_CHARACTERS / 2)} [... ${left} characters are not shown ...] ${end}`;
}
