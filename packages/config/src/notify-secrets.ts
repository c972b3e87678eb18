import type { Diagnostic } from "./diagnostic.js";
import { NOT_SHOWN } from "./schema-problems.js";

/** An address, but of this machine. */
const ADDRESS = /\b[a-z][a-z0-9+.-]{0,20}:\/\/(?!(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/?#\s"'\],}]|$))[^\s/]/i;
const SCHEME = /\b(?:bearer|basic)\s+[\w+/=.~-]{6,}/i;
/** Letters and digits in one long word without a slash or a dot: no path and no host. */
const TOKEN = /(?<![\w+=:./-])(?=[\w+=:-]*\d)(?=[\w+=:-]*[A-Za-z])[\w+=:-]{20,}(?![\w./])/;
const BEGIN = /^(["']?)notify\1\s*:/;
/** A line that belongs to the key above: indented, an item of its list, blank or a comment. */
const GOES_ON = /^(?:\s|-\s|-?$|[#\]}])/;
/** As messages quote what stands in a file; a long message may be cut. */
const QUOTED = /"(?:[^"\\]|\\.)*(?:"|$)/g;
const ABOVE = "The line is not shown, as the one above may hold a secret.";

/**
 * Hides what would be shown of `notify` with an address or a token in it, in whichever key it stands: as often as not
 * it is a secret. Found by the lines of the text: after a mistake of syntax there is nothing else to go by.
 */
export function hideHookSecrets(diagnostics: readonly Diagnostic[], text: string): readonly Diagnostic[] {
  if (diagnostics.length === 0) return diagnostics;
  const lines = hookLines(text);
  return diagnostics.map((diagnostic) => {
    const { line, hint } = diagnostic;
    const shown = lines.has(line) ? { ...diagnostic, message: conceal(diagnostic.message) } : diagnostic;
    if (diagnostic.isHidden === true) return shown;
    if (lines.get(line) === true) return { ...shown, hint: withReason(hint, NOT_SHOWN), isHidden: true };
    // a frame has the line above too
    return lines.get(line - 1) === true ? { ...shown, hint: withReason(hint, ABOVE), isHidden: true } : shown;
  });
}

function conceal(message: string): string {
  return message.replace(QUOTED, (quoted) => (looksSecret(quoted) ? '"(not shown)"' : quoted));
}

function withReason(hint: string | null, reason: string): string {
  if (hint === null) return reason;
  return `${hint}${/[.?!]$/.test(hint) ? "" : "."} ${reason}`;
}

function looksSecret(text: string): boolean {
  return [ADDRESS, SCHEME, TOKEN].some((pattern) => pattern.test(text));
}

/** The lines of `notify`, counted from 1, and whether an address or a token is in them. */
function hookLines(text: string): ReadonlyMap<number, boolean> {
  const found = new Map<number, boolean>();
  let isInside = false;
  for (const [index, line] of text.split("\n").entries()) {
    isInside = BEGIN.test(line) || (isInside && GOES_ON.test(line));
    if (isInside) found.set(index + 1, looksSecret(line));
  }
  return found;
}
