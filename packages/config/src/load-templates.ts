import { isTroupeError, resolveInside, type StageId, type Workflow } from "@troupe/core";
import { compareDiagnostics, type Diagnostic } from "./diagnostic.js";
import type { Position } from "./line-index.js";
import { readTextFile } from "./read-text-file.js";

/** The text of a prompt template, and the path by which stages name it. */
export interface LoadedTemplate {
  /** As the stages name it. */
  readonly path: string;
  readonly text: string;
}

/** The templates of a workflow that could be read, and what is wrong with the others. */
export interface LoadedTemplates {
  /** Each template once, in the order of the stages. */
  readonly templates: readonly LoadedTemplate[];
  /** One for each stage whose template cannot be read. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The workflow file, for the places of diagnostics. */
export interface TemplateOrigin {
  readonly file: string;
  /** `ParsedWorkflow.locate`. */
  locate(stage: StageId, key: string): Position;
}

/** Reads the prompt templates of a workflow from the project folder; all that are missing are reported at once. */
export async function loadTemplates(
  folder: string,
  workflow: Workflow,
  origin: TemplateOrigin,
): Promise<LoadedTemplates> {
  const diagnostics: Diagnostic[] = [];
  const texts = new Map<string, Promise<LoadedTemplate | Problem>>();
  const templates = new Map<string, LoadedTemplate>();
  for (const { id, promptTemplate: path } of workflow.stages) {
    if (path === null) continue;
    const loading = texts.get(path) ?? loadTemplate(folder, path);
    texts.set(path, loading);
    const loaded = await loading;
    if ("text" in loaded) {
      templates.set(path, loaded);
      continue;
    }
    const place = { file: origin.file, ...origin.locate(id, "prompt_template"), endLine: null, endColumn: null };
    diagnostics.push({
      severity: "error",
      ...loaded,
      message: `prompt template of stage "${id}": ${loaded.message}`,
      ...place,
    });
  }
  return { templates: [...templates.values()], diagnostics: diagnostics.sort(compareDiagnostics) };
}

type Problem = Pick<Diagnostic, "code" | "message" | "hint">;

async function loadTemplate(folder: string, path: string): Promise<LoadedTemplate | Problem> {
  try {
    const { text, diagnostics } = await readTextFile(await resolveInside(folder, path), path);
    if (text !== null) return { path, text: text.replace(/\r\n?/g, "\n") };
    const message = `${path}: ${diagnostics.map((diagnostic) => diagnostic.message).join("; ")}`;
    return { code: "CONFIG_INVALID", message, hint: diagnostics[0]?.hint ?? null };
  } catch (error) {
    if (!isTroupeError(error)) throw error;
    return { code: error.code, message: error.message, hint: TEMPLATE_HINT };
  }
}

const TEMPLATE_HINT = "Write the file, correct the path (from the project folder), or say --ignore-missing-templates.";
