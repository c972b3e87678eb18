import { expect, test } from "vitest";
import { type CommandDescription, describeCommands } from "./describe-commands.js";

test("describes a command with its arguments, options, choices and examples", () => {
  const repair = describeCommands().commands.find(({ name }) => name === "repair");
  expect(repair).toMatchInlineSnapshot(`
    {
      "arguments": [],
      "commands": [],
      "description": "make a new run of what is sound in a damaged one, which stays as it is",
      "name": "repair",
      "notes": "Examples:
      troupe repair login-page-2026-11-28-3f9a1c --dry-run
      troupe repair login-page-2026-11-28-3f9a1c",
      "options": [
        {
          "description": "show what would be kept and given up; nothing is changed",
          "term": "--dry-run",
        },
        {
          "description": "display help for command",
          "term": "-h, --help",
        },
      ],
      "usage": "[options] <run>",
    }
  `);
});

test("tells the global options and examples of the root, and says something of every command and option", () => {
  const root = describeCommands();
  expect(root.options.map(({ term }) => term)).toEqual(expect.arrayContaining(["--cwd <dir>", "-q, --quiet"]));
  expect(root.notes).toContain("troupe run objective.md");
  const all = (command: CommandDescription): readonly CommandDescription[] => [
    command,
    ...command.commands.flatMap(all),
  ];
  const silent = all(root).flatMap(({ name, description, options }) =>
    [{ term: name, description }, ...options].filter((term) => term.description.length < 3).map(({ term }) => term),
  );
  expect(silent).toEqual([]);
});
