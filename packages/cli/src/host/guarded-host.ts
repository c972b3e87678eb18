import { NO_SECRETS, type SecretMasker, sanitizeText, type TextSink } from "@troupe/core";
import type { CliHost } from "../cli-host.js";

/**
 * The host with all of its output guarded. Text is made safe where it is put together; this is for the place that was
 * forgotten, and for what others write: plugins, the parser of arguments.
 */
export function guardHost(host: CliHost): CliHost {
  let masker: SecretMasker = NO_SECRETS;
  const plain = (text: string): string => masker.mask(sanitizeText(text));
  const painted = (text: string): string => masker.mask(sanitizePainted(text));
  const { stdout, stderr, environment, cwd, clock, randomHex, writeBytes } = host;
  return {
    environment,
    cwd,
    clock,
    randomHex,
    ...(writeBytes === undefined ? {} : { writeBytes }),
    readStdin: () => host.readStdin(),
    onSignal: (listener) => host.onSignal(listener),
    exitNow: (code) => host.exitNow(code),
    stdout: through(stdout, plain),
    stderr: through(stderr, plain),
    // looking whether somebody is at a terminal costs more than most commands, and few ask
    get ask() {
      const { ask } = host;
      if (ask === null) return null;
      return async (question: string, signal?: AbortSignal) => await ask(plain(question), signal);
    },
    get terminal() {
      return host.terminal;
    },
    guard: {
      get masker() {
        return masker;
      },
      protect(next) {
        masker = next;
      },
      painted: { stdout: through(stdout, painted), stderr: through(stderr, painted) },
    },
  };
}

function through(sink: TextSink, clean: (text: string) => string): TextSink {
  const { onResize, onContinue } = sink;
  return {
    write: (text) => sink.write(clean(text)),
    get isTerminal() {
      return sink.isTerminal;
    },
    size: () => sink.size(),
    ...(onResize === undefined ? {} : { onResize }),
    ...(onContinue === undefined ? {} : { onContinue }),
  };
}

/** Colours of ours; erasing and moving within a live view; hiding and showing the cursor; updates shown at once. */
const OWN_SEQUENCES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
  /(\u001b\[(?:0|1|2|22|3[1236]|39)m|\u001b\[(?:\d*[ABG]|[02]?[JK]|\?25[hl]|\?2026[hl]))/u;

/** Alone, as one write: it rings and does nothing else. Within a text it may be anybody's. */
const BELL = "\u0007";

function sanitizePainted(text: string): string {
  if (text === BELL) return text;
  if (!text.includes("\u001b")) return sanitizeText(text);
  // the parts at odd places are the sequences
  return text
    .split(OWN_SEQUENCES)
    .map((part, index) => (index % 2 === 1 ? part : sanitizeText(part)))
    .join("");
}
