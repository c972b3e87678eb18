import { resolve } from "node:path";
import type { ParsedWorkflow, parseWorkflow } from "@troupe/config";
import { type Diagnostic, loadTemplates, type Position, readPlainWorkflow } from "@troupe/config/plain";
import { hasCode, type TemplateRef, type TroupeError, type Workflow } from "@troupe/core";
import type { DiagnosedFiles } from "./diagnosed-files.js";
import { exists, type Project } from "./project.js";
import type { Settings } from "./settings.js";

/** A workflow with the texts of its templates. */
export interface ReadWorkflow {
  readonly workflow: Workflow;
  /** The file as shown, or `built-in`. */
  readonly source: string;
  readonly templates: readonly { readonly path: TemplateRef["path"]; readonly text: string }[];
  /** `ParsedWorkflow.locate`; null = it is no file. */
  readonly locate: ((stage: string, key: string, item?: number) => Position) | null;
}

/** The file of the workflow: a flag, the project file, `./stages.yaml`; null = the built-in one. */
export async function findWorkflowFile(
  flag: string | undefined,
  cwd: string,
  project: Project,
  settings: Settings,
): Promise<string | null> {
  if (flag !== undefined) return resolve(cwd, flag);
  if (settings.workflow !== null) return resolve(project.folder, settings.workflow);
  for (const folder of new Set([cwd, project.folder])) {
    const file = resolve(folder, "stages.yaml");
    if (await exists(file)) return file;
  }
  return null;
}

/**
 * Reads a workflow and its templates; null when it has mistakes, which are in `files` then. Rejects `FILE_NOT_FOUND`,
 * unless the project file names the workflow: then that is a mistake in the project file.
 */
export async function readWorkflow(
  file: string | null,
  project: Project,
  settings: Settings,
  files: DiagnosedFiles,
  ignoreMissingTemplates: boolean,
): Promise<ReadWorkflow | null> {
  if (file === null) {
    const { defaultWorkflow } = await import("./parse-workflow.js");
    return { workflow: defaultWorkflow(), source: "built-in", templates: [], locate: null };
  }
  const read = await files.read(file).catch((error: unknown) => {
    const isNamed = settings.workflow !== null && file === resolve(project.folder, settings.workflow);
    if (!isNamed || project.file === null || !hasCode(error, "FILE_NOT_FOUND")) throw error;
    files.add([inProjectFile(error, files.nameOf(project.file), settings)]);
    return null;
  });
  if (read === null) return null;
  const personas = Object.entries(settings.agents).flatMap(([id, { persona }]) =>
    persona === null ? [] : [[id, persona]],
  );
  const options = { personas: Object.fromEntries(personas) };
  const { workflow, diagnostics, locate } =
    readPlainWorkflow(read.text, read.name, options) ?? (await readFully(read.text, read.name, options));
  files.add(diagnostics);
  if (workflow === null) return null;
  const { templates, diagnostics: missing } = await loadTemplates(project.folder, workflow, {
    file: read.name,
    locate,
  });
  if (!ignoreMissingTemplates) files.add(missing);
  return { workflow, source: read.name, templates, locate };
}

async function readFully(...file: Parameters<typeof parseWorkflow>): Promise<ParsedWorkflow> {
  const { parseWorkflow } = await import("./parse-workflow.js");
  return parseWorkflow(...file);
}

function inProjectFile({ code, message, hint }: TroupeError, file: string, { workflowAt }: Settings): Diagnostic {
  const place = { file, ...workflowAt, endLine: null, endColumn: null };
  return { severity: "error", code, message: `workflow: ${message}`, ...place, hint };
}
