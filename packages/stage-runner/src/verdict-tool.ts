import { readGivenVerdict, VERDICT_SCHEMA, VERDICT_TOOL, type Verdict } from "@troupe/core";
import type { Tool } from "./tool-messages.js";

/** Name under which the tool's server is offered. */
export const TOOL_SERVER: string = "troupe";
/** What a reviewer to whom the tool is given is told of it; worded so that no echo of it is a verdict. */
export const VERDICT_INSTRUCTIONS: string = [
  `Before your final answer, call the tool ${VERDICT_TOOL} of the MCP server "${TOOL_SERVER}" once, with your conclusion and its reasons;`,
  "then end your answer with the same conclusion, as said above.",
  "A rejection by either of them stands; an approval counts if your answer says it too.",
].join(" ");

/** What a reviewer has submitted in one turn. */
export interface VerdictTool extends Tool {
  /**
   * Null = nothing that is a verdict. A rejection stands, whatever was submitted before or after it; an approval only as
   * long as no call that is no verdict follows it.
   */
  verdict(): Verdict | null;
  /** Why the last call was no verdict, as the end of a sentence; null = it was one, or there was none. */
  problem(): string | null;
}

export function createVerdictTool(): VerdictTool {
  let last: Verdict | null = null;
  let problem: string | null = null;
  return {
    name: VERDICT_TOOL,
    description:
      "Submits your verdict on the work under review. Call it once, when you have finished looking. A finding that blocks, and a rejection in any call, makes the verdict a rejection.",
    inputSchema: { ...VERDICT_SCHEMA, required: ["verdict", "reasons"] },
    call(input) {
      const given = readGivenVerdict(input, "tool");
      if ("problem" in given) {
        problem = given.problem;
        const isTakenBack = last?.decision === "approved";
        if (isTakenBack) last = null; // what was meant may have been a rejection
        const told = isTakenBack ? " Your approval before it no longer counts." : "";
        return { text: `This is no verdict: ${given.problem}.${told} Call the tool again.`, isError: true };
      }
      problem = null;
      if (last === null || last.decision === "approved") last = given.verdict;
      else if (given.verdict.decision === "rejected") last = given.verdict;
      return { text: `The verdict is ${last.decision}.`, isError: false };
    },
    verdict: () => last,
    problem: () => problem,
  };
}
