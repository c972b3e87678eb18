const ESCAPE = String.fromCharCode(27);
const COLOUR = new RegExp(`${ESCAPE}\\[[0-9;]*m`, "g");
const COMBINING = /\p{Mark}/u;
const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\u{1f300}-\u{1faff}]/u;

/** The columns that a terminal uses for a text on one line: colours use none, wide letters two. */
export function textWidth(text) {
  let columns = 0;
  for (const letter of text.replace(COLOUR, "")) {
    if (COMBINING.test(letter)) continue;
    columns += WIDE.test(letter) ? 2 : 1;
  }
  return columns;
}
