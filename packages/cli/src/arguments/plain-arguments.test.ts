import type { Command } from "commander";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { CliHost } from "../cli-host.js";
import type { GlobalOptions } from "../command-context.js";
import { createProgram } from "../program.js";
import { addCommands } from "./all-commands.js";
import { type PlainCommand, readPlainArguments } from "./plain-arguments.js";

/** What the parser makes of the words: the command with all of its options, or null for whatever it refuses. */
function parsed(args: readonly string[]): { name: string; options: unknown; names: readonly string[] } | null {
  const nowhere: Pick<CliHost, "stdout" | "stderr"> = { stdout: sink(), stderr: sink() };
  const program = createProgram(nowhere);
  let found: ReturnType<typeof parsed> = null;
  addCommands(program, async () => undefined);
  program.hook("preAction", (_: Command, command: Command) => {
    const options = command.optsWithGlobals<GlobalOptions>();
    found = { name: command.name(), options, names: command.args };
    throw new Error("looked at enough");
  });
  try {
    program.parse([...args], { from: "user" });
  } catch {
    // refused, or looked at
  }
  return found;
}

function sink(): CliHost["stdout"] {
  return { write: () => undefined, isTerminal: false, size: () => ({ columns: 80, rows: 24 }) };
}

function told(plain: PlainCommand | null): ReturnType<typeof parsed> {
  if (plain === null) return null;
  const { name, options } = plain;
  if (plain.name === "validate") return { name, options, names: plain.files };
  return { name, options, names: plain.name === "status" && plain.run !== undefined ? [plain.run] : [] };
}

const PLAIN: readonly (readonly string[])[] = [
  ["list"],
  ["status"],
  ["status", "a-run", "--json"],
  ["--cwd", "some/where", "status", "-q", "-v"],
  ["--config", "list", "list", "--no-color", "--no-input", "--yes", "--plain"],
  ["validate"],
  ["validate", "--format", "github", "a.yaml", "b.md", "--color"],
  ["validate", "help", "--ignore-missing-templates", "--quiet", "--verbose"],
];

test.each(PLAIN.map((args) => [args.join(" "), args] as const))("%s is understood as the parser does", (_, args) => {
  expect(told(readPlainArguments(args))).toEqual(parsed(args));
  expect(parsed(args)).not.toBeNull();
});

const OTHERS: readonly (readonly string[])[] = [
  [],
  ["lst"],
  ["run", "objective.md"],
  ["help", "list"],
  ["list", "--help"],
  ["list", "a-run"],
  ["status", "a", "b"],
  ["status", ""],
  ["--cwd"],
  ["list", "--cwd", "--json"],
  ["list", "--cwd=somewhere"],
  ["list", "-qv"],
  ["list", "--"],
  ["list", "--format", "json"],
  ["--format", "json", "validate"],
  ["validate", "--format", "xml"],
  ["validate", "--format"],
  ["validate", "-"],
];

test.each(OTHERS.map((args) => [args.join(" "), args] as const))("%s is left to the parser", (_, args) => {
  expect(readPlainArguments(args)).toBeNull();
});

const WORDS = [
  ...["list", "status", "validate", "run", "a-run", "json", "--json", "--plain", "--color", "--no-color", "-q", "-v"],
  ...["--quiet", "--verbose", "--no-input", "--yes", "--cwd", "--config", "--format", "--ignore-missing-templates"],
  ...["-", "--", "", "--help", "-h", "-V", "--cwd=x", "-qv", "--follow", "help"],
];

test("whatever is understood without the parser is what the parser says", () => {
  const words = fc.array(fc.constantFrom(...WORDS), { maxLength: 6 });
  fc.assert(
    fc.property(words, fc.constantFrom("list", "status", "validate"), fc.nat(6), (others, command, at) => {
      const args = others.toSpliced(at, 0, command);
      const plain = told(readPlainArguments(args));
      if (plain !== null) expect({ args, ...plain }).toEqual({ args, ...parsed(args) });
    }),
    { numRuns: 400 },
  );
});
