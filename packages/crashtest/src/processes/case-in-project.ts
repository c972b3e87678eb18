import type { CaseResult } from "../crash-suite.js";
import { SCENARIOS, type Scenario } from "../scenarios.js";
import { caseResult, other, type Problem } from "./crash-oracles.js";
import { type CrashProject, createCrashProject, type StoreName } from "./crash-project.js";
import { drive } from "./drive-run.js";
import { type FinalState, finalStateOf } from "./final-state.js";
import { probeRun } from "./probe-store.js";

/** A case that needs a project and what its run comes to if nothing happens. */
export interface ProjectCase {
  readonly id: string;
  readonly scenario: Scenario;
  readonly store: StoreName;
  /** Crashes, stops and faults that the case brings about. */
  readonly points: number;
  /** Where the project lies; made anew for each case, removed by who made it. */
  readonly root?: string;
  perform(project: CrashProject, expected: FinalState): Promise<readonly Problem[]>;
}

/** Whatever is thrown is a problem of the case, and the project goes in any event. */
export async function performCase(it: ProjectCase): Promise<CaseResult> {
  let problems: readonly Problem[];
  try {
    const expected = await undisturbed(it.scenario, it.store);
    const project = await createCrashProject(it.scenario, it.store, it.root);
    try {
      problems = await it.perform(project, expected);
    } finally {
      await project.remove();
    }
  } catch (error) {
    problems = other(error instanceof Error ? error.message : String(error));
  }
  return caseResult(it.scenario.name, it.id, it.points, problems);
}

const known = new Map<string, Promise<FinalState>>();

/** What the scenario comes to when nothing happens; performed once for each store. */
async function undisturbed(scenario: Scenario, store: StoreName): Promise<FinalState> {
  const key = `${store} ${scenario.name}`;
  const performed = known.get(key) ?? performUndisturbed(scenario, store);
  known.set(key, performed);
  return await performed;
}

async function performUndisturbed(scenario: Scenario, store: StoreName): Promise<FinalState> {
  const project = await createCrashProject(scenario, store);
  try {
    const end = await drive(project, { args: ["run", "objective.md"] });
    const probe = await probeRun(project);
    if (probe === null) throw new Error(`scenario ${scenario.name} left no run: ${end.stderr}`);
    return finalStateOf(project, probe);
  } finally {
    await project.remove();
  }
}

/** Rejects a name that no scenario has: a mistake of the suite. */
export function scenarioNamed(name: string): Scenario {
  const scenario = SCENARIOS.find((it) => it.name === name);
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
  return scenario;
}
