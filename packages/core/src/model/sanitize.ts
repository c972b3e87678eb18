/**
 * Makes foreign text safe to show: escape sequences are removed whole, C0 and C1 controls and what has no width vanish,
 * and what turns the direction of text or hides text in it becomes visible, so that nothing moves the cursor, changes
 * the terminal or deceives a reader. Newlines and tabs stay.
 */
export function sanitizeText(text: string): string {
  if (PLAIN.test(text) || !SUSPICIOUS.test(text)) return text;
  return text
    .replace(ESCAPE_SEQUENCES, "")
    .replace(CONTROLS, "")
    .replace(SEPARATORS, "\n")
    .replace(WIDTHLESS, "")
    .replace(DECEIVING, "\u{fffd}");
}

/** {@link sanitizeText} on one line: newlines, tabs and runs of spaces become one space. */
export function sanitizeLine(text: string): string {
  return sanitizeText(text).replace(/\s+/g, " ").trim();
}

/** {@link sanitizeText} for text that comes in pieces: a sequence may lie in several. */
export interface TextSanitizer {
  push(text: string): string;
  /** Whatever is still kept back never became whole, and vanishes. */
  end(): void;
}

/** What is kept back of a sequence that does not end; then it is given up, and the rest is text. */
const MAX_UNFINISHED = 4096;

/** {@link sanitizeText} for a text that comes in pieces: a sequence may be cut anywhere. */
export function createTextSanitizer(): TextSanitizer {
  let open = "";
  return {
    push(text) {
      const whole = open + text;
      const at = UNFINISHED.exec(whole)?.index ?? whole.length;
      const isEndless = whole.length - at > MAX_UNFINISHED;
      open = isEndless ? "" : whole.slice(at);
      if (!isEndless) return sanitizeText(whole.slice(0, at));
      return sanitizeText(whole.slice(0, at)) + sanitizeText(whole.slice(at).replace(INTRODUCERS, ""));
    },
    end() {
      open = "";
    },
  };
}

/** JSON on one line in which nothing is left that a terminal obeys: only the spelling of such characters changes. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(JSON_UNSEEN, (letters) =>
    letters
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

// Most of what is shown; the first use of an expression makes it, and this one is made in a fraction of the other's time.
const PLAIN = /^[\t\n -~]*$/;
// ESC or the C1 form of: OSC, DCS, SOS, PM, APC up to BEL, ST or the end; CSI; then the two-character sequences.
const ESCAPE_SEQUENCES =
  /(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c|$)|(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|\u001b[ -/]*[0-~]?/gu;
// The same at the end of a text, where more may follow.
const UNFINISHED =
  /(?:(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*\u001b?|(?:\u001b\[|\u009b)[0-?]*[ -/]*|\u001b[ -/]*|[\ud800-\udbff])$/;
const INTRODUCERS = /[\u001b\u0080-\u009f]/gu;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;
const SEPARATORS = /[\u2028\u2029]/gu;
// Joiners (200C, 200D) and variation selectors (FE00-FE0F) stay: letters and emoji are made with them.
const WIDTHLESS = /[\u00ad\u180e\u200b\u2060-\u2064\ufeff]/gu;
// Overrides of direction; old format controls, annotations, tags and supplementary selectors, which can carry text unseen.
const DECEIVING =
  /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f]|[\ufff9-\ufffb\u{e0000}-\u{e0fff}\u{1d173}-\u{1d17a}]+/gu;
const SUSPICIOUS =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}\u{1d173}-\u{1d17a}]/u;
const JSON_UNSEEN =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}\u{1d173}-\u{1d17a}]/gu;
