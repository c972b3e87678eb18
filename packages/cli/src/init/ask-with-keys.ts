import { isCancel, select, text } from "@clack/prompts";
import type { TerminalStreams } from "../cli-host.js";
import type { Asking } from "./choices.js";

/** Questions answered with arrow keys and Enter. An abort of `signal`, Ctrl+C and Escape leave; the terminal is restored. */
export function askWithKeys({ input, output }: TerminalStreams, signal: AbortSignal): Asking {
  const common = { input, output, signal };
  return {
    async choose(message, choices) {
      const options = choices.map(({ value, label, hint }) => ({ value, label, ...(hint === null ? {} : { hint }) }));
      const answer = await select({ ...common, message, options });
      return isCancel(answer) ? null : answer;
    },
    async type(message, proposal) {
      const answer = await text({ ...common, message, initialValue: proposal });
      return isCancel(answer) ? null : answer;
    },
  };
}
