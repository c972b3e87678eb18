import type { Diagnostic } from "./diagnostic.js";
import { NOT_SHOWN } from "./schema-problems.js";

/** An address, but of this machine. */
const ADDRESS = /\b[a-z][a-z0-9+.-]{0,20}:\/\/(?!(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/?#\s"'\],}]|$))[^\s/]/i;
const SCHEME = /\b(?:bearer|basic)\s+[\w+/=.~-]{6,}/i;
/** Letters and digits in one long word without a slash or a dot: no path and no host. */
const TOKEN = /(?<![\w+=:./-])(?=[\w+=:-]*\d)(?=[\w+=:-]*[A-Za-z])[\w+=:-]{20,}(?![\w./])/;
/** What is a secret wherever it stands: an address that holds one, or a token of a form that services give theirs. */
const PASSWORD = /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/@"']{1,200}@/i;
const SECRET_HOST =
  /\/\/(?:[\w-]{1,60}\.){0,5}(?:hooks\.slack\.com|api\.telegram\.org|webhook\.office\.com|logic\.azure\.com|chat\.googleapis\.com|hooks\.zapier\.com)\b|\/api\/webhooks\//i;
const KNOWN_TOKEN =
  /(?<![\w-])(?:sk-(?:ant-)?\w|gh[oprsu]_\w|github_pat_|glpat-|xox[abeprs]-|AKIA[0-9A-Z]{12}|AIza[\w-]{20})/;
/** The other keys of the file. Under an unknown one may stand what was meant for `notify`. */
const OTHER_KEY = /^(["']?)(?:workflow|store|executor|reporters|agents|checks|secrets|limits)\1\s*:/;
/** A line that belongs to the key above: indented, an item of its list, blank or a comment. */
const GOES_ON = /^(?:\s|-\s|-?$|[#\]}])/;
/** As messages quote what stands in a file; a long message may be cut. */
const QUOTED = /"(?:[^"\\]|\\.)*(?:"|$)/g;
const ABOVE = "The line is not shown, as the one above may hold a secret.";

/** What is known of a line. */
interface Line {
  /** It belongs to `notify`, or to what was meant for it. */
  readonly isHook: boolean;
  readonly isSecret: boolean;
}

/**
 * Hides what would be shown of `notify` with an address or a token in it, in whichever key it stands: as often as not
 * it is a secret. Of other keys it hides what is one for sure. Found by the lines of the text: after a mistake of syntax
 * there is nothing else to go by.
 */
export function hideHookSecrets(diagnostics: readonly Diagnostic[], text: string): readonly Diagnostic[] {
  if (diagnostics.length === 0) return diagnostics;
  const lines = readLines(text);
  return diagnostics.map((diagnostic) => {
    const { line, hint } = diagnostic;
    const shown = { ...diagnostic, message: conceal(diagnostic.message, lines[line - 1]?.isHook === true) };
    if (diagnostic.isHidden === true) return shown;
    if (lines[line - 1]?.isSecret === true) return { ...shown, hint: withReason(hint, NOT_SHOWN), isHidden: true };
    // a frame has the line above too
    return lines[line - 2]?.isSecret === true ? { ...shown, hint: withReason(hint, ABOVE), isHidden: true } : shown;
  });
}

function conceal(message: string, isHook: boolean): string {
  return message.replace(QUOTED, (quoted) => (looksSecret(quoted, isHook) ? '"(not shown)"' : quoted));
}

function withReason(hint: string | null, reason: string): string {
  if (hint === null) return reason;
  return `${hint}${/[.?!]$/.test(hint) ? "" : "."} ${reason}`;
}

function looksSecret(text: string, isHook: boolean): boolean {
  const anywhere = [PASSWORD, SECRET_HOST, SCHEME, KNOWN_TOKEN];
  return (isHook ? [...anywhere, ADDRESS, TOKEN] : anywhere).some((pattern) => pattern.test(text));
}

/** Before the first key everything counts as a hook: the whole file may be one map in braces, or only the list. */
function readLines(text: string): readonly Line[] {
  let isHook = true;
  return text.split("\n").map((line) => {
    if (!GOES_ON.test(line)) isHook = !OTHER_KEY.test(line);
    return { isHook, isSecret: looksSecret(line, isHook) };
  });
}
