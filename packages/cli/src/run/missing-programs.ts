import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Diagnostic, Position } from "@troupe/config/plain";
import type { CheckDefinition, CommandLine } from "@troupe/core";
import { findProgram } from "@troupe/process";
import type { CommandContext } from "../command-context.js";
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
 * a stage before it may make or install it; and only where the first word of the command is plain.
 */
export async function missingPrograms(
  context: Pick<CommandContext, "project" | "settings" | "host">,
  files: Pick<DiagnosedFiles, "nameOf">,
  read: ReadWorkflow,
): Promise<readonly Diagnostic[]> {
  const found = await Promise.all(
    writtenChecks(context, files, read).flatMap((written) =>
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
  const isThere = program.includes("/") && (await isFile(resolve(project.folder, program)));
  const missing = program.includes("/") ? "there is no such file" : "it is not on PATH";
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
      ? `Make it executable: chmod +x ${program}`
      : `${install}, unless a stage before it makes it; see what is there: command -v ${program}`,
  };
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

const PLAIN_WORD = /^\s*([\w./+-]+)(?=\s|$)/;

/** What a shell does itself, and the words that it reads. */
const OF_THE_SHELL: ReadonlySet<string> = new Set(
  `. : alias bg break case cd command continue do done echo elif else esac eval exec exit export false fc fg fi for
   function getopts hash if in jobs kill local printf pwd read readonly return select set shift source test then time
   times trap true type ulimit umask unalias unset until wait while`.split(/\s+/),
);

/** null = what the shell makes of it is not ours to guess. */
function programOf(command: CommandLine): string | null {
  if ("argv" in command) return command.argv[0] ?? null;
  const [, word] = process.platform === "win32" ? [] : (PLAIN_WORD.exec(command.shell) ?? []);
  return word === undefined || OF_THE_SHELL.has(word) ? null : word;
}
