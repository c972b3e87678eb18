import type { Diagnostic } from "@troupe/config/plain";
import type { Project } from "../project/project.js";
import type { NamedPlugin } from "./named-plugins.js";
import { type ExaminedPlugin, examinePlugin, type PluginReference } from "./plugin-loader.js";
import { placesOf } from "./plugin-places.js";

/**
 * What is wrong with the plugins that the project file names, with their places: a mistyped name, options that do not
 * fit. Of plugins that do not come with the command only whether they are there: nothing of the project is run for a
 * look, and one that is still to be installed is a warning.
 */
export async function checkPlugins(
  named: readonly NamedPlugin[],
  project: Project,
  file: string,
): Promise<readonly Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const { kind, reference } of named) {
    const examined = await examinePlugin(kind, reference, placesOf(project));
    if (examined !== null) found.push(toDiagnostic(examined, reference, file));
  }
  return found;
}

function toDiagnostic(
  { error, isMistake }: ExaminedPlugin,
  { line, column }: PluginReference,
  file: string,
): Diagnostic {
  const { code, message, hint } = error;
  const place = { file, line: line ?? 1, column: column ?? 1, endLine: null, endColumn: null };
  return { severity: isMistake ? "error" : "warning", code, message, ...place, hint };
}
