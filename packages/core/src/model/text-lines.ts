/** A piece of text, with the number of its first line, from 0. */
export interface NumberedText {
  readonly line: number;
  readonly text: string;
}

/** Why an approval in a line may be somebody else's, as the end of a sentence "This line approves, but ..."; null = it is not. */
export type LineDoubt = string | null;

/** The lines of a text, whatever ends them. */
export function splitLines(text: string): readonly string[] {
  return text.replace(/^\u{feff}/u, "").split(/\r\n|\r|\n/u);
}

/** The line at an index that exists. */
export function lineAt(lines: readonly string[], index: number): string {
  return lines.slice(index, index + 1).join("");
}
