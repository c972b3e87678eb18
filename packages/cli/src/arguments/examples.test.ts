import { Command } from "commander";
import { expect, test } from "vitest";
import { createCli } from "../../test/cli-harness.js";
import type { Act } from "./act.js";
import { addCommands } from "./all-commands.js";
import { EXAMPLES } from "./examples.js";

/** The whole program, which performs nothing. */
function parseOnly(): Command {
  const program = new Command("troupe").exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
  program.option("--json").option("--yes").option("--cwd <dir>");
  const act: Act = async () => {};
  addCommands(program, act);
  for (const command of program.commands) command.action(() => {});
  return program;
}

test("every command has examples, and each of them is a command that is understood", async () => {
  const commands = parseOnly().createHelp().visibleCommands(parseOnly());
  const names = commands.map((command) => command.name()).filter((name) => name !== "help");
  expect(names.filter((name) => EXAMPLES[name] === undefined)).toEqual([]);
  for (const examples of names.map((name) => EXAMPLES[name] ?? [])) {
    for (const [example] of examples) {
      const [, words = ""] = /troupe ([^|>)]*)/.exec(example) ?? [];
      const args = [...words.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
      await expect(parseOnly().parseAsync(args, { from: "user" }), example).resolves.toBeDefined();
    }
  }
});

test("help of a command begins with its examples", async () => {
  const cli = await createCli();
  expect((await cli.run("clean", "--help")).stdout).toMatchInlineSnapshot(`
    "Examples:
      troupe clean --dry-run
      troupe clean --older-than 30d --keep 10
      troupe clean RUN

    Usage: troupe clean [options] [runs...]

    remove runs that are over, with their logs and artifacts; asks first

    Arguments:
      runs                just these, also unfinished ones; never one that somebody
                          works on

    Options:
      --older-than <age>  only runs that nothing has happened to for so long, such
                          as 30d
      --keep <n>          leave the newest n runs
      --unfinished        also runs that have failed, were interrupted or wait
      --dry-run           show what would be removed; nothing is changed
      -h, --help          display help for command

    Global Options:
      -V, --version       output the version number
      --cwd <dir>         work as if started there
      --config <file>     project file instead of the nearest troupe.yaml
      --json              machine-readable output; for run and resume one JSON
                          object per event
      --plain             one line per event instead of the live view
      --color             colours although the output is no terminal
      --no-color          no colours
      -q, --quiet         no messages beside the result
      -v, --verbose       more about errors
      --no-input          never ask
      --yes               answer every question with yes

    Without runs it takes those that have succeeded or were cancelled.
    "
  `);
});

test("a mistake is told with what was probably meant and the help of its command", async () => {
  const cli = await createCli();
  expect(await cli.shown("lst")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: unknown command 'lst'
    (Did you mean list?)
    Help: troupe --help
    "
  `);
  expect(await cli.shown("graph", "--formt", "dot")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: unknown option '--formt'
    (Did you mean --format?)
    Help: troupe graph --help
    "
  `);
  expect(await cli.shown("graph", "--format", "mermayd")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: option '--format <format>' argument 'mermayd' is invalid. Allowed choices are ascii, mermaid, dot, json.
    Help: troupe graph --help
    "
  `);
});

test("global flags count before and after the command", async () => {
  const cli = await createCli({ "sub/stages.yaml": "stages:\n  A: { work_agent: a, artifacts: [] }\n" });
  const after = await cli.run("graph", "--json", "--cwd", "sub");
  expect([after.code, after.stdout !== ""]).toEqual([0, true]);
  expect(await cli.run("--json", "--cwd", "sub", "graph")).toEqual(after);
  expect(await cli.run("--cwd", "sub", "graph", "--json")).toEqual(after);
});
