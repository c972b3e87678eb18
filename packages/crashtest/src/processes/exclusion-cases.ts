import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type ProjectCase, scenarioNamed } from "./case-in-project.js";
import { type Finished, runCli, startCli } from "./cli-process.js";
import { judgeCalls, judgeEnd, judgeOutcome, other, type Problem, snapshotOf } from "./crash-oracles.js";
import type { StoreName } from "./crash-project.js";
import { abandonRun, until } from "./drive-run.js";
import { probeRun } from "./probe-store.js";
import { projectProcesses } from "./project-processes.js";

const RUNNERS = 16;
const START = { args: ["run", "objective.md"] } as const;
/** In a process namespace of its own, on a host of another name: nobody there can see who holds the run. */
const ELSEWHERE: readonly string[] = [
  ...["unshare", "--pid", "--uts", "--fork", "--mount-proc", "--kill-child"],
  ...["sh", "-c", 'hostname elsewhere && exec "$@"', "sh"],
];

/**
 * `clone_args` of clone3(2), call 435 on every architecture: exit signal SIGCHLD, one id in set_tid. The child lives as
 * long as the pipe from its parent.
 */
export const CLONE_WITH_ID: string = `
  pipe(my $r, my $w); my $id = pack("i", $ARGV[0]);
  my $args = pack("Q11", 0, 0, 0, 0, 17, 0, 0, 0, unpack("Q", pack("P", $id)), 1, 0);
  my $pid = syscall(435, $args, 88); die "clone3: $!\\n" if $pid < 0;
  if ($pid == 0) { close $w; sysread($r, my $end, 1); exit 0 }
  $| = 1; print "$pid\\n"; close $r; sleep 600;`;

/** Sixteen resume a dead run at once: one wins, the others are told by whom. */
export function raceCase(store: StoreName, id: string): ProjectCase {
  const scenario = scenarioNamed("takeover");
  return {
    ...{ id, scenario, store, points: 1 },
    async perform(project, expected) {
      await abandonRun(project, START);
      const probe = await probeRun(project);
      const crash = snapshotOf(project, probe);
      if (scenario.happening.kind === "takeover") await project.hold(scenario.happening.during); // the winner stays
      const runners = Array.from({ length: RUNNERS }, () =>
        startCli(project, { args: ["resume", probe?.runId ?? ""] }),
      );
      await until(
        `${RUNNERS - 1} runners to be refused`,
        () => runners.filter((it) => it.hasEnded()).length >= RUNNERS - 1,
      );
      const refused = await Promise.all(runners.filter((it) => it.hasEnded()).map(({ finished }) => finished));
      if (scenario.happening.kind === "takeover") await project.letGo(scenario.happening.during);
      const ends = await Promise.all(runners.map(async ({ pid, finished }) => ({ pid, end: await finished })));
      const winners = ends.filter(({ end }) => end.code === 0);
      return [
        ...other(...(winners.length === 1 ? [] : [`${winners.length} runners won`])),
        ...refused.flatMap((end) => judgeRefused(end, winners[0]?.pid ?? 0)),
        ...(await judgeCalls(project, [crash])),
        ...(await judgeOutcome(project, await probeRun(project), expected)),
      ];
    },
  };
}

function judgeRefused(end: Finished, winner: number): readonly Problem[] {
  const problems = [...judgeEnd("a refused runner", end, 4)];
  const [reason = ""] = /^error: .*$/m.exec(end.stderr) ?? [];
  if (!reason.includes("RUN_LOCKED")) problems.push(...other(`refused otherwise: ${reason}`));
  if (!reason.includes(`process ${winner} `)) problems.push(...other(`not told of process ${winner}: ${reason}`));
  if (!reason.includes("troupe resume in ")) problems.push(...other(`not told of its command: ${reason}`));
  return problems;
}

