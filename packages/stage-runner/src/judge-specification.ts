import {
  type CheckResult,
  judgeScenarios,
  readScenarios,
  readText,
  type Scenario,
  type ScenarioResult,
  type TestOutcome,
} from "@troupe/core";
import type { PerformedCheck } from "./check-summary.js";
import type { TurnScope } from "./turn-scope.js";

/** More of them are cut off: they lie in the journal. */
const MAX_SCENARIOS = 200;
/** A larger document is no specification that a person wrote. */
const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

interface Specification {
  /** Names of the artifacts that have scenarios. */
  readonly names: readonly string[];
  /** Each id once. */
  readonly scenarios: readonly Scenario[];
  /** Ids that stand in one artifact more than once. */
  readonly doubled: readonly string[];
}

/**
 * What the tests say of the acceptance test scenarios of the specification; null where no acceptance stage is judged, or
 * there are no scenarios and none is demanded.
 */
export async function judgeSpecification(
  scope: TurnScope,
  tests: readonly TestOutcome[],
): Promise<PerformedCheck | null> {
  const { scenarios: demand } = scope.task;
  if (demand === undefined) return null;
  const specification = await readSpecification(scope);
  if (specification.scenarios.length === 0 && demand === "shown") return null;
  const results = judgeScenarios(specification.scenarios, tests);
  const problem = demand === "linked" ? problemOf(specification, results) : null;
  const passed = problem === null && results.every(({ status }) => status !== "failed");
  const { names } = specification;
  const result: CheckResult = {
    command: names.length === 0 ? "acceptance test scenarios" : `scenarios of ${names.join(", ")}`,
    passed,
    exitCode: null,
    durationMs: 0,
    ...(problem === null ? {} : { problem }),
    scenarios: results.slice(0, MAX_SCENARIOS),
  };
  const end = problem ?? "a scenario failed";
  return { result, failure: passed ? null : { end, output: describe(results, demand) }, tests: [] };
}

/** As it is recorded, not as it lies in the folder: who has to meet the scenarios does not change them. */
async function readSpecification({ task, host }: TurnScope): Promise<Specification> {
  const names: string[] = [];
  const scenarios = new Map<string, Scenario>();
  const doubled = new Set<string>();
  for (const { name, ...ref } of task.inputs) {
    if (name === null || !/\.(?:md|markdown)$/iu.test(name) || ref.bytes > MAX_DOCUMENT_BYTES) continue;
    const own = new Set<string>();
    for (const scenario of readScenarios(await readText(host.blobs, task.runId, ref))) {
      if (own.has(scenario.id)) doubled.add(scenario.id);
      own.add(scenario.id);
      if (!scenarios.has(scenario.id)) scenarios.set(scenario.id, scenario);
    }
    if (own.size > 0) names.push(name);
  }
  return { names, scenarios: [...scenarios.values()], doubled: [...doubled] };
}

/** Why not every scenario is linked; null = each has a test of its own that was performed. */
function problemOf({ scenarios, doubled }: Specification, results: readonly ScenarioResult[]): string | null {
  if (scenarios.length === 0) {
    return 'no artifact of an earlier stage has scenarios ("### AT-001: ..." below "Acceptance Test Scenarios")';
  }
  if (doubled.length > 0) return `the same id stands for more than one scenario: ${doubled.join(", ")}`;
  const open = results.filter(({ status }) => status === "not-linked").length;
  return open === 0 ? null : `${open} of ${results.length} scenarios have no performed test with their id in its name`;
}

function describe(results: readonly ScenarioResult[], demand: "shown" | "linked"): string {
  const lines = results.flatMap(({ id, title, status }) => {
    const name = title === "" ? id : `${id} (${title})`;
    if (status === "failed") return [`- ${name}: a test that carries its id fails`];
    if (status === "passed" || demand === "shown") return [];
    return [`- ${name}: no test that was performed carries ${id} in its name`];
  });
  return lines.length === 0 ? "" : `Scenarios:\n\n${lines.slice(0, MAX_SCENARIOS).join("\n")}`;
}
