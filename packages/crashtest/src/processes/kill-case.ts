import { join } from "node:path";
import type { CaseResult } from "../crash-suite.js";
import type { Scenario } from "../scenarios.js";
import type { Launch } from "./cli-process.js";
import {
  caseResult,
  judgeCalls,
  judgeEnd,
  judgeOutcome,
  type Problem,
  type Snapshot,
  snapshotOf,
} from "./crash-oracles.js";
import { type CrashProject, createCrashProject, type StoreName } from "./crash-project.js";
import { abandonRun, drive } from "./drive-run.js";
import type { FinalState } from "./final-state.js";
import { exitCodeOf, gaveUp, goOn } from "./go-on.js";
import { type Probe, probeRun } from "./probe-store.js";
import { type CallPoint, injectionArguments } from "./syscall-trace.js";

/**
 * Where a process is killed. `before`: SIGKILL on entry, so the kernel does not perform the call. `after`: SIGALRM, for
 * which nobody listens, on entry; the call cannot be interrupted by it, is performed, and the process dies before it
 * returns from the kernel.
 */
export interface Kill extends CallPoint {
  readonly when: "before" | "after";
}

const SIGNALS: Readonly<Record<Kill["when"], NodeJS.Signals>> = { before: "SIGKILL", after: "SIGALRM" };

export interface KillCase {
  readonly id: string;
  readonly scenario: Scenario;
  readonly store: StoreName;
  /** The first in the first command, the second in the one that follows, and so on. */
  readonly kills: readonly Kill[];
  /** Of the run that nobody killed. */
  readonly expected: FinalState;
}

/**
 * Kills, resumes, and judges. What runs side by side may draw its names in another order than when it was counted, so
 * a case that was not reached is tried once more.
 */
export async function performKillCase(killCase: KillCase): Promise<CaseResult> {
  const result = await tryKillCase(killCase);
  const isReached = result.points > 0 || result.violations.length > 0;
  return isReached ? result : await tryKillCase(killCase);
}

async function tryKillCase(killCase: KillCase): Promise<CaseResult> {
  const { id, scenario, store, kills, expected } = killCase;
  const project = await createCrashProject(scenario, store);
  const problems: Problem[] = [];
  const crashes: Snapshot[] = [];
  let reached = 0;
  const crash = async (): Promise<Probe | null> => {
    const probe = await probeRun(project);
    crashes.push(snapshotOf(project, probe));
    return probe;
  };
  try {
    if (scenario.happening.kind === "takeover") {
      await abandonRun(project, { args: ["run", "objective.md"], seed: "abandoned" });
      await crash();
    }
    for (const [index, kill] of kills.entries()) {
      const end = await drive(project, await nextLaunch(project, index, kill));
      if (end.signal !== SIGNALS[kill.when]) {
        // not reached: names that depend on who was faster
        const hasGivenUp = await gaveUp(project, crashes.length);
        if (!hasGivenUp) problems.push(...judgeEnd(`command ${index + 1}`, end, exitCodeOf(scenario)));
        break;
      }
      reached += 1;
      await crash();
    }
    problems.push(...(await goOn(project, crashes.length)));
    problems.push(...(await judgeCalls(project, crashes)));
    problems.push(...(await judgeOutcome(project, await probeRun(project), expected)));
  } catch (error) {
    problems.push({ kind: "other", text: error instanceof Error ? error.message : String(error) });
  } finally {
    await project.remove();
  }
  return caseResult(scenario.name, id, reached, problems);
}

async function nextLaunch(project: CrashProject, index: number, kill: Kill): Promise<Launch> {
  const probe = await probeRun(project);
  const args = probe === null ? ["run", "objective.md"] : ["resume", probe.runId];
  const place = {
    folder: project.folder,
    runSuffix: project.runSuffix,
    traceFile: join(project.outside, `kill-${index + 1}`),
  };
  return { args, seed: `command ${index + 1}`, wrap: injectionArguments(kill, `signal=${SIGNALS[kill.when]}`, place) };
}
