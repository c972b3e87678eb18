import type { CaseResult, CrashSuite } from "../crash-suite.js";
import { type ProjectCase, performCase, scenarioNamed } from "./case-in-project.js";
import { countRun } from "./counted-run.js";
import type { CrashProject, StoreName } from "./crash-project.js";
import { failingCase, fullDiskCase, powerLossCase, withoutRightsCase } from "./fault-cases.js";
import { imageProblem, memoryProblem } from "./mounted-folder.js";
import { sideBySide, spread } from "./side-by-side.js";
import { type CallPoint, injectionArguments } from "./syscall-trace.js";
import { builtProblem, commandProblem, skipped, traceProblem } from "./tools.js";

/** Of each kind of fault in a pull request. */
const CI_CASES = 1;
const POWER_LOSSES = 40;

/** A case, and null or why it cannot be performed here. */
interface Job {
  readonly id: string;
  readonly problem: string | null;
  perform(): Promise<CaseResult>;
}

/** Power loss, a full disk, failing syncs, short writes, too few descriptors, missing rights. */
export function createFaultSuite(store: StoreName): CrashSuite {
  return {
    name: "processes-faults",
    store,
    unavailable: async () => builtProblem(),
    async *run({ long, only }) {
      const all = [...(await tracedJobs(store)), ...(await limitJobs(store))];
      const kinds = [...Map.groupBy(all, ({ id }) => kindOf(id)).values()];
      const few = long ? all : kinds.flatMap((jobs) => spread(jobs, CI_CASES));
      const chosen = only === undefined ? few : all.filter(({ id }) => id === only);
      const reasons = new Map<string, string>();
      for (const { id, problem } of chosen) if (problem !== null) reasons.set(kindOf(id), problem);
      for (const [kind, reason] of reasons) skipped(kind, reason);
      yield* sideBySide(chosen.filter(({ problem }) => problem === null).map(({ perform }) => perform));
    },
  };
}

const kindOf = (id: string): string => id.split("/").slice(0, 3).join("/");

/** Faults at counted calls. */
async function tracedJobs(store: StoreName): Promise<readonly Job[]> {
  const trace = await traceProblem();
  const [power, sync] = [`faults/${store}/power-loss`, `faults/${store}/sync-fails`];
  if (trace !== null)
    return [power, sync].map((id) => ({ id, problem: trace, perform: () => Promise.reject(new Error(trace)) }));
  const scenario = scenarioNamed("chain");
  const { points } = await countRun(scenario, store);
  const image = await imageProblem();
  const losses = spread(points, POWER_LOSSES).map((point, index): Job => {
    const id = `${power}/${index}`;
    return { id, problem: image, perform: () => powerLossCase(scenario, store, id, point) };
  });
  const syncs = points.filter(({ call }) => call.includes("sync"));
  const failures = syncs.map((point, index) =>
    jobOf(failingCase({ id: `${sync}/${index}`, scenario, store }, failsAt(point), codesAt(point)), null),
  );
  return [...losses, ...failures];
}

/** A log that cannot be made durable is told of and harms nothing; anything else ends the command, and is not tried again. */
function codesAt({ path }: CallPoint): readonly number[] {
  return /\/logs(\/|$)|\/runs\/[^/]+$/.test(path) ? [0] : [6];
}

const failsAt =
  (point: CallPoint) =>
  (project: CrashProject): readonly string[] =>
    injectionArguments(point, "error=EIO", {
      folder: project.folder,
      runSuffix: project.runSuffix,
      traceFile: `${project.outside}/eio`,
    });

function jobOf(it: ProjectCase, problem: string | null): Job {
  return { id: it.id, problem, perform: () => performCase(it) };
}

/** Faults by limits of the process, its rights, and its disk. */
async function limitJobs(store: StoreName): Promise<readonly Job[]> {
  const limits = await commandProblem("prlimit", "--nofile=64", "true");
  const scenario = scenarioNamed("acceptance");
  const short = Array.from({ length: 30 }, (_, index) => {
    // with the signal ignored a write beyond the limit is short, and the next one fails
    const shell = ["sh", "-c", 'trap "" XFSZ; exec "$@"', "sh"];
    const wrap = () => ["prlimit", `--fsize=${3_000 + 200 * index}`, ...shell];
    return jobOf(failingCase({ id: `faults/${store}/short-write/${index}`, scenario, store }, wrap, [6]), limits);
  });
  const descriptors = Array.from({ length: 10 }, (_, index) => {
    const wrap = () => ["prlimit", `--nofile=${24 + index}`];
    return jobOf(failingCase({ id: `faults/${store}/descriptors/${index}`, scenario, store }, wrap, [6, 1, 0]), limits);
  });
  const rights = await commandProblem("setpriv", "--reuid", "65534", "--clear-groups", "true");
  const fullId = `faults/${store}/full-disk/0`;
  return [
    ...short,
    ...descriptors,
    jobOf(withoutRightsCase(store, `faults/${store}/rights/0`), rights),
    { id: fullId, problem: await memoryProblem(), perform: () => fullDiskCase(store, fullId) },
  ];
}
