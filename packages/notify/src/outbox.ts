import { constants } from "node:fs";
import { mkdir, open, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Notification } from "./notification.js";
import { type OutboxLine, readLine, type Sender, writeLine } from "./outbox-line.js";

/** Beside the journal, in the folder of the run. */
export const OUTBOX_FILE = "notify.jsonl";

/** What has to be sent of a run, and what was: a file that only grows, in the order in which things happened. */
export interface Outbox {
  /** Of each hook that is known here, after which entry it began. */
  readonly began: ReadonlyMap<string, number>;
  /** Keys of all that was ever put here. */
  readonly keys: ReadonlySet<string>;
  /** Who sends and has not said that it has left, in the order in which they began; one may be dead. */
  readonly senders: readonly Sender[];
  /** Put here and not done, oldest first. */
  readonly unsent: readonly { readonly hook: string; readonly notification: Notification }[];
  /** Rejects when the line cannot be written; nothing is synced, as the journal says again what must be here. */
  append(...lines: readonly OutboxLine[]): Promise<void>;
  /** Says that a sender has left; nothing where the file has gone meanwhile, as with a run that was removed. */
  leave(sender: string): Promise<void>;
}

/** Reads what is there; there need not be a file. Rejects with the error of the system. */
export async function openOutbox(folder: string): Promise<Outbox> {
  const path = join(folder, OUTBOX_FILE);
  const began = new Map<string, number>();
  const put = new Map<string, { readonly hook: string; readonly notification: Notification }>();
  const keys = new Set<string>();
  const senders = new Map<string, Sender>();
  for (const text of (await readIfThere(path)).split("\n")) {
    const line = text === "" ? null : readLine(text);
    if (line === null) continue;
    if ("done" in line) {
      keys.add(line.done);
      put.delete(line.done);
    } else if ("left" in line) senders.delete(line.left);
    else if ("sender" in line) senders.set(line.sender, line);
    else if ("from" in line) {
      if (!began.has(line.hook)) began.set(line.hook, line.from);
    } else if (!keys.has(line.key)) {
      keys.add(line.key);
      put.set(line.key, { hook: line.hook, notification: line.payload });
    }
  }
  let last: Promise<void> = Promise.resolve();
  const write = async (lines: readonly OutboxLine[], more: number): Promise<void> => {
    // an agent may have put a link in its place
    const flags = constants.O_WRONLY | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0) | more;
    const file = await open(path, flags, 0o600);
    try {
      await file.appendFile(lines.map(writeLine).join(""));
    } finally {
      await file.close();
    }
  };
  const append = async (lines: readonly OutboxLine[]): Promise<void> => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await write(lines, constants.O_CREAT);
  };
  // one after another, so that the order is that of the calls
  const inTurn = async (step: () => Promise<void>): Promise<void> => {
    const next = last.then(step);
    last = next.catch(() => {}); // whoever called is told
    await next;
  };
  return {
    began,
    keys,
    senders: [...senders.values()],
    unsent: [...put.values()],
    append: (...lines) => inTurn(() => append(lines)),
    leave: (sender) => inTurn(() => write([{ left: sender }], 0).catch(ignoreMissing)),
  };
}

function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return "";
    throw error;
  }
}
