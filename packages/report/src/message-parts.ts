import { sanitizeLine, sanitizeText } from "@troupe/core";

/** The message of an error: what failed in one line, and what stands below it, as the end of a program's output. */
export interface MessageParts {
  readonly first: string;
  /** With its line breaks; null = nothing stands below. */
  readonly below: string | null;
}

/** Of a text that is longer than `most` characters its end is kept: the last lines of an output tell the most. */
export function messageParts(message: string, most: number): MessageParts {
  const [first = "", ...rest] = sanitizeText(message).trim().split("\n");
  const below = rest
    .map((line) => line.trimEnd())
    .join("\n")
    .replace(/^\n+/, "");
  return { first: sanitizeLine(first), below: below === "" ? null : clipStart(below, most) };
}

function clipStart(text: string, most: number): string {
  const more = text.length - most;
  if (more <= 0) return text;
  // half a surrogate pair would be no character
  const whole = text.slice(more).replace(/^[\udc00-\udfff]/, "");
  return `(${text.length - whole.length} more characters) …${whole}`;
}
