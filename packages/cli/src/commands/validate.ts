import { relative, resolve } from "node:path";
import { compareDiagnostics, type Diagnostic, formatGithub, formatJson, formatSarif, hasErrors } from "@troupe/config";
import { hasCode, type Workflow } from "@troupe/core";
import type { CliHost } from "../cli-host.js";
import { findCwd, type GlobalOptions } from "../command-context.js";
import { namedPlugins } from "../plugins/named-plugins.js";
import { createDiagnosedFiles, type DiagnosedFiles, refuseMistakes } from "../project/diagnosed-files.js";
import { type FileKind, kindOfFile } from "../project/file-kind.js";
import { exists, findProject, type Project } from "../project/project.js";
import { findWorkflowFile, readWorkflow } from "../project/read-workflow.js";
import { addInlineSecrets } from "../project/secrets.js";
import { readSettings, type Settings } from "../project/settings.js";
import { readVersion } from "../version.js";

type ValidateFormat = "text" | "json" | "github" | "sarif";

/** The flags of `validate`. */
export interface ValidateOptions {
  readonly format?: ValidateFormat;
  readonly ignoreMissingTemplates?: boolean;
}

/** What is checked against what. */
interface Checking {
  readonly cwd: string;
  readonly host: CliHost;
  readonly project: Project;
  readonly settings: Settings;
  readonly files: DiagnosedFiles;
  readonly ignoresMissingTemplates: boolean;
  /** Names of the files that were looked at, with what they are. */
  readonly checked: Map<string, FileKind | "prompt template">;
}

/** Checks files and shows every mistake at once, with its place and the fix; exit code 3 when there is one. */
export async function validateCommand(
  host: CliHost,
  options: GlobalOptions & ValidateOptions,
  named: readonly string[],
): Promise<number> {
  const cwd = findCwd(host, options);
  const project = findProject(cwd, options.config);
  const files = createDiagnosedFiles(cwd);
  const settings = await readSettings(host, project, files);
  const ignoresMissingTemplates = options.ignoreMissingTemplates === true;
  const checking: Checking = { cwd, host, project, settings, files, ignoresMissingTemplates, checked: new Map() };
  if (project.file !== null) checking.checked.set(files.nameOf(project.file), "project file");
  await checkFiles(checking, named);
  const plugins = namedPlugins(settings);
  if (project.file !== null && plugins.length > 0) {
    const { checkPlugins } = await import("../plugins/check-plugins.js");
    files.add(await checkPlugins(plugins, project, files.nameOf(project.file)));
  }
  addInlineSecrets(settings.secrets, files);
  const format = options.format ?? (options.json === true ? "json" : "text");
  if (format !== "text") {
    host.stdout.write(render(format, checking));
    return hasErrors(files.diagnostics) ? 3 : 0;
  }
  const names = [...checking.checked].map(([name, kind]) => `${name} (${kind})`);
  const note = (text: string): void => void (options.quiet === true || host.stderr.write(text));
  refuseMistakes(files, host, options, () => {
    if (names.length > 0) note(`Checked: ${names.join(", ")}\n`);
  });
  host.stdout.write(names.length === 0 ? BUILT_IN : `Valid: ${names.join(", ")}\n`);
  if (named.length === 0) note("Name an objective to check it as well: troupe validate FILE.md\n");
  return 0;
}

const BUILT_IN = "The built-in workflow is used; there is no file to check.\n";

async function checkFiles(checking: Checking, named: readonly string[]): Promise<void> {
  const { cwd, project, settings } = checking;
  const paths = [...new Set(named.filter((name) => name !== "-").map((name) => resolve(cwd, name)))];
  const objectives: string[] = [];
  let workflow: Workflow | null | undefined;
  const used = named.length > 0 ? null : await findWorkflowFile(undefined, cwd, project, settings);
  for (const path of used === null ? paths : [used]) {
    if (path === project.file) {
      await checkNamedWorkflow(checking); // all else of it was read as the project's own file
      continue;
    }
    await orReport(checking, path, async () => {
      const kind = path === used ? "workflow" : await findKind(checking, path);
      if (kind === "workflow") workflow = await checkWorkflow(checking, path);
      if (kind === "project file") await checkProjectFile(checking, path);
      if (kind === "objective") objectives.push(path);
    });
  }
  if (workflow === undefined && (objectives.length > 0 || named.includes("-")))
    workflow = await workflowOfRun(checking);
  for (const path of objectives)
    await orReport(checking, path, async () => await checkObjective(checking, path, workflow));
  if (named.includes("-")) await checkObjective(checking, null, workflow);
}

