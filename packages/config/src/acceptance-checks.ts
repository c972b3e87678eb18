import { type CheckDefinition, type CommandLine, type StageId, TroupeError, type Workflow } from "@troupe/core";

/** A project's own test command, and the file that names it. */
export interface ProjectTestCommand {
  readonly command: CommandLine;
  /** For a person: `package.json scripts.test`. */
  readonly source: string;
}

/** Where checks may come from when a stage has none of its own. */
export interface CheckSources {
  /** `checks` of the project file. */
  readonly project: readonly CheckDefinition[];
  /** Values of `--check`. */
  readonly flags: readonly string[];
  /** What `readProjectTestCommand` found. */
  readonly detected: ProjectTestCommand | null;
}

/** The checks of one acceptance stage, and where they come from. */
export interface ResolvedChecks {
  readonly stage: StageId;
  readonly checks: readonly CheckDefinition[];
  readonly source: string;
}

/**
 * Gives each acceptance stage its checks, from the first source that has any: the stage itself, the project file,
 * `--check`, the project's own test command. Throws `ACCEPTANCE_NO_CHECKS` when a stage is left without, and
 * `WORKFLOW_INVALID` when one demands linked scenarios and no check of it has a report that could link them.
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
  const unlinked = resolved.find(({ stage, checks }) => {
    const demands = acceptance.some(({ id, scenarios }) => id === stage && scenarios === "linked");
    return demands && !checks.some(({ report }) => report !== undefined);
  });
  if (unlinked !== undefined) throw noReport(unlinked);
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

function noReport({ stage, source }: ResolvedChecks): TroupeError {
  return new TroupeError(
    "WORKFLOW_INVALID",
    `acceptance stage "${stage}" demands linked scenarios, and none of its checks (${source}) has a test report`,
    {
      hint: 'Write the check as a map, such as { run: "npm test", report: "reports/junit.xml" }, or remove scenarios: linked.',
      details: { stage },
    },
  );
}
