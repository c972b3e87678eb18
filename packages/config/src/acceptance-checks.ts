import { type CommandLine, type StageId, TroupeError, type Workflow } from "@troupe/core";

/** A project's own test command, and the file that names it. */
export interface ProjectTestCommand {
  readonly command: CommandLine;
  /** For a person: `package.json scripts.test`. */
  readonly source: string;
}

export interface CheckSources {
  /** `checks` of the project file. */
  readonly project: readonly CommandLine[];
  /** Values of `--check`. */
  readonly flags: readonly string[];
  /** What `readProjectTestCommand` found. */
  readonly detected: ProjectTestCommand | null;
}

/** The checks of one acceptance stage, and where they come from. */
export interface ResolvedChecks {
  readonly stage: StageId;
  readonly checks: readonly CommandLine[];
  readonly source: string;
}

/**
 * Gives each acceptance stage its checks, from the first source that has any: the stage itself, the project file,
 * `--check`, the project's own test command. Throws `ACCEPTANCE_NO_CHECKS` when a stage is left without.
 */
export function resolveChecks(
  workflow: Workflow,
  sources: CheckSources,
): { readonly workflow: Workflow; readonly resolved: readonly ResolvedChecks[] } {
  const shared = sharedChecks(sources);
  const acceptance = workflow.stages.filter((stage) => stage.kind === "acceptance");
  const resolved = acceptance.map(({ id, checks }) => {
    if (checks.length > 0) return { stage: id, checks, source: `checks of stage ${id}` };
    if (shared === null) throw noChecks(id);
    return { stage: id, ...shared };
  });
  const byStage = new Map(resolved.map((one) => [one.stage, one.checks]));
  const stages = workflow.stages.map((stage) => ({ ...stage, checks: byStage.get(stage.id) ?? stage.checks }));
  return { workflow: { ...workflow, stages }, resolved };
}

function sharedChecks(sources: CheckSources): Omit<ResolvedChecks, "stage"> | null {
  if (sources.project.length > 0) return { checks: sources.project, source: "checks of the project file" };
  if (sources.flags.length > 0) return { checks: sources.flags.map((shell) => ({ shell })), source: "--check" };
  const { detected } = sources;
  return detected === null ? null : { checks: [detected.command], source: detected.source };
}

function noChecks(stage: StageId): TroupeError {
  return new TroupeError("ACCEPTANCE_NO_CHECKS", `acceptance stage "${stage}" has no checks to run`, {
    hint: 'Add "checks: [npm test]" with your own command to troupe.yaml, or say --check "npm test".',
    details: { stage },
  });
}
