import { Command, CommanderError, Option } from "commander";
import type { CliHost } from "./cli-host.js";
import { type CommandContext, createContext, createSoundContext, type GlobalOptions } from "./command-context.js";
import { readVersion } from "./version.js";

type Perform = (host: CliHost, options: GlobalOptions) => Promise<number>;
type Act = (command: Command, perform: Perform) => Promise<void>;

/** Most commands work within a project. */
function inProject(perform: (context: CommandContext) => Promise<number>): Perform {
  return async (host, options) => await perform(await createSoundContext(host, options));
}

/** Parses the arguments, performs the command and resolves with its exit code. */
export async function runProgram(args: readonly string[], host: CliHost): Promise<number> {
  let exitCode = 0;
  const program = createProgram(host);
  const act: Act = async (command, perform) => {
    exitCode = await perform(host, command.optsWithGlobals<GlobalOptions>());
  };
  addRunCommands(program, act);
  addLookCommands(program, act);
  try {
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
}

function createProgram(host: CliHost): Command {
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

function addRunCommands(program: Command, act: Act): void {
  program
    .command("run")
    .description("perform the workflow on an objective")
    .argument("[objective]", "a markdown file, or - for standard input")
    .option("-m, --message <text>", "the objective as text, without a file")
    .option("--workflow <file>", "workflow file; default: troupe.yaml, then ./stages.yaml, then the built-in one")
    .option("--max-duration <time>", "limit of active time, such as 90m or 8h")
    .option("--concurrency <n>", "turns at the same time")
    .option("--skip <stage>", "leave out an optional stage (repeat for more)", collect, [])
    .option("--input <name=value>", "value of a declared input (repeat for more)", collect, [])
    .option("--check <command>", "a command that must succeed in acceptance stages (repeat for more)", collect, [])
    .option("--agent <id=plugin>", "who performs an agent's turns; all=replay:FILE plays a cassette", collect, [])
    .option("--dry-run", "show order, agents, commands and plugins; nothing is started")
    .option("--new", "start although an unfinished run of the same objective exists")
    .option("--share-tree", "start although another run may change the same working tree")
    .option("--ignore-missing-templates", "go on without prompt templates that do not exist")
    .action(async (objective: string | undefined, _options: unknown, command: Command) => {
      const { runCommand } = await import("./commands/run.js");
      await act(command, async (host, options) => {
        return await runCommand(await createContext(host, options), objective, command.opts());
      });
    });
  program
    .command("resume")
    .description("go on with a run; finished stages are kept")
    .argument("[run]", "default: the newest unfinished run that nobody works on")
    .option("--plan", "show for each stage keep or run and why; nothing is changed")
    .option("--max-duration <time>", "another limit of active time")
    .option("--concurrency <n>", "turns at the same time")
    .action(async (run: string | undefined, _options: unknown, command: Command) => {
      const { resumeCommand } = await import("./commands/resume.js");
      await act(
        command,
        inProject((context) => resumeCommand(context, run, command.opts())),
      );
    });
  program
    .command("cancel")
    .description("end a run for good, from any terminal, also when its process is dead")
    .argument("<run>")
    .option("-m, --message <text>", "why")
    .action(async (run: string, _options: unknown, command: Command) => {
      const { cancelCommand } = await import("./commands/cancel.js");
      await act(
        command,
        inProject((context) => cancelCommand(context, run, command.opts<{ message?: string }>().message)),
      );
    });
}

function addLookCommands(program: Command, act: Act): void {
  program
    .command("status")
    .description("show a run; takes nothing and is true after a crash")
    .argument("[run]", "default: the newest run")
    .action(async (run: string | undefined, _options: unknown, command: Command) => {
      const { statusCommand } = await import("./commands/status.js");
      await act(
        command,
        inProject((context) => statusCommand(context, run)),
      );
    });
  program
    .command("list")
    .description("list all runs, newest first")
    .action(async (_options: unknown, command: Command) => {
      const { listCommand } = await import("./commands/list.js");
      await act(command, inProject(listCommand));
    });
  program
    .command("logs")
    .description("print what the agents and commands of a run wrote")
    .argument("[run]", "default: the newest run")
    .argument("[stage]", "only this stage")
    .option("-f, --follow", "go on while the run is running")
    .option("--failed", "only failed stages")
    .action(async (run: string | undefined, stage: string | undefined, _options: unknown, command: Command) => {
      const { logsCommand } = await import("./commands/logs.js");
      await act(
        command,
        inProject((context) => logsCommand(context, run, stage, command.opts())),
      );
    });
  program
    .command("validate")
    .description("check workflow, project file and objectives; exit code 3 with every mistake, its line and the fix")
    .argument("[files...]", "stages.yaml, troupe.yaml or objectives; default: what run would use")
    .action(async (files: string[], _options: unknown, command: Command) => {
      const { validateCommand } = await import("./commands/validate.js");
      await act(command, (host, options) => validateCommand(host, options, files));
    });
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
