import { fenced, paragraphs } from "./markdown.js";

/** The notes of a command's help as a page shows them: examples to copy, each below what is said of it, and prose. */
export function commandNotes(notes: string): string {
  const blocks = notes.split(/\n{2,}/).filter((block) => block !== "");
  return paragraphs(...blocks.map((block) => examples(block) ?? prose(block))).trimEnd();
}

/** In the help what is said of an example stands behind it, in a column of its own. */
function examples(block: string): string | null {
  const [head, ...lines] = block.split("\n");
  if (head !== "Examples:") return null;
  const copied = lines.flatMap((line) => {
    const [example = "", ...said] = line.trim().split(/ {2,}/);
    return said.length === 0 ? [example] : [`# ${said.join(" ")}`, example];
  });
  return fenced("sh", copied.join("\n"));
}

/** Lines of the help are as long as a terminal is wide; an indented one is text of a file. */
function prose(block: string): string {
  return block.replaceAll(/\n {2,}(.+)\n/g, (_, text: string) => `\n\`${text}\`\n`);
}
