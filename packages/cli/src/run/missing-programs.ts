import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Diagnostic, Position } from "@troupe/config/plain";
import type { CheckDefinition, CommandLine } from "@troupe/core";
import { findProgram } from "@troupe/process";
import type { CommandContext } from "../command-context.js";
import { quoteWord } from "../print/quote-word.js";
import type { DiagnosedFiles } from "../project/diagnosed-files.js";
import type { ReadWorkflow } from "../project/read-workflow.js";

/** Checks as one file gives them to one stage, or to all. */
interface WrittenChecks {
  readonly file: string;
  readonly at: (item: number) => Position;
  /** Of which the hint speaks: `checks of ACCEPT`. */
  readonly what: string;
  readonly code: Diagnostic["code"];
  readonly checks: readonly CheckDefinition[];
}

/**
 * Warns of checks whose program is not there: a typing mistake that would show hours later. No more than a warning, for
 * a stage before it may make or install it; and only where the first word of the command is plain. Of a stage that is
 * skipped nothing is started.
 */
export async function missingPrograms(
  context: Pick<CommandContext, "project" | "settings" | "host">,
  files: Pick<DiagnosedFiles, "nameOf">,
  read: ReadWorkflow,
  skip: readonly string[] = [],
): Promise<readonly Diagnostic[]> {
  const performed = read.workflow.stages.filter(({ id }) => !skip.includes(id));
  const found = await Promise.all(
    writtenChecks(context, files, { ...read, workflow: { ...read.workflow, stages: performed } }).flatMap((written) =>
      written.checks.map(async (check, item) => await warningOf(check, item, written, context)),
    ),
  );
  return found.filter((warning) => warning !== null);
}

function writtenChecks(
  { project, settings }: Pick<CommandContext, "project" | "settings">,
  { nameOf }: Pick<DiagnosedFiles, "nameOf">,
  { workflow, source, locate }: ReadWorkflow,
): readonly WrittenChecks[] {
  const code = "WORKFLOW_INVALID" as const;
  const own = workflow.stages.flatMap(({ id, checks }) =>
    checks.length === 0 || locate === null
      ? []
      : [{ file: source, at: (item: number) => locate(id, "checks", item), what: `checks of ${id}`, code, checks }],
  );
  const isUsed = workflow.stages.some(({ kind, checks }) => kind === "acceptance" && checks.length === 0);
  if (project.file === null || !isUsed || settings.checks.length === 0) return own;
  const at = (item: number): Position => settings.locate("checks", item);
  const { checks } = settings;
  return [...own, { file: nameOf(project.file), at, what: "checks", code: "CONFIG_INVALID", checks }];
}

async function warningOf(
  check: CheckDefinition,
  item: number,
  { file, at, what, code }: WrittenChecks,
  { project, host }: Pick<CommandContext, "project" | "host">,
): Promise<Diagnostic | null> {
  const program = programOf(check);
  const { PATH: searchPath } = host.environment;
  if (program === null || searchPath === undefined) return null; // a shell has a search path of its own then
  if ((await findProgram({ program, searchPath, folder: project.folder })) !== null) return null;
  const kind = program.includes("/") ? await kindOf(resolve(project.folder, program)) : null;
  const isThere = kind === "file";
  const noFile = kind === null ? "there is no such file" : "it is a folder";
  const missing = program.includes("/") ? noFile : "it is not on PATH";
  const install = program.includes("/") ? "Correct its path" : "Correct its name, or install it";
  return {
    severity: "warning",
    code,
    message: `${what}: ${program} cannot be started: ${isThere ? "it is not executable" : missing}`,
    file,
    ...at(item),
    endLine: null,
    endColumn: null,
    hint: isThere
      ? `Make it executable: chmod +x ${quoteWord(program)}`
      : `${install}, unless a stage before it makes it; see what is there: command -v ${quoteWord(program)}`,
  };
}

/** null = there is nothing. */
async function kindOf(path: string): Promise<"file" | "folder" | null> {
  return await stat(path).then(
    (found) => (found.isDirectory() ? "folder" : "file"),
    () => null,
  );
}

/** Not the name of a function, which is followed by parentheses. */
const PLAIN_WORD = /^\s*([\w./+-]+)(?=\s|$)(?!\s*\()/;

/** What a shell does itself, and the words that it reads: `/bin/sh` may be a small one, bash, ksh or zsh. */
const OF_THE_SHELL: ReadonlySet<string> = new Set(
  `. : alias autoload bg bind break builtin caller case cd chdir command compgen complete compopt continue coproc
   declare dirs disown do done echo elif else emulate enable esac eval exec exit export false fc fg fi float for
   foreach function getopts hash help history if in integer jobs kill let local logout mapfile nameref noglob
   popd print printf pushd pwd read readarray readonly repeat return select set setopt shift shopt source suspend
   test then time times trap true type typeset ulimit umask unalias unset unsetopt until wait whence while
   zmodload`.split(/\s+/),
);

/** null = what the shell makes of it is not ours to guess. */
function programOf(command: CommandLine): string | null {
  if ("argv" in command) return command.argv[0] ?? null;
  const [, word] = process.platform === "win32" ? [] : (PLAIN_WORD.exec(command.shell) ?? []);
  return word === undefined || OF_THE_SHELL.has(word) ? null : word;
}
