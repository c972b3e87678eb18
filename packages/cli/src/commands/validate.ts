import { basename, resolve } from "node:path";
import { parseObjective, parseProjectFile } from "@troupe/config";
import type { CliHost } from "../cli-host.js";
import { findCwd, type GlobalOptions } from "../command-context.js";
import { createDiagnosedFiles, type DiagnosedFiles, refuseMistakes } from "../diagnosed-files.js";
import { findProject, PROJECT_FILE, type Project } from "../project.js";
import { findWorkflowFile, readWorkflow } from "../read-workflow.js";
import { readSettings, type Settings } from "../settings.js";

/** Checks files and shows every mistake at once, with its place and the fix; exit code 3 when there is one. */
export async function validateCommand(
  host: CliHost,
  options: GlobalOptions,
  named: readonly string[],
): Promise<number> {
  const cwd = await findCwd(host, options);
  const project = await findProject(cwd, options.config);
  const files = createDiagnosedFiles(cwd);
  const settings = await readSettings(project, files);
  const paths = named.map((path) => resolve(cwd, path));
  const workflow = named.length > 0 ? null : await findWorkflowFile(undefined, cwd, project, settings);
  if (workflow !== null) paths.push(workflow);
  for (const path of paths) await validateFile(path, project, settings, files);
  if (options.json === true) host.stdout.write(`${JSON.stringify(files.diagnostics)}\n`);
  refuseMistakes(files, host, options.color);
  const checked = [...files.texts.keys()];
  if (options.json !== true)
    host.stdout.write(
      checked.length === 0
        ? "The built-in workflow is used; there is no file to check.\n"
        : `Valid: ${checked.join(", ")}\n`,
    );
  return 0;
}

async function validateFile(path: string, project: Project, settings: Settings, files: DiagnosedFiles): Promise<void> {
  if (path === project.file) return; // read as the project's own file already
  if (path.endsWith(".md")) {
    const read = await files.read(path);
    if (read !== null) files.add(parseObjective(read.text, read.name).diagnostics);
  } else if (basename(path) === PROJECT_FILE) {
    const read = await files.read(path);
    if (read !== null) files.add(parseProjectFile(read.text, read.name).diagnostics);
  } else {
    await readWorkflow(path, project, settings, files, false);
  }
}
