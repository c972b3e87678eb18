import { spawnSync } from "node:child_process";
import type { CrashSuite } from "../crash-suite.js";
import { type ProjectCase, performCase } from "./case-in-project.js";
import type { StoreName } from "./crash-project.js";
import { CLONE_WITH_ID, clockCase, raceCase, reusedPidCase, stoppedHolderCase } from "./exclusion-cases.js";
import { sideBySide } from "./side-by-side.js";
import { builtProblem, commandProblem, skipped } from "./tools.js";

const JUMPS: readonly string[] = ["0,3600000,-7200000", "86400000,0", "-31536000000,31536000000", "0,-1000,1000"];

/** Races for a run, stopped holders, reused process ids, jumping clocks. */
export function createExclusionSuite(store: StoreName): CrashSuite {
  const prefix = `exclusion/${store}`;
  return {
    name: "processes-exclusion",
    store,
    unavailable: async () => builtProblem(),
    async *run({ long, only }) {
      const times = long || only !== undefined ? 50 : 2;
      const few = long || only !== undefined ? 10 : 1;
      const list = (name: string, count: number, make: (id: string, index: number) => ProjectCase) =>
        Array.from({ length: count }, (_, index) => make(`${prefix}/${name}/${index}`, index));
      if (only !== undefined && !only.startsWith(`${prefix}/`)) return;
      const chosen = (cases: readonly ProjectCase[]) => cases.filter(({ id }) => only === undefined || id === only);
      const [canHide, canChoose] = await Promise.all([
        commandProblem("unshare", "--pid", "--uts", "--fork", "--mount-proc", "true"),
        commandProblem(
          "timeout",
          "2",
          "perl",
          "-e",
          CLONE_WITH_ID.replace("sleep 600", "exit 0"),
          String(spawnSync("true").pid),
        ),
      ]);
      const jumps = list("clock", JUMPS.length, (id, index) => clockCase(store, id, JUMPS[index] ?? "0"));
      yield* sideBySide(chosen(jumps).map((it) => () => performCase(it)));
      const stopped = list("stopped", few, (id) => stoppedHolderCase(store, id));
      if (canHide === null) yield* sideBySide(chosen(stopped).map((it) => () => performCase(it)));
      else skipped(`${prefix}/stopped`, canHide);
      const reused = list("reused-pid", few, (id) => reusedPidCase(store, id));
      // one at a time, and nothing else beside it: the number is for all of the machine
      if (canChoose === null) for (const it of chosen(reused)) yield await performCase(it);
      else skipped(`${prefix}/reused-pid`, canChoose);
      for (const it of chosen(list("race", times, (id) => raceCase(store, id)))) yield await performCase(it);
    },
  };
}
