import type { CaseResult, CrashSuite, SuiteOptions } from "../crash-suite.js";
import { SCENARIOS, type Scenario } from "../scenarios.js";
import { type CountedRun, countRun } from "./counted-run.js";
import { caseResult } from "./crash-oracles.js";
import type { StoreName } from "./crash-project.js";
import { type Kill, type KillCase, performKillCase } from "./kill-case.js";
import { sideBySide, spread } from "./side-by-side.js";
import { traceProblem } from "./tools.js";

/** Cases that a pull request can wait for. */
const CI_KILLS = 7;
const CI_RECOVERIES = 3;
/** Of each scenario with a takeover. */
const LONG_RECOVERIES = 24;

/** Kills the command line at every call that changes the store, before and after it. */
export function createKillSuite(store: StoreName): CrashSuite {
  return {
    name: "processes-kill",
    store,
    unavailable: traceProblem,
    run: (options) =>
      runSuite({ kind: "kill", store, scenarios: SCENARIOS, inCi: CI_KILLS, choose: singleKills }, options),
  };
}

/** Kills what recovers a killed run, twice and three times over. */
export function createRecoverySuite(store: StoreName): CrashSuite {
  return {
    name: "processes-recovery",
    store,
    unavailable: traceProblem,
    run: (options) =>
      runSuite(
        { kind: "recovery", store, scenarios: recoveries(), inCi: CI_RECOVERIES, choose: repeatedKills },
        options,
      ),
  };
}

/** Runs whose holder died while a turn was in flight, its agent still alive: of a chain, a review and a group. */
function recoveries(): readonly Scenario[] {
  const during = { chain: ["BUILD", "work", 1], review: ["SPEC_REVIEW", "fix", 2], group: ["B", "work", 1] } as const;
  return Object.entries(during).flatMap(([name, [stage, kind, round]]) => {
    const scenario = SCENARIOS.find((it) => it.name === name);
    const happening = { kind: "takeover", during: { stage, kind, round } } as const;
    return scenario === undefined ? [] : [{ ...scenario, name: `${name} taken over`, happening }];
  });
}

interface KillSuite {
  readonly kind: string;
  readonly store: StoreName;
  readonly scenarios: readonly Scenario[];
  /** Cases of a pull request. */
  readonly inCi: number;
  /** All cases, in a fixed order: their ids are their places in it. */
  choose(counted: CountedRun): readonly (readonly Kill[])[];
}

async function* runSuite(suite: KillSuite, { long, only }: SuiteOptions): AsyncGenerator<CaseResult> {
  const { kind, store, scenarios, inCi, choose } = suite;
  const prefix = `${kind}/${store}`;
  if (only !== undefined && !only.startsWith(`${prefix}/`)) return;
  for (const scenario of scenarios) {
    if (only !== undefined && !only.startsWith(`${prefix}/${scenario.name}/`)) continue;
    const counted = await countRun(scenario, store);
    const { problems, final: expected } = counted;
    if (problems.length > 0) yield caseResult(scenario.name, `${prefix}/${scenario.name}`, 0, problems);
    const all = choose(counted).map((kills, index): KillCase => {
      return { id: `${prefix}/${scenario.name}/${index}`, scenario, store, kills, expected };
    });
    const few = long ? all : spread(all, Math.ceil(inCi / scenarios.length));
    const chosen = only === undefined ? few : all.filter(({ id }) => id === only);
    yield* sideBySide(chosen.map((it) => () => performKillCase(it)));
  }
}

function singleKills({ points }: CountedRun): readonly (readonly Kill[])[] {
  return points.flatMap((point) => [[{ ...point, when: "before" }], [{ ...point, when: "after" }]] as const);
}

/**
 * Two and three in a row. Later commands draw other names, so only points whose path has nothing random in it are
 * used; the counts begin anew with each process, and each takes another part of the way.
 */
function repeatedKills({ points }: CountedRun): readonly (readonly Kill[])[] {
  const fixed = points.filter(({ path }) => !/[0-9a-f]{12}/.test(path.replace(/[0-9a-f]{64}/, "")));
  const early = fixed.slice(0, Math.ceil(fixed.length / 2));
  const chosen = spread(early, LONG_RECOVERIES);
  return chosen.map((point, index) => {
    const times = 2 + (index % 2);
    const whens = ["before", "after", "before"] as const;
    return Array.from({ length: times }, (_unused, time): Kill => {
      const shifted = early[(early.indexOf(point) + 3 * time) % early.length] ?? point;
      return { ...shifted, when: whens[(index + time) % 3] ?? "before" };
    });
  });
}
