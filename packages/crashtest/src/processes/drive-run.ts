import { setTimeout as delay } from "node:timers/promises";
import { type Finished, type Launch, runCli, startCli } from "./cli-process.js";
import type { CrashProject } from "./crash-project.js";
import { probeRun } from "./probe-store.js";

/** How often a condition is looked at; nothing depends on its length. */
const LOOK_MS = 10;
/** A run of a scenario takes about a second; whoever needs this long hangs. */
const HANG_MS = 150_000;

/** Resolves when `holds` does. Rejects with what was waited for. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + HANG_MS;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await delay(LOOK_MS);
  }
}

/** Runs a command to its end, however that comes, and lets happen meanwhile what the scenario wants to happen. */
export async function drive(project: CrashProject, launch: Launch): Promise<Finished> {
  const { happening } = project.scenario;
  if (happening.kind === "cancel") await project.hold(happening.during);
  const running = startCli(project, launch);
  if (happening.kind === "cancel") {
    await until(
      "the turn in which the run is cancelled",
      async () => running.hasEnded() || (await isTimeToCancel(project)),
    );
    const runId = running.hasEnded() ? undefined : (await probeRun(project))?.runId;
    if (runId !== undefined) await runCli(project, "cancel", runId);
  }
  return await running.finished;
}

/** When all that can end has ended, so that what is cancelled does not depend on who was faster. */
async function isTimeToCancel(project: CrashProject): Promise<boolean> {
  const probe = await probeRun(project);
  if (probe === null || probe.state.cancelRequested) return false;
  const { happening, expected } = project.scenario;
  if (happening.kind !== "cancel") return false;
  const isInFlight = probe.state.stages.get(happening.during.stage)?.status === "running";
  const done = Object.entries(expected.stages).filter(([, status]) => status === "completed");
  return isInFlight && done.every(([stage]) => probe.state.stages.get(stage)?.status === "completed");
}

/**
 * Leaves the run as a dead runner leaves it: killed while `during` is in flight, its agent alive and never going to
 * answer. The next attempt of that turn answers. Resolves with the id that the runner had.
 */
export async function abandonRun(project: CrashProject, launch: Launch): Promise<number> {
  const { happening } = project.scenario;
  if (happening.kind !== "takeover") throw new Error(`scenario ${project.scenario.name} has no takeover`);
  const { stage, kind, round } = happening.during;
  await project.hold(happening.during);
  const running = startCli(project, launch);
  const find = () =>
    project.calls().find((it) => it.stage === stage && it.kind === kind && it.round === round && it.at === "start");
  await until(`${stage} ${kind} ${round} to start`, () => find() !== undefined);
  await project.hold(happening.during, find()?.turn);
  process.kill(running.pid, "SIGKILL");
  await running.finished;
  return running.pid;
}
