/**
 * Makes foreign text safe to show: escape sequences are removed whole, C0 and C1 controls and bidirectional overrides
 * become visible or vanish, so that nothing moves the cursor, changes the terminal or hides text. Newlines and tabs stay.
 */
export function sanitizeText(text: string): string {
  return text.replace(ESCAPE_SEQUENCES, "").replace(CONTROLS, "").replace(BIDI, "\u{fffd}");
}

/** {@link sanitizeText} on one line: newlines, tabs and runs of spaces become one space. */
export function sanitizeLine(text: string): string {
  return sanitizeText(text).replace(/\s+/gu, " ").trim();
}

// ESC or the C1 form of: OSC, DCS, SOS, PM, APC up to BEL, ST or the end; CSI; then the two-character sequences.
const ESCAPE_SEQUENCES =
  /(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c|$)|(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|\u001b[ -/]*[0-~]?/gu;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
