import { type AgentRequest, parseVerdict, recogniseRateLimit, TroupeError } from "@troupe/core";
import { limitDetails, logHint } from "./failures.js";
import type { Transcript } from "./transcript.js";

/** Why an agent stopped without having finished; none of it would be otherwise the next time. */
const UNFINISHED: Readonly<Record<string, string>> = {
  max_tokens: "stopped at the limit of its tokens",
  max_turn_requests: "stopped at the limit of its requests to the model",
  refusal: "refused to go on",
};
/** Longer texts, and those with more lines, are answers even if they speak of limits. */
const LIMIT_LENGTH = 400;
const LIMIT_LINES = 4;
/** How services speak to whoever has reached a limit; whoever writes about limits speaks of others, or of code. */
const TOLD = /^API Error: |\byour?\b|\bresets?\b|\btry again\b|\|1\d{9}/i;

/** The text of a turn that has ended by itself. Throws `AGENT_FAILED` or `AGENT_NO_OUTPUT` where there is none. */
export function conclude(stopReason: string, transcript: Transcript, request: AgentRequest, now: number): string {
  const who = `agent "${request.agent}"`;
  const answer = transcript.answer();
  const hint = logHint(request);
  if (stopReason !== "end_turn") {
    const what = UNFINISHED[stopReason];
    throw new TroupeError("AGENT_FAILED", `${who} ${what ?? `ended its turn with "${stopReason}"`}`, {
      hint,
      details: { stopReason, ...(what === undefined ? {} : { retry: "never" }) },
    });
  }
  const notice = answer !== null && !transcript.hasUsedTools() && isNotice(answer, now) ? answer : null;
  const said = [...transcript.notices(), ...(notice === null ? [] : [notice])];
  const limit = answer === null || notice !== null ? limitDetails(said.join("\n"), now) : {};
  if (limit.limited === true)
    throw new TroupeError("AGENT_FAILED", `${who} has reached a limit: ${said.join("; ")}`, { hint, details: limit });
  if (answer !== null) return answer;
  const why = said.length === 0 ? "" : `; it only said: ${said.join("; ")}`;
  throw new TroupeError("AGENT_NO_OUTPUT", `${who} ended without an answer${why}`, { hint });
}

/**
 * Some agents tell a limit as their answer, and do nothing else in such a turn. It is a few short lines that begin with
 * it: "Done. The client now answers 429 Too Many Requests" is an answer, and so is whatever holds a verdict.
 */
function isNotice(answer: string, now: number): boolean {
  const lines = answer.split("\n").filter((line) => line.trim() !== "");
  if (lines.length > LIMIT_LINES || answer.length > LIMIT_LENGTH || parseVerdict(answer) !== null) return false;
  const [first = ""] = answer.split(/(?<=[.!?])\s|\n/u);
  return TOLD.test(answer) && recogniseRateLimit(first, now) !== null;
}

/** Agents take texts that begin with these for commands, files or options. */
export function startSafely(prompt: string): string {
  return /^\s*[@/-]/.test(prompt) ? `Your task:\n\n${prompt}` : prompt;
}
