import { textWidth } from "./text-width.js";

/** Text in lines of at most `width` columns, by paragraphs. A word that is wider than a line has one to itself. */
export function wrap(text, { width = 80, indent = "" } = {}) {
  if (!Number.isInteger(width) || width < 1) throw new RangeError(`width must be a whole number from 1, not ${width}`);
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => wrapParagraph(paragraph, width, indent))
    .join("\n\n");
}

function wrapParagraph(paragraph, width, indent) {
  const words = paragraph.split(/\s+/).filter((word) => word !== "");
  const lines = [];
  let line = words.shift() ?? "";
  for (const word of words) {
    const longer = `${line} ${word}`;
    if (textWidth(longer) <= width) {
      line = longer;
    } else {
      lines.push(line);
      line = indent + word;
    }
  }
  return [...lines, line].join("\n");
}
