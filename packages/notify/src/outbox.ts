import { constants } from "node:fs";
import { mkdir, open, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Notification } from "./notification.js";
import { type OutboxLine, readLine, writeLine } from "./outbox-line.js";

/** Beside the journal, in the folder of the run. */
export const OUTBOX_FILE = "notify.jsonl";

/** What has to be sent of a run, and what was: a file that only grows, in the order in which things happened. */
export interface Outbox {
  /** Of each hook that is known here, after which entry it began. */
  readonly began: ReadonlyMap<string, number>;
  /** Keys of all that was ever put here. */
  readonly keys: ReadonlySet<string>;
  /** Put here and not done, oldest first. */
  readonly unsent: readonly { readonly hook: string; readonly notification: Notification }[];
  /** Rejects when the line cannot be written; nothing is synced, as the journal says again what must be here. */
  append(...lines: readonly OutboxLine[]): Promise<void>;
}

/** Reads what is there; there need not be a file. Rejects with the error of the system. */
export async function openOutbox(folder: string): Promise<Outbox> {
  const path = join(folder, OUTBOX_FILE);
  const began = new Map<string, number>();
  const put = new Map<string, { readonly hook: string; readonly notification: Notification }>();
  const keys = new Set<string>();
  for (const text of (await readIfThere(path)).split("\n")) {
    const line = text === "" ? null : readLine(text);
    if (line === null) continue;
    if ("done" in line) {
      keys.add(line.done);
      put.delete(line.done);
    } else if ("from" in line) {
      if (!began.has(line.hook)) began.set(line.hook, line.from);
    } else if (!keys.has(line.key)) {
      keys.add(line.key);
      put.set(line.key, { hook: line.hook, notification: line.payload });
    }
  }
  let last: Promise<void> = Promise.resolve();
  const append = async (lines: readonly OutboxLine[]): Promise<void> => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // an agent may have put a link in its place
    const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
    const file = await open(path, flags, 0o600);
    try {
      await file.appendFile(lines.map(writeLine).join(""));
    } finally {
      await file.close();
    }
  };
  return {
    began,
    keys,
    unsent: [...put.values()],
    append: async (...lines) => {
      // one after another, so that the order is that of the calls
      const next = last.then(() => append(lines));
      last = next.catch(() => {}); // whoever appended is told
      await next;
    },
  };
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}
