import { sanitizeLine, sanitizeText } from "./sanitize.js";
import { splitLines } from "./text-lines.js";

/** `text` as a markdown quote, line by line: a quoted line is never a heading, an instruction's end or a verdict. */
export function quote(text: string): string {
  return splitLines(text.trim())
    .map((line) => (line === "" ? ">" : `> ${line}`))
    .join("\n");
}

/** A name, a path or a command within a line, with the characters that matter kept as they are. */
export function code(text: string): string {
  const line = sanitizeLine(text) === text ? text : sanitizeText(JSON.stringify(text));
  return line.includes("`") ? `\`\` ${line} \`\`` : `\`${line}\``;
}

export function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join("\n");
}

/** A titled part of a prompt; without content there is no part. */
export function section(title: string, ...content: readonly (string | null)[]): string | null {
  const parts = content.filter((part) => part !== null && part !== "");
  return parts.length === 0 ? null : [`## ${title}`, ...parts].join("\n\n");
}
