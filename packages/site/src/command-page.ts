import type { CommandDescription, DescribedTerm } from "@troupe/cli";
import { commandNotes } from "./command-notes.js";
import { code, fenced, paragraphs, table } from "./markdown.js";

const PREAMBLE = `Written from the command tree of \`troupe\`, as \`troupe COMMAND --help\` shows it. Options of the first table may stand before and behind the name of any command.
The result of a command goes to standard output, progress and messages to standard error; the exit codes are in [Errors](../errors.md).`;

/** The reference of the command line: every command, argument and option there is. */
export function commandPage(root: CommandDescription): string {
  return paragraphs(
    "# Command line",
    PREAMBLE,
    commandNotes(root.notes),
    "## Global options",
    terms("option", root.options),
    "## All commands",
    table(
      ["command", "does"],
      root.commands.map(({ name, description }) => [`[\`${name}\`](#troupe-${name})`, description]),
    ),
    ...root.commands.map((command) => section(command, `troupe ${command.name}`)),
  );
}

function section(command: CommandDescription, words: string): string {
  const options = command.options.filter(({ term }) => term !== "-h, --help");
  return paragraphs(
    `## ${words}`,
    sentence(command.description),
    fenced("sh", `${words} ${command.usage}`.trim()),
    terms("argument", command.arguments),
    terms("option", options),
    commandNotes(command.notes),
    ...command.commands.map((child) => section(child, `${words} ${child.name}`)),
  ).trimEnd();
}

function terms(kind: string, described: readonly DescribedTerm[]): string {
  const rows = described.map(({ term, description }) => [code(term), description]);
  return rows.length === 0 ? "" : table([kind, "meaning"], rows);
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
