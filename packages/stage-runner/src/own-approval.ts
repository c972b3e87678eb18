import { type AgentResult, parseVerdict, readGivenVerdict, type ToolUse, VERDICT_TOOL } from "@troupe/core";
import { TOOL_SERVER } from "./verdict-tool.js";

/** Why an approval by tool does not count, as the end of a sentence. */
export const NOT_SHOWN: string =
  "it approves, but your answer does not say so, and nothing that is seen of your turn shows that this call was yours";

/**
 * Whether an approval that came by the tool is the reviewer's: the token of the tool lies in its environment, where
 * another program of the same user can read it. What the agent's own process has told vouches for it: the call itself, or
 * the same conclusion in its text or by schema.
 */
export function isOwnApproval({ output, verdict, toolUses = [] }: AgentResult): boolean {
  if (toolUses.some(showsApproval)) return true;
  return verdict?.decision === "approved" || parseVerdict(output)?.decision === "approved";
}

/** A call whose input is not shown may have been any. */
function showsApproval({ server, tool, input }: ToolUse): boolean {
  if (server !== TOOL_SERVER || tool !== VERDICT_TOOL) return false;
  if (input === undefined) return true;
  const given = readGivenVerdict(input, "tool");
  return "verdict" in given && given.verdict.decision === "approved";
}
