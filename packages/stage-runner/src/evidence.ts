import { type Sha256, sanitizeText } from "@troupe/core";
import { runTool } from "./run-command.js";
import type { TurnScope } from "./turn-scope.js";

const MAX_BYTES = 16 * 1024;
const TIMEOUT_MS = 20_000;

/**
 * What changed in the working folder, for a reviewer: what git says of it, or, without git, the files under review by
 * their hashes. Never fails a turn; null = nothing is known.
 */
export async function describeChanges(
  scope: TurnScope,
  files: readonly { readonly name: string; readonly sha256: Sha256 }[],
): Promise<string | null> {
  const status = await git(scope, ["status", "--porcelain"]);
  if (status === null) {
    const lines = files.map((file) => `${file.sha256}  ${file.name}`);
    return lines.length === 0 ? null : `git knows nothing of this folder. SHA-256 of the files:\n${lines.join("\n")}`;
  }
  const changes = await git(scope, ["diff", "--stat", "--no-ext-diff", "--no-textconv", "HEAD"]);
  const commits = await git(scope, ["log", "--oneline", "--no-decorate", "-n", "10"]);
  return [
    titled("git status --porcelain", status === "" ? "(clean)" : status),
    titled("git diff --stat HEAD", changes),
    titled("git log --oneline -n 10", commits),
  ]
    .filter((part) => part !== null)
    .join("\n\n");
}

function titled(title: string, text: string | null): string | null {
  return text === null || text === "" ? null : `$ ${title}\n${text}`;
}

/** What git prints, or null when there is no git, no repository or no answer in time. */
async function git(scope: TurnScope, args: readonly string[]): Promise<string | null> {
  try {
    const { outcome, stdout } = await runTool(scope, {
      // takes no lock that the work of others may meet, and starts no program that the repository names
      command: { argv: ["git", "--no-optional-locks", "-c", "core.fsmonitor=false", ...args] },
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
    });
    return outcome.exitCode === 0 ? sanitizeText(stdout.text()).trimEnd() : null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    scope.context.logger.debug(`${scope.task.turn}: no evidence from git: ${reason}`);
    return null;
  }
}
