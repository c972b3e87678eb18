import stringWidth from "string-width";

/** How a piece of the screen looks. */
interface Style {
  readonly isBold: boolean;
  readonly isDim: boolean;
  /** A colour of {@link COLOURS}; null = that of text. */
  readonly colour: number | null;
}

interface Piece {
  readonly text: string;
  readonly style: Style;
}

const PLAIN: Style = { isBold: false, isDim: false, colour: null };
const COLOURS: ReadonlyMap<number, string> = new Map([
  [31, "#ff7b72"],
  [32, "#7ee787"],
  [33, "#e3b341"],
  [36, "#76d9e6"],
]);
const COLUMN = 8.4;
const LINE = 19;
const MARGIN = 16;

/** A screen, as `tmux capture-pane -e` prints it, as a picture that needs no font and no program of its own. */
export function terminalSvg(screen: string, columns: number, title: string): string {
  const lines = screen.trimEnd().split("\n");
  const width = Math.ceil(columns * COLUMN + 2 * MARGIN);
  const height = lines.length * LINE + 2 * MARGIN;
  const rows = readLines(lines).map((pieces, row) => rowSvg(pieces, MARGIN + row * LINE + 14));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escapeXml(title)}</title>
<rect width="${width}" height="${height}" rx="8" fill="#161b22"/>
<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14" fill="#e6edf3" xml:space="preserve">
${rows.filter((row) => row !== "").join("\n")}
</g>
</svg>
`;
}

/** A style goes on until it is changed, over the ends of lines too. */
function readLines(lines: readonly string[]): readonly (readonly Piece[])[] {
  let style = PLAIN;
  return lines.map((line) => {
    const pieces: Piece[] = [];
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal obeys
    for (const part of line.split(/(\u001b\[[\d;]*m|\u001b\(B)/u)) {
      if (part.startsWith("\u001b[")) style = restyle(style, part.slice(2, -1));
      else if (part !== "" && !part.startsWith("\u001b")) pieces.push({ text: part, style });
    }
    return pieces;
  });
}

function restyle(style: Style, codes: string): Style {
  let now = style;
  for (const code of codes.split(";")) now = restyleOnce(now, Number(code));
  return now;
}

function restyleOnce(style: Style, code: number): Style {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...style, isBold: true };
  if (code === 2) return { ...style, isDim: true };
  if (code === 22) return { ...style, isBold: false, isDim: false };
  if (code === 39) return { ...style, colour: null };
  return COLOURS.has(code) ? { ...style, colour: code } : style;
}

/** Each word has its place and its width: another font moves nothing. */
function rowSvg(pieces: readonly Piece[], y: number): string {
  let column = 0;
  const spans: string[] = [];
  for (const { text, style } of pieces) {
    for (const [word = ""] of text.matchAll(/\S+(?: \S+)*| +/g)) {
      const width = stringWidth(word);
      if (word.trim() !== "") spans.push(wordSvg(word, style, MARGIN + column * COLUMN, width * COLUMN));
      column += width;
    }
  }
  return spans.length === 0 ? "" : `<text y="${y}">${spans.join("")}</text>`;
}

function wordSvg(word: string, { isBold, isDim, colour }: Style, x: number, width: number): string {
  const looks = [
    ...(isBold ? [' font-weight="bold"'] : []),
    ...(isDim ? [' fill-opacity="0.65"'] : []),
    ...(colour === null ? [] : [` fill="${COLOURS.get(colour)}"`]),
  ];
  const place = `x="${round(x)}" textLength="${round(width)}" lengthAdjust="spacingAndGlyphs"`;
  return `<tspan ${place}${looks.join("")}>${escapeXml(word)}</tspan>`;
}

function round(length: number): string {
  return String(Math.round(length * 10) / 10);
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
