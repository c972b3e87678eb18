import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Scenario } from "../scenarios.js";
import { other, type Problem } from "./crash-oracles.js";
import { createCrashProject, type StoreName } from "./crash-project.js";
import { abandonRun, drive } from "./drive-run.js";
import { differences, type FinalState, finalStateOf } from "./final-state.js";
import { probeRun } from "./probe-store.js";
import { type CallPoint, changedPaths, countingArguments, findPoints } from "./syscall-trace.js";

/** A run that nobody killed, its points counted. */
export interface CountedRun {
  readonly points: readonly CallPoint[];
  readonly final: FinalState;
  readonly problems: readonly Problem[];
}

/**
 * Performs the scenario under strace. Of a takeover the points are those of the command that takes over. The first
 * command of a case uses the same seed, so it makes the same calls on the same names.
 */
export async function countRun(scenario: Scenario, store: StoreName): Promise<CountedRun> {
  const project = await createCrashProject(scenario, store);
  try {
    const isTakeover = scenario.happening.kind === "takeover";
    if (isTakeover) await abandonRun(project, { args: ["run", "objective.md"], seed: "abandoned" });
    const traceFile = join(project.outside, "trace");
    const args = isTakeover ? ["resume"] : ["run", "objective.md"];
    const end = await drive(project, { args, seed: "command 1", wrap: countingArguments(traceFile) });
    const probe = await probeRun(project);
    if (probe === null) throw new Error(`scenario ${scenario.name} left no run: ${end.stderr}`);
    const trace = readFileSync(traceFile, "utf8");
    const final = finalStateOf(project, probe);
    const known = [`${project.folder}/.troupe`, "compile-cache", `${project.outside}/out-`, `${project.outside}/err-`];
    const outside = changedPaths(trace).filter((path) => !known.some((part) => path.includes(part)));
    const wanted = Object.entries(scenario.expected.stages).filter(([, status]) => status === "completed");
    const stages = Object.fromEntries(wanted.map(([id]) => [id, final.stages[id]?.status]));
    const problems = [
      ...outside.map((path) => `${path} was changed by the command line itself`),
      ...differences(scenario.expected.outcome, final.run, `${scenario.name} without a crash`),
      ...differences(Object.fromEntries(wanted), stages, `${scenario.name} without a crash`),
    ];
    return { points: findPoints(trace, project), final, problems: other(...problems) };
  } finally {
    await project.remove();
  }
}
