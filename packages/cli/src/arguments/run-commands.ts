import type { Command } from "commander";
import { type Act, collect, inAnyProject, inProject } from "./act.js";

/** Commands that perform a run or end it. */
export function addRunCommands(program: Command, act: Act): void {
  program
    .command("run")
    .description("perform the workflow on an objective")
    .argument("[objective]", "a markdown file, or - for standard input")
    .option("-m, --message <text>", "the objective as text, without a file")
    .option("--workflow <file>", "workflow file; default: troupe.yaml, then ./stages.yaml, then the built-in one")
    .option("--max-duration <time>", "limit of active time, such as 90m or 8h")
    .option("--max-cost <usd>", "limit of what the agents cost, in US dollars, such as 5 or 2.50")
    .option("--max-tokens <n>", "limit of tokens, such as 500k or 2M")
    .option("--max-wait <time>", "longest wait for an agent's rate or usage limit, such as 6h")
    .option("--concurrency <n>", "turns at the same time")
    .option("--skip <stage>", "leave out an optional stage (repeat for more)", collect, [])
    .option("--input <name=value>", "value of a declared input (repeat for more)", collect, [])
    .option("--check <command>", "a command that must succeed in acceptance stages (repeat for more)", collect, [])
    .option("--agent <id=plugin>", "who performs an agent's turns; all=replay:FILE plays a cassette", collect, [])
    .option("--until <stage>", "stop when this stage is done; what it needs runs, nothing else")
    .option("--record <file>", "write what the agents do as a cassette, for --agent all=replay:FILE")
    .option("--dry-run", "show order, agents, commands, plugins and sizes of prompts; nothing is started")
    .option("--new", "start although an unfinished run of the same objective exists")
    .option("--share-tree", "start although another run may change the same working tree")
    .option("--ignore-missing-templates", "go on without prompt templates that do not exist")
    .action(async (objective: string | undefined, _options: unknown, command: Command) => {
      const { runCommand } = await import("../commands/run.js");
      await act(
        command,
        inAnyProject((context) => runCommand(context, objective, command.opts())),
      );
    });
  program
    .command("resume")
    .description("go on with a run; finished stages are kept")
    .argument("[run]", "default: the newest unfinished run that nobody works on")
    .option("--plan", "show for each stage keep or run and why; nothing is changed")
    .option("--from <stage>", "start this stage and everything that depends on it anew")
    .option("--until <stage>", "stop when this stage is done; what it needs runs, nothing else")
    .option("--rerun-changed", "start finished stages that were edited anew, and what depends on them")
    .option("--keep-completed", "let every finished result stand, whatever was edited")
    .option("--recorded", "go on with the files as they were recorded, edited or gone")
    .option("--max-duration <time>", "another limit of active time")
    .option("--max-cost <usd>", "another limit of cost, in US dollars")
    .option("--max-tokens <n>", "another limit of tokens")
    .option("--max-wait <time>", "another limit of the wait for an agent's rate or usage limit")
    .option("--concurrency <n>", "turns at the same time")
    .option("--share-tree", "go on although another run may change the same working tree")
    .option("--input <name=value>", "another value of a declared input (repeat for more)", collect, [])
    .option("--skip <stage>", "leave out these optional stages instead (repeat for more)", collect, [])
    .option("--check <command>", "other commands that must succeed in acceptance stages (repeat for more)", collect, [])
    .option("--agent <id=plugin>", "who performs an agent's turns from now on", collect, [])
    .option("--ignore-missing-templates", "go on without prompt templates that do not exist")
    .action(async (run: string | undefined, _options: unknown, command: Command) => {
      const { resumeCommand } = await import("../commands/resume.js");
      await act(
        command,
        inProject((context) => resumeCommand(context, run, command.opts())),
      );
    });
  program
    .command("cancel")
    .description("end a run, also when its process is dead; it goes on only with resume --yes")
    .argument("<run>")
    .option("-m, --message <text>", "why")
    .action(async (run: string, _options: unknown, command: Command) => {
      const { cancelCommand } = await import("../commands/cancel.js");
      await act(
        command,
        inProject((context) => cancelCommand(context, run, command.opts<{ message?: string }>().message)),
      );
    });
  program
    .command("answer")
    .description("answer an agent of a run without a terminal; without an answer: what is asked")
    .argument("<run>")
    .argument("[id]", "of the question, such as SPEC.1")
    .argument("[text...]", "yes, no, or what else is asked for")
    .action(
      async (
        run: string,
        question: string | undefined,
        words: readonly string[],
        _options: unknown,
        command: Command,
      ) => {
        const { answerCommand } = await import("../commands/answer.js");
        await act(
          command,
          inProject((context) => answerCommand(context, run, question, words)),
        );
      },
    );
  program
    .command("repair")
    .description("make a new run of what is sound in a damaged one, which stays as it is")
    .argument("<run>")
    .option("--dry-run", "show what would be kept and given up; nothing is changed")
    .action(async (run: string, _options: unknown, command: Command) => {
      const { repairCommand } = await import("../commands/repair.js");
      await act(
        command,
        inProject((context) => repairCommand(context, run, command.opts())),
      );
    });
}
