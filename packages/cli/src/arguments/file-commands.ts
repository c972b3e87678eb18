import type { SchemaName } from "@troupe/config";
import { Argument, type Command, Option } from "commander";
import type { ImportOptions } from "../commands/import.js";
import type { InitOptions } from "../commands/init.js";
import type { SchemaOptions } from "../commands/schema.js";
import type { ValidateOptions } from "../commands/validate.js";
import { OUTPUT_NAMES } from "../output-names.js";
import { type Act, collect, inAnyProject, inProject } from "./act.js";
import { performValidate } from "./perform-plain.js";

/** Written out: a command that needs no schema does not load what makes them. */
const SCHEMAS: readonly SchemaName[] = ["workflow", "project", "objective"];
const OUTPUT_SCHEMAS = OUTPUT_NAMES.map((name) => `output-${name}` as const);

/** Commands about the files that a person writes. */
export function addFileCommands(program: Command, act: Act): void {
  addInit(program, act);
  program
    .command("validate")
    .description("check workflow, project file and objectives; exit code 3 with every mistake, its line and the fix")
    .argument("[files...]", "stages.yaml, troupe.yaml or objectives, - for an objective from standard input")
    .addOption(
      new Option("--format <format>", "how to show mistakes; default: text").choices([
        "text",
        "json",
        "github",
        "sarif",
      ]),
    )
    .option("--ignore-missing-templates", "go on without prompt templates that do not exist")
    .addHelpText(
      "after",
      `
Without files it checks what run would use: the project file, the workflow and its prompt templates. An objective is
checked when it is named, together with the stages and inputs of the workflow that its front matter names.
With warnings only, which are shown, the exit code is 0.`,
    )
    .action(async (files: string[], own: ValidateOptions, command: Command) => {
      await act(command, performValidate(files, own));
    });
  program
    .command("schema")
    .description("print the JSON Schema of a file, for editors, or of what a command prints with --json")
    .addArgument(
      new Argument("[file]", "which file, or output-NAME").choices([...SCHEMAS, ...OUTPUT_SCHEMAS]).default("workflow"),
    )
    .option("--write", "write those of files to .troupe/schemas, over older ones")
    .addHelpText(
      "after",
      `
A workflow whose first line is
  # yaml-language-server: $schema=.troupe/schemas/workflow.schema.json
is completed, explained and checked by editors with a YAML language server, offline, after troupe schema --write.`,
    )
    .action(async (name: SchemaName | (typeof OUTPUT_SCHEMAS)[number], own: SchemaOptions, command: Command) => {
      const { schemaCommand } = await import("../commands/schema.js");
      await act(command, (host, options) => schemaCommand(host, { ...options, ...own }, name));
    });
  program
    .command("import")
    .description("make a run of what TeamBot left, to go on with it; its files are only read")
    .argument("<path>", "TeamBot's project, its .teambot, one feature's folder, or a state file")
    .option("--workflow <file>", "the workflow that the run used; default: teambot.json's, then stages.yaml beside it")
    .option("--objective <file>", "where the objective lies now")
    .option("--check <command>", "a command that must succeed in acceptance stages (repeat for more)", collect, [])
    .option("--agent <id=plugin>", "who performs an agent's turns from now on", collect, [])
    .option("--new", "import although an unfinished run of the same objective exists")
    .option("--ignore-missing-templates", "go on without prompt templates that do not exist")
    .option("--dry-run", "show what would be kept and what would run; nothing is written")
    .addHelpText(
      "after",
      `
A stage whose result was written is kept; it runs again when TeamBot counted it as done and it was not: a review
without an approval, acceptance tests of no scenario.`,
    )
    .action(async (path: string, own: ImportOptions, command: Command) => {
      const { importCommand } = await import("../commands/import.js");
      await act(
        command,
        inProject((context) => importCommand(context, path, own)),
      );
    });
}

function addInit(program: Command, act: Act): void {
  program
    .command("init")
    .description("write troupe.yaml, stages.yaml and a sample objective.md; what is there is left alone")
    .option("--agent <agent>", "who does the work, instead of an agent that is installed")
    .option("--dry-run", "show what would be written; nothing is")
    .addHelpText(
      "after",
      `
Looks which agents are installed and what tests the project, and asks about both. With --yes, and without a terminal,
it takes what it would propose. The schemas that editors need go to .troupe/schemas; git is told to ignore .troupe.`,
    )
    .action(async (own: InitOptions, command: Command) => {
      const { initCommand } = await import("../commands/init.js");
      await act(
        command,
        inAnyProject((context) => initCommand(context, own)),
      );
    });
}
