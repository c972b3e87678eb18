import { existsSync, readFileSync } from "node:fs";
import { chmod, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CaseResult } from "../crash-suite.js";
import type { Scenario } from "../scenarios.js";
import { type ProjectCase, performCase, scenarioNamed } from "./case-in-project.js";
import { type Finished, type Launch, startCli } from "./cli-process.js";
import { judgeCalls, judgeEnd, judgeOutcome, other, type Problem, snapshotOf } from "./crash-oracles.js";
import type { CrashProject, StoreName } from "./crash-project.js";
import { abandonRun, drive, until } from "./drive-run.js";
import type { FinalState } from "./final-state.js";
import { goOn } from "./go-on.js";
import { mountImage, mountMemory } from "./mounted-folder.js";
import { probeRun } from "./probe-store.js";
import { endProcesses, projectProcesses } from "./project-processes.js";
import { type CallPoint, injectionArguments } from "./syscall-trace.js";

/** What entries a run has reported as durable: `run --json` prints each when it is, with its position. */
function acknowledged(stdout: string): readonly number[] {
  return [...stdout.matchAll(/^\{.*"seq":(\d+)/gm)].map(([, seq]) => Number(seq));
}

/** Everything acknowledged is there, the rest goes on, and the end is what it would have been. */
async function judgeRecovery(
  project: CrashProject,
  { stdout }: Pick<Finished, "stdout">,
  expected: FinalState,
): Promise<readonly Problem[]> {
  const probe = await probeRun(project);
  const last = probe?.entries.at(-1)?.seq ?? 0;
  const lost = acknowledged(stdout).filter((seq) => seq > last);
  const crash = snapshotOf(project, probe);
  return [
    ...lost.map((seq) => ({ kind: "lost", text: `entry ${seq} was reported and is gone` }) as const),
    ...(await goOn(project, 1)),
    ...(await judgeCalls(project, [crash])),
    ...(await judgeOutcome(project, await probeRun(project), expected)),
  ];
}

/** The power fails right after a counted call: stopped there, the file system is shut down, everything is killed. */
export async function powerLossCase(
  scenario: Scenario,
  store: StoreName,
  id: string,
  point: CallPoint,
): Promise<CaseResult> {
  const disk = await mountImage();
  try {
    return await performCase({
      ...{ id, scenario, store, points: 1, root: disk.folder },
      async perform(project, expected) {
        await disk.sync(); // the project itself is not what is tried
        const traceFile = join(project.outside, "power");
        const wrap = injectionArguments(point, "signal=SIGSTOP", {
          folder: project.folder,
          runSuffix: project.runSuffix,
          traceFile,
        });
        const running = startCli(project, { args: ["run", "objective.md", "--json"], seed: "command 1", wrap });
        const isStopped = () => existsSync(traceFile) && readFileSync(traceFile, "utf8").includes("stopped by SIGSTOP");
        await until("the point", () => running.hasEnded() || isStopped());
        await disk.cutPower();
        endProcesses([running.pid, ...projectProcesses(project.folder)]);
        const end = await running.finished;
        await until("the processes to go", () => projectProcesses(project.folder).length === 0);
        await disk.mountAgain();
        return await judgeRecovery(project, end, expected);
      },
    });
  } finally {
    await disk.remove();
  }
}

/** The disk is full when a turn ends: the run waits, says so, and goes on when there is space. */
export async function fullDiskCase(store: StoreName, id: string): Promise<CaseResult> {
  const disk = await mountMemory(16 * 1024 * 1024);
  try {
    const scenario = scenarioNamed("chain");
    const during = { stage: "PLAN", kind: "work", round: 1 } as const;
    return await performCase({
      ...{ id, scenario, store, points: 1, root: disk.folder },
      async perform(project, expected) {
        await project.hold(during);
        const running = startCli(project, { args: ["run", "objective.md", "--json"], hurry: "10" });
        await until("the turn", () => running.hasEnded() || project.isHeld(during));
        const filler = join(disk.folder, "filler");
        await fill(filler);
        await project.letGo(during);
        await until("the notice", () => /no space/.test(running.stderr()));
        await rm(filler);
        const end = await running.finished;
        return [...judgeEnd("the run", end, 0), ...(await judgeOutcome(project, await probeRun(project), expected))];
      },
    });
  } finally {
    await disk.remove();
  }
}

async function fill(file: string): Promise<void> {
  for (let bytes = 1024 * 1024; bytes >= 4096; bytes /= 2) {
    for (;;) {
      const isWritten = await writeFile(file, Buffer.alloc(bytes), { flag: "a" }).then(
        () => true,
        () => false, // full: try less
      );
      if (!isWritten) break;
    }
  }
}

/** A run under a limit or a failing call: it may fail, with a code and a reason, and what was there stays whole. */
export function failingCase(
  it: Pick<ProjectCase, "id" | "scenario" | "store">,
  wrap: (project: CrashProject) => readonly string[],
  codes: readonly number[],
): ProjectCase {
  return {
    ...it,
    points: 1,
    async perform(project, expected) {
      const launch: Launch = { args: ["run", "objective.md", "--json"], seed: "command 1", wrap: wrap(project) };
      const end = await drive(project, launch);
      const isExpected = end.code !== null && codes.includes(end.code);
      return [
        ...judgeEnd("the run with the fault", end, isExpected ? (end.code ?? 0) : (codes[0] ?? 0)),
        ...(await judgeRecovery(project, end, expected)),
      ];
    },
  };
}

/** Somebody without rights resumes: refused with a reason, nothing is changed, and the owner goes on. */
export function withoutRightsCase(store: StoreName, id: string): ProjectCase {
  const scenario = scenarioNamed("takeover");
  return {
    ...{ id, scenario, store, points: 1 },
    async perform(project, expected) {
      await abandonRun(project, { args: ["run", "objective.md"] });
      for (const folder of [project.outside, project.folder, join(project.folder, ".troupe")])
        await chmod(folder, 0o755);
      const before = await probeRun(project);
      const wrap = ["setpriv", "--reuid", "65534", "--clear-groups"];
      const end = await startCli(project, { args: ["resume", before?.runId ?? ""], wrap }).finished;
      const after = await probeRun(project);
      const isChanged = after?.entries.length !== before?.entries.length;
      return [
        ...judgeEnd("the resume without rights", end, 6),
        ...other(...(isChanged ? ["the resume without rights changed the journal"] : [])),
        ...(await judgeRecovery(project, { stdout: "" }, expected)),
      ];
    },
  };
}
