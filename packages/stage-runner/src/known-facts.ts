import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Logger, TurnUsage, Usage } from "@troupe/core";
import { addPrompts, parseTurnUsage } from "./usage-of-prompts.js";

/** What an agent tells of a turn while it runs: it stands also when the turn fails, or its runner dies. */
export interface KnownFacts {
  readonly session: string | null;
  /** Of the whole turn so far. */
  readonly usage: TurnUsage | null;
  /** Another prompt is put to the agent; until its usage is told, that of the turn is not known in full. */
  beginPrompt(): void;
  /** Writes it down for a takeover before it returns; never throws. `usage` is of the present prompt so far. */
  update(update: { readonly session?: string; readonly usage?: Usage }): void;
  /** Takes away what was written down; throws what the file system throws. */
  forget(): void;
}

export function createKnownFacts(file: string, logger: Logger): KnownFacts {
  let session: string | null = null;
  let present: Usage | null = null;
  let before: { readonly usage: TurnUsage | null } | null = null; // null = this is the first prompt
  let hasBegun = false;
  let isWritten = false;
  const usage = (): TurnUsage | null => (before === null ? present : addPrompts(before.usage, present));
  const write = (): void => {
    isWritten = true;
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(`${file}.tmp`, JSON.stringify({ session, usage: usage() }), { mode: 0o600 });
      renameSync(`${file}.tmp`, file);
    } catch (error) {
      // the turn goes on: only a takeover would miss it
      logger.warn(`${file} could not be written: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return {
    get session() {
      return session;
    },
    get usage() {
      return usage();
    },
    beginPrompt() {
      if (hasBegun) {
        before = { usage: usage() };
        present = null;
        write();
      }
      hasBegun = true;
    },
    update(update) {
      session = update.session ?? session;
      present = update.usage ?? present;
      write();
    },
    forget() {
      if (isWritten) rmSync(file, { force: true });
    },
  };
}

/** What a dead runner had noted; all null when there is nothing, or nothing that can be read. */
export async function readKnownFacts(file: string): Promise<Pick<KnownFacts, "session" | "usage">> {
  try {
    const value: unknown = JSON.parse(await readFile(file, "utf8"));
    if (typeof value !== "object" || value === null) return { session: null, usage: null };
    const { session, usage } = value as Readonly<Record<string, unknown>>;
    return { session: typeof session === "string" ? session : null, usage: parseTurnUsage(usage) };
  } catch {
    return { session: null, usage: null }; // never noted, or lost with the power: unknown either way
  }
}
