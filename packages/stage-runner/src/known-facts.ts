import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Logger, Usage } from "@troupe/core";

/** What an agent tells of a turn while it runs: it stands also when the turn fails, or its runner dies. */
export interface KnownFacts {
  readonly session: string | null;
  /** Of the whole turn so far. */
  readonly usage: Usage | null;
  /** Writes it down for a takeover before it returns; never throws. */
  update(update: { readonly session?: string; readonly usage?: Usage }): void;
  /** Takes away what was written down; throws what the file system throws. */
  forget(): void;
}

export function createKnownFacts(file: string, logger: Logger): KnownFacts {
  let session: string | null = null;
  let usage: Usage | null = null;
  let isWritten = false;
  return {
    get session() {
      return session;
    },
    get usage() {
      return usage;
    },
    update(update) {
      session = update.session ?? session;
      usage = update.usage ?? usage;
      isWritten = true;
      try {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
        writeFileSync(`${file}.tmp`, JSON.stringify({ session, usage }), { mode: 0o600 });
        renameSync(`${file}.tmp`, file);
      } catch (error) {
        // the turn goes on: only a takeover would miss it
        logger.warn(`${file} could not be written: ${error instanceof Error ? error.message : String(error)}`);
      }
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
    return { session: typeof session === "string" ? session : null, usage: parseUsage(usage) };
  } catch {
    return { session: null, usage: null }; // never noted, or lost with the power: unknown either way
  }
}

function parseUsage(value: unknown): Usage | null {
  if (typeof value !== "object" || value === null) return null;
  const { inputTokens, outputTokens, costUsd } = value as Readonly<Record<string, unknown>>;
  const count = (field: unknown): number | null => (typeof field === "number" ? field : null);
  return { inputTokens: count(inputTokens), outputTokens: count(outputTokens), costUsd: count(costUsd) };
}

/** The sum of what is known. */
export function addUsage(one: Usage | null, other: Usage | null): Usage | null {
  if (one === null || other === null) return one ?? other;
  return {
    inputTokens: addCounts(one.inputTokens, other.inputTokens),
    outputTokens: addCounts(one.outputTokens, other.outputTokens),
    costUsd: addCounts(one.costUsd, other.costUsd),
  };
}

function addCounts(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : one + other;
}