/** A holder is stopped; another host, which sees no renewal for a whole ttl, takes over; then the holder wakes. */
export function stoppedHolderCase(store: StoreName, id: string): ProjectCase {
  const scenario = scenarioNamed("takeover");
  return {
    ...{ id, scenario, store, points: 1 },
    async perform(project, expected) {
      const { happening } = scenario;
      if (happening.kind !== "takeover") return other("the scenario has no takeover");
      await project.hold(happening.during);
      const holder = startCli(project, START);
      const inFlight = () => project.calls().find((call) => isDuring(call, happening.during));
      await until("the turn in flight", () => inFlight() !== undefined);
      await project.hold(happening.during, inFlight()?.turn);
      process.kill(holder.pid, "SIGSTOP");
      const agents = projectProcesses(project.folder);
      const probe = await probeRun(project);
      const stop = snapshotOf(project, probe);
      const refused = await runCli(project, "resume", probe?.runId ?? ""); // here it is seen to be alive
      const far = await startCli(project, { args: ["resume", probe?.runId ?? ""], wrap: ELSEWHERE, hurry: "20" })
        .finished;
      const alive = projectProcesses(project.folder).filter((pid) => agents.includes(pid));
      process.kill(holder.pid, "SIGCONT");
      const end = await holder.finished;
      return [
        ...judgeEnd("a runner on the same host", refused, 4),
        ...judgeEnd("the runner elsewhere", far, 0),
        ...judgeEnd("the stopped holder", end, 4),
        ...other(...(end.stderr.includes("[CLAIM_LOST]") ? [] : [`the stopped holder says: ${end.stderr}`])),
        ...other(...(alive.length > 0 ? [] : ["nothing was left for the stopped holder to end"])),
        ...(await judgeCalls(project, [stop])),
        ...(await judgeOutcome(project, await probeRun(project), expected)),
      ];
    },
  };
}

function isDuring(
  call: { readonly stage: string; readonly kind: string; readonly round: number },
  during: { readonly stage: string; readonly kind: string; readonly round: number },
): boolean {
  return call.stage === during.stage && call.kind === during.kind && call.round === during.round;
}

/** The dead holder's process id belongs to somebody else by now. */
export function reusedPidCase(store: StoreName, id: string): ProjectCase {
  const scenario = scenarioNamed("takeover");
  return {
    ...{ id, scenario, store, points: 1 },
    async perform(project, expected) {
      const dead = await abandonRun(project, START);
      const probe = await probeRun(project);
      const crash = snapshotOf(project, probe);
      const stranger = await occupy(dead);
      try {
        const end = await runCli(project, "resume", probe?.runId ?? "");
        return [
          ...judgeEnd("the resume", end, 0),
          ...other(...(stranger.exitCode === null && stranger.signalCode === null ? [] : ["the stranger was ended"])),
          ...(await judgeCalls(project, [crash])),
          ...(await judgeOutcome(project, await probeRun(project), expected)),
        ];
      } finally {
        stranger.kill("SIGKILL");
      }
    },
  };
}

/** A process that gets this id: `clone3` lets a privileged caller choose it. */
async function occupy(pid: number): Promise<ChildProcess> {
  const child = spawn("perl", ["-e", CLONE_WITH_ID, String(pid)], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data"); // it says when there is a process of that id
  return child;
}

/** The wall clock jumps by hours, back and forth, in the run and in its resume. */
export function clockCase(store: StoreName, id: string, offsets: string): ProjectCase {
  const scenario = scenarioNamed("takeover");
  return {
    ...{ id, scenario, store, points: 1 },
    async perform(project, expected) {
      await abandonRun(project, { ...START, clock: offsets });
      const probe = await probeRun(project);
      const crash = snapshotOf(project, probe);
      const end = await startCli(project, { args: ["resume", probe?.runId ?? ""], clock: offsets }).finished;
      const after = await probeRun(project);
      return [
        ...judgeEnd("the resume", end, 0),
        ...judgeOrder(after?.entries.map(({ at }) => at) ?? []),
        ...(await judgeCalls(project, [crash])),
        ...(await judgeOutcome(project, after, expected)),
      ];
    },
  };
}

function judgeOrder(times: readonly number[]): readonly Problem[] {
  const back = times.findIndex((at, index) => at < (times[index - 1] ?? at));
  return back === -1 ? [] : other(`time runs backwards at entry ${back + 1}`);
}
