import { Command, CommanderError, Option } from "commander";
import type { Act } from "./arguments/act.js";
import { addCommands } from "./arguments/all-commands.js";
import type { CliHost } from "./cli-host.js";
import type { GlobalOptions } from "./command-context.js";
import { asksForJson } from "./print/asks-for-json.js";
import { readVersion } from "./version.js";

/** Parses the arguments, performs the command and resolves with its exit code. */
export async function runProgram(args: readonly string[], host: CliHost): Promise<number> {
  let exitCode = 0;
  const isJson = asksForJson(args);
  const program = createProgram(isJson ? { ...host, stderr: { ...host.stderr, write: () => {} } } : host);
  const act: Act = async (command, perform) => {
    exitCode = await perform(host, command.optsWithGlobals<GlobalOptions>());
  };
  addCommands(program, act);
  try {
    await program.parseAsync(namedOutright(args, program), { from: "user" });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    if (!isJson) return 2;
    const { usageError } = await import("./print/json-error.js");
    throw usageError(
      error,
      args,
      program.commands.map((command) => command.name()),
    );
  }
}

/** `help WORD` of no command is refused as WORD itself is: the parser would print all of its help, and no error. */
function namedOutright(args: readonly string[], program: Command): string[] {
  const at = args.findIndex((word) => !word.startsWith("-"));
  const asked = args[at + 1];
  const isKnown = program.commands.some((command) => command.name() === asked);
  if (args[at] !== "help" || asked === undefined || asked.startsWith("-") || isKnown) return [...args];
  return args.filter((_word, index) => index !== at);
}

/** The command without its commands: name, version, global options. */
export function createProgram(host: Pick<CliHost, "stdout" | "stderr">): Command {
  return new Command("troupe")
    .description("A durable runner for staged workflows of AI coding agents.")
    .version(readVersion(), "-V, --version")
    .option("--cwd <dir>", "work as if started there")
    .option("--config <file>", "project file instead of the nearest troupe.yaml")
    .option("--json", "machine-readable output; for run and resume one JSON object per event")
    .option("--plain", "one line per event instead of the live view")
    .addOption(new Option("--color", "colours although the output is no terminal"))
    .addOption(new Option("--no-color", "no colours"))
    .option("-q, --quiet", "no messages beside the result")
    .option("-v, --verbose", "more about errors")
    .option("--no-input", "never ask")
    .option("--yes", "answer every question with yes")
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError("Help: troupe --help")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
    })
    .addHelpText(
      "before",
      `Examples:
  troupe run objective.md                           perform the workflow on an objective
  troupe resume                                     go on with the newest unfinished run
  troupe status                                     what every stage is doing, true also after a crash
  troupe run objective.md --agent all=replay:FILE   play a recorded cassette instead of agents

Stages take minutes to hours: start troupe in tmux, or leave it and look again with troupe status.
`,
    );
}
