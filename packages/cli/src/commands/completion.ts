import { sanitizeLine } from "@troupe/core";
import type { Command } from "commander";
import type { CliHost } from "../cli-host.js";
import { dynamicCandidates } from "../complete/candidates.js";
import { completeWords } from "../complete/complete-words.js";
import { SHELL_SCRIPTS, type ShellName } from "../complete/shell-scripts.js";

/** Prints the script that teaches a shell what may be typed. */
export async function completionCommand(host: CliHost, shell: ShellName): Promise<number> {
  host.stdout.write(SHELL_SCRIPTS[shell]);
  return 0;
}

/** Answers such a script: `:files` or `:words`, then each word with a tab and what it is. Never fails. */
export async function completeCommand(program: Command, host: CliHost, words: readonly string[]): Promise<number> {
  const { candidates, files } = await completeWords(program, words, (sort, context) =>
    dynamicCandidates(host, sort, context),
  );
  const lines = candidates.map(({ value, description }) => `${value}\t${sanitizeLine(description)}`);
  host.stdout.write(`${[files ? ":files" : ":words", ...lines].join("\n")}\n`);
  return 0;
}
