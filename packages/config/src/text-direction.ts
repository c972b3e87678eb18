import type { DiagnosticLog } from "./diagnostic-log.js";

/** Marks, embeddings, overrides and isolates of the bidirectional algorithm. */
const DIRECTION = /[\u202a-\u202e\u2066-\u2069]/;

/** Warns of the first character by which a text may look different from what it says. `offset` of the text in its file. */
export function warnOfDirection(text: string, offset: number, log: DiagnosticLog): void {
  const found = DIRECTION.exec(text);
  if (found === null) return;
  const start = found.index + offset;
  const name = `U+${found[0].charCodeAt(0).toString(16).toUpperCase()}`;
  log.add({
    span: { start, end: start + 1 },
    message: `the text has a character that changes the direction in which it is shown (${name})`,
    hint: "Remove it, if nobody put it there on purpose: the text may say something else than it seems to.",
    severity: "warning",
  });
}
