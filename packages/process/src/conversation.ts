import type { ChildProcess } from "node:child_process";
import type { Writable } from "node:stream";
import type { EndRequest } from "./end-child.js";

/** Input of a program that is spoken with for as long as it runs. */
export interface Conversation {
  /** Right after the start. Standard input stays open until the program ends or is ended; a write that fails is no error. */
  open(stdin: Writable): void;
  /**
   * The first step of ending the program, before its input is closed: asks it in its own language to stop. Settles when
   * it has; it gets `ladder.askMs` for that.
   */
  stop(): Promise<unknown>;
}

export function openConversation(conversation: Conversation, { stdin }: ChildProcess): void {
  if (stdin === null) return;
  stdin.on("error", () => {}); // EPIPE: its end is told by its exit
  conversation.open(stdin);
}

/** Then closes its input, behind what was still to be written. Never rejects. */
export async function askToStop(conversation: Conversation, request: EndRequest): Promise<void> {
  const { started, ladder, clock, kill } = request;
  const over = new AbortController();
  const end = (): void => over.abort();
  kill.addEventListener("abort", end, { once: true });
  if (kill.aborted) end();
  void started.exit.then(end);
  const asked = askSafely(conversation);
  void asked.then(end);
  await clock.wait(ladder.askMs ?? 0, over.signal);
  kill.removeEventListener("abort", end);
  started.child.stdin?.end();
}

async function askSafely(conversation: Conversation): Promise<void> {
  try {
    await conversation.stop();
  } catch {
    // it could not be asked: the next step does not depend on its will
  }
}
