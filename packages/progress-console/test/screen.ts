import stringWidth from "string-width";

interface Line {
  text: string;
  /** It goes on in the next one: the terminal broke it. */
  isBroken: boolean;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal obeys
const TOKENS = /\u001b\[\??\d*[A-Za-z]|[\s\S]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal obeys
const CONTROL = /^\u001b\[\??(\d*)([A-Za-z])$/;

/**
 * As much of a terminal as the live rows use: cursor up, down and to the left, erasing of lines, wrapping, scrolling and
 * wrapping anew on a resize. Unknown sequences throw. Wide characters are measured, not placed.
 */
export interface Screen {
  write(text: string): void;
  resize(columns: number, rows: number): void;
  /** Everything ever written and not erased, scrollback first, without empty lines at the end. */
  text(): string;
  readonly isCursorVisible: boolean;
}

export function createScreen(columns: number, rows: number): Screen {
  let size = { columns, rows };
  let lines: Line[] = [{ text: "", isBroken: false }];
  let row = 0;
  let column = 0;
  let isCursorVisible = true;
  const lineAt = (index: number): Line => {
    while (lines.length <= index) lines.push({ text: "", isBroken: false });
    const line = lines[index];
    if (line === undefined) throw new Error("no such line");
    return line;
  };
  const put = (letter: string): void => {
    const line = lineAt(row);
    if (stringWidth(line.text.slice(0, column) + letter) > size.columns) {
      line.isBroken = true;
      row += 1;
      column = 0;
      put(letter);
      return;
    }
    line.text = line.text.slice(0, column).padEnd(column) + letter + line.text.slice(column + letter.length);
    column += letter.length;
  };
  const control = (sequence: string): void => {
    const [, count = "", command = ""] = CONTROL.exec(sequence) ?? [];
    const top = Math.max(0, lines.length - size.rows);
    const by = count === "" ? 1 : Number(count);
    if (command === "A") row = Math.max(top, row - by);
    else if (command === "B") row += by;
    else if (command === "G") column = 0;
    else if (command === "K" && count === "2") lines[row] = { text: "", isBroken: false };
    else if (command === "K") lineAt(row).text = lineAt(row).text.slice(0, column);
    else if (sequence === "\u001b[?25l") isCursorVisible = false;
    else if (sequence === "\u001b[?25h") isCursorVisible = true;
    else if (command !== "m" && !sequence.startsWith("\u001b[?2026"))
      throw new Error(`unknown: ${JSON.stringify(sequence)}`);
  };
  return {
    write(text) {
      for (const part of text.match(TOKENS) ?? []) {
        if (part.length > 1 && part.startsWith("\u001b")) control(part);
        else if (part === "\n") {
          row += 1;
          column = 0;
          lineAt(row);
        } else put(part);
      }
    },
    resize(newColumns, newRows) {
      size = { columns: newColumns, rows: newRows };
      const before = joinBroken(lines.slice(0, row)).flatMap((text) => rewrap(text, newColumns));
      lines = [...before, ...joinBroken(lines.slice(row)).flatMap((text) => rewrap(text, newColumns))];
      row = before.length; // the live rows leave it on an empty line
    },
    text: () =>
      lines
        .map(({ text }) => text.trimEnd())
        .join("\n")
        .trimEnd(),
    get isCursorVisible() {
      return isCursorVisible;
    },
  };
}

function joinBroken(lines: readonly Line[]): readonly string[] {
  const whole: string[] = [];
  let isOpen = false;
  for (const { text, isBroken } of lines) {
    if (isOpen) whole.push((whole.pop() ?? "") + text);
    else whole.push(text);
    isOpen = isBroken;
  }
  return whole;
}

function rewrap(text: string, columns: number): readonly Line[] {
  const parts: Line[] = [{ text: "", isBroken: false }];
  for (const letter of text) {
    const last = parts.at(-1);
    if (last === undefined) continue;
    if (stringWidth(last.text + letter) <= columns) last.text += letter;
    else {
      last.isBroken = true;
      parts.push({ text: letter, isBroken: false });
    }
  }
  return parts;
}