/** The workflow that the project file names must be there; what is in it was not asked for. */
async function checkNamedWorkflow({ project, settings, files }: Checking): Promise<void> {
  const { workflow } = settings;
  if (workflow === null || (await exists(resolve(project.folder, workflow)))) return;
  await readWorkflow(resolve(project.folder, workflow), project, settings, files, true);
}

async function findKind({ files, checked }: Checking, path: string): Promise<FileKind | null> {
  const kind = kindOfFile(path, await files.peek(path));
  if (kind !== null) checked.set(files.nameOf(path), kind);
  else {
    const message = "this is no workflow, no project file and no objective";
    const hint = "A workflow is YAML with stages, the project file is troupe.yaml, an objective is a .md file.";
    files.add([atStart(files.nameOf(path), "CONFIG_INVALID", message, hint)]);
  }
  return kind;
}

/** A file that cannot be read is one mistake among the others. */
async function orReport({ files }: Checking, path: string, check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    if (!hasCode(error, "FILE_NOT_FOUND")) throw error;
    files.add([atStart(files.nameOf(path), error.code, error.message, error.hint)]);
  }
}

function atStart(file: string, code: Diagnostic["code"], message: string, hint: string | null): Diagnostic {
  return { severity: "error", code, message, file, line: 1, column: 1, endLine: null, endColumn: null, hint };
}

async function checkWorkflow(checking: Checking, path: string): Promise<Workflow | null> {
  const { files, project, settings, checked, ignoresMissingTemplates } = checking;
  checked.set(files.nameOf(path), "workflow");
  const read = await readWorkflow(path, project, settings, files, ignoresMissingTemplates);
  for (const { path: template } of read?.templates ?? []) {
    checked.set(files.nameOf(resolve(project.folder, template)), "prompt template");
  }
  return read?.workflow ?? null;
}

/** The workflow that a run of an objective would use, which is checked with it; null = it has mistakes or is not there. */
async function workflowOfRun(checking: Checking): Promise<Workflow | null> {
  const { cwd, project, settings, files } = checking;
  const file = await findWorkflowFile(undefined, cwd, project, settings);
  if (file === null) return (await readWorkflow(file, project, settings, files, true))?.workflow ?? null;
  const found: { workflow: Workflow | null } = { workflow: null };
  await orReport(checking, file, async () => {
    found.workflow = await checkWorkflow(checking, file);
  });
  return found.workflow;
}

async function checkProjectFile({ files }: Checking, path: string): Promise<void> {
  const read = await files.read(path);
  const { parseProjectFile } = await import("../project/parse-project-file.js");
  if (read !== null) files.add(parseProjectFile(read.text, read.name).diagnostics);
}

/** `path` null: the objective comes from standard input. */
async function checkObjective(
  { host, files, checked }: Checking,
  path: string | null,
  workflow: Workflow | null | undefined,
): Promise<void> {
  const read = path === null ? { name: "objective", text: await host.readStdin() } : await files.read(path);
  if (read === null) return;
  if (path === null) {
    files.know(read.name, read.text);
    checked.set("objective", "objective");
  }
  const { checkObjectiveReferences, parseObjective } = await import("../project/parse-objective.js");
  const parsed = parseObjective(read.text, path === null ? null : read.name);
  files.add(parsed.diagnostics);
  if (workflow) files.add(checkObjectiveReferences(parsed, workflow, read.name));
}

function render(format: Exclude<ValidateFormat, "text">, { files, host, cwd, checked }: Checking): string {
  const sorted = [...files.diagnostics].sort(compareDiagnostics);
  if (format === "json") return formatJson(sorted, [...checked.keys()]);
  // annotations and logs are read from the root of the repository, wherever the command stood
  const base = host.environment.GITHUB_WORKSPACE ?? host.cwd;
  const fromBase = (name: string): string => {
    const near = files.isFile(name) ? relative(base, resolve(cwd, name)) : name;
    return near.startsWith("..") ? resolve(cwd, name) : near;
  };
  const moved = sorted.map((diagnostic) => ({ ...diagnostic, file: fromBase(diagnostic.file) }));
  if (format === "github") return formatGithub(moved);
  return formatSarif(moved, [...checked.keys()].map(fromBase), readVersion());
}
