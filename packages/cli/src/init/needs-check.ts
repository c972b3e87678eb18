import { hasErrors } from "@troupe/config/plain";
import type { CommandContext } from "../command-context.js";
import { createDiagnosedFiles } from "../project/diagnosed-files.js";
import { findWorkflowFile, readWorkflow } from "../project/read-workflow.js";

/**
 * Whether a run of the project as it is laid out lacks a check that `--check` would give: neither the project file nor
 * the tests that were found (`check`) decide, and its workflow has an acceptance stage without checks of its own.
 */
export async function needsCheck(
  { cwd, project, settings, files }: CommandContext,
  check: string | null,
): Promise<boolean> {
  if (check !== null || settings.checks.length > 0) return false;
  if (hasErrors(files.diagnostics)) return false; // what they say of checks is not known
  const file = await findWorkflowFile(undefined, cwd, project, settings);
  if (file === null) return true; // the starter, of which a dry run writes nothing
  const read = await readWorkflow(file, project, settings, createDiagnosedFiles(cwd), true).catch(() => null);
  return read?.workflow.stages.some(({ kind, checks }) => kind === "acceptance" && checks.length === 0) ?? false;
}
