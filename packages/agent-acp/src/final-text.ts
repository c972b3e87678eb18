export interface FinalText {
  /** null = nothing but notices was said. */
  readonly answer: string | null;
  readonly notices: readonly string[];
}

const NOTICE = /^(?:Warning|Info): /;

/**
 * The last message is the result, not all of them together. Agents glue notices ("Warning: ...", "Info: ...") into
 * their messages, before and behind what they say: such lines at both ends are set apart.
 */
export function finalText(messages: readonly string[]): FinalText {
  const notices: string[] = [];
  for (const message of messages.toReversed()) {
    const parts = setNoticesApart(message);
    notices.unshift(...parts.notices);
    if (parts.text !== "") return { answer: parts.text, notices };
  }
  return { answer: null, notices };
}

function setNoticesApart(message: string): { readonly text: string; readonly notices: readonly string[] } {
  const lines = message.split(/\r?\n/);
  const isLoose = (line: string | undefined): boolean =>
    line !== undefined && (line.trim() === "" || NOTICE.test(line));
  let [start, end] = [0, lines.length];
  while (start < end && isLoose(lines[start])) start += 1;
  while (end > start && isLoose(lines[end - 1])) end -= 1;
  const loose = [...lines.slice(0, start), ...lines.slice(end)];
  return { text: lines.slice(start, end).join("\n"), notices: loose.filter((line) => line.trim() !== "") };
}
