import type { Dialogue, TextSink } from "@troupe/core";
import type { CliHost } from "../cli-host.js";

/** What may be written while a question stands, in characters; more of it, and the oldest is lost. */
const MOST_HELD = 1024 * 1024;

/** Questions of a run to the person at the terminal: one stands at a time, and nothing is written over it. */
export interface Questions {
  readonly dialogue: Dialogue;
  /** Rejects as soon as `signal` aborts, also while others stand before it. */
  ask(question: string, signal: AbortSignal): Promise<string>;
  /** As {@link ask}, for what may stand for hours: it gives way to every question of the other kind, and comes again. */
  askPatiently(question: string, signal: AbortSignal): Promise<string>;
  /** The host, but what is written while a question stands comes when it has gone. */
  holdBack(host: CliHost): CliHost;
}

export function createQuestions(askTerminal: NonNullable<CliHost["ask"]>): Questions {
  const listeners = new Set<() => void>();
  const backlog = createBacklog();
  let isOpen = false;
  let last: Promise<unknown> = Promise.resolve();
  const change = (isOpenNow: boolean): void => {
    isOpen = isOpenNow;
    for (const listener of listeners) listener();
  };
  const put = async (question: string, signal: AbortSignal): Promise<string> => {
    signal.throwIfAborted();
    change(true); // views take their rows away: after that nothing more is written
    backlog.start();
    try {
      return await askTerminal(question, signal);
    } finally {
      backlog.end();
      change(false);
    }
  };
  const enqueue = (question: string, signal: AbortSignal): Promise<string> => {
    const next = last.then(() => put(question, signal));
    last = next.catch(() => {}); // whoever asked it gets the error
    return Promise.race([next, rejectOnAbort(signal)]);
  };
  const patient = new Set<AbortController>();
  return {
    dialogue: {
      isOpen: () => isOpen,
      onChange: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    ask: (question, signal) => {
      const answer = enqueue(question, signal); // before those that give way to it come again
      for (const standing of patient) standing.abort();
      return answer;
    },
    askPatiently: async (question, signal) => {
      for (;;) {
        const way = new AbortController();
        patient.add(way);
        try {
          return await enqueue(question, AbortSignal.any([signal, way.signal]));
        } catch (error) {
          if (signal.aborted || !way.signal.aborted) throw error;
        } finally {
          patient.delete(way);
        }
      }
    },
    holdBack: (host) => holdBackOutput(host, backlog),
  };
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

interface Backlog {
  start(): void;
  /** Writes what has come meanwhile. */
  end(): void;
  through(sink: TextSink): TextSink;
}

/** One for all streams, so that their texts stay in order. */
function createBacklog(): Backlog {
  let isHolding = false;
  let held: { readonly sink: TextSink; readonly text: string }[] = [];
  let characters = 0;
  const hold = (sink: TextSink, text: string): void => {
    held.push({ sink, text });
    characters += text.length;
    while (characters > MOST_HELD) characters -= held.shift()?.text.length ?? characters;
  };
  return {
    start: () => {
      isHolding = true;
    },
    end: () => {
      isHolding = false;
      const writes = held;
      [held, characters] = [[], 0];
      for (const { sink, text } of writes) sink.write(text);
    },
    through: (sink) => ({ ...sink, write: (text) => (isHolding ? hold(sink, text) : sink.write(text)) }),
  };
}

function holdBackOutput(host: CliHost, { through }: Backlog): CliHost {
  const { stdout, stderr, guard } = host;
  const held = { ...host, stdout: through(stdout), stderr: through(stderr) };
  if (guard === undefined) return held;
  const painted = { stdout: through(guard.painted.stdout), stderr: through(guard.painted.stderr) };
  const protect: typeof guard.protect = (masker) => guard.protect(masker);
  return { ...held, guard: { masker: guard.masker, protect, painted } };
}
