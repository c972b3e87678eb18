import type { Scenario } from "../scenarios.js";
import { runCli } from "./cli-process.js";
import { judgeEnd, judgePlan, type Problem } from "./crash-oracles.js";
import type { CrashProject } from "./crash-project.js";
import { drive } from "./drive-run.js";
import { probeRun } from "./probe-store.js";

/** A turn in flight at this many crashes in a row fails, and starts again by hand only. */
const CRASHES_OF_A_TURN = 3;

/** What a command exits with that brings the scenario to its end. */
export function exitCodeOf({ expected }: Scenario): number {
  return expected.outcome === "succeeded" ? 0 : 1;
}

/** Whether the run has ended because a turn was in flight at too many crashes, as is promised. */
export async function gaveUp(project: CrashProject, crashes: number): Promise<boolean> {
  const stages = (await probeRun(project))?.state.stages.values() ?? [];
  return crashes >= CRASHES_OF_A_TURN && [...stages].some(({ error }) => error?.code === "TURN_CRASHED");
}

/** Takes the command that a person would take next until the run has ended, checking that the plan says what it does. */
export async function goOn(project: CrashProject, crashes: number): Promise<readonly Problem[]> {
  const before = await probeRun(project);
  if (before === null) {
    return judgeEnd(
      "the run that follows",
      await drive(project, { args: ["run", "objective.md"] }),
      exitCodeOf(project.scenario),
    );
  }
  if (["succeeded", "cancelled"].includes(before.state.status)) return [];
  const { runId, entries } = before;
  const plan = await runCli(project, "resume", runId, "--plan", "--json");
  const end = await drive(project, { args: ["resume", runId] });
  const after = await probeRun(project);
  const planned = after === null ? [] : judgePlan(plan, after, entries.at(-1)?.seq ?? 0);
  const isByHand = before.state.status !== "failed" && (await gaveUp(project, crashes));
  if (isByHand) return [...planned, ...(await goOn(project, crashes))];
  return [...planned, ...judgeEnd("the resume that follows", end, exitCodeOf(project.scenario))];
}
