import type { CaseResult, CrashSuite, SuiteOptions } from "../crash-suite.js";
import { judgeCase } from "../oracles.js";
import { type Scenario, SIMULATED_SCENARIOS } from "../scenarios.js";
import { formatPoints, parsePoints } from "./crash-points.js";
import { defineScenario } from "./define-scenario.js";
import type { Breakage } from "./generation.js";
import { type PerformedCase, performCase } from "./perform-case.js";
import { type CaseSizes, type PlannedCase, planCases } from "./plan-cases.js";
import type { RunRecord } from "./run-record.js";
import { LOSS_STYLES } from "./survival.js";

const SUITE = "simulated";
const SHORT: CaseSizes = { every: 6, losses: 1, stopEvery: 20, twice: 8, thrice: 4 };
const LONG: CaseSizes = { every: 1, losses: 4, stopEvery: 1, twice: 60, thrice: 60 };

export interface SimulatedSuiteOptions {
  readonly scenarios?: readonly Scenario[];
  /** Other sizes than those of the short and the long run. */
  readonly sizes?: CaseSizes;
  /** Something that the suite has to find. */
  readonly breakage?: Breakage;
}

/** The engine and `store-fs` on a file system in memory that forgets what was not synced. Runs everywhere, in one process. */
export function createSimulatedSuite({
  scenarios = SIMULATED_SCENARIOS,
  sizes,
  breakage = {},
}: SimulatedSuiteOptions = {}): CrashSuite {
  return {
    name: SUITE,
    store: "store-fs",
    unavailable: async () => null,
    async *run({ long, only }: SuiteOptions): AsyncGenerator<CaseResult> {
      const asked = only === undefined ? null : parseCaseId(only);
      if (only !== undefined && asked === null) return;
      for (const [index, scenario] of scenarios.entries()) {
        if (asked !== null && asked.scenario !== scenario.name) continue;
        const perform = await createScenario(scenario, breakage);
        const planned = planCases(perform.calls, sizes ?? (long ? LONG : SHORT), 1_000 * (index + 1));
        for (const one of asked === null ? planned : [asked.planned]) yield await perform.case(one);
      }
    },
  };
}

interface ScenarioCases {
  /** State-changing calls of the uninterrupted run. */
  readonly calls: readonly string[];
  case(planned: PlannedCase): Promise<CaseResult>;
}

async function createScenario(scenario: Scenario, breakage: Breakage): Promise<ScenarioCases> {
  const definition = defineScenario(scenario);
  const plain = await performCase({ scenario, definition, points: [], loss: "all", seed: 1 });
  const { record, problems } = plain;
  if (record === null) throw new Error(`scenario ${scenario.name} cannot be run: ${problems.join("; ")}`);
  return {
    calls: plain.world.machine.calls,
    case: async (planned) => {
      const performed = await performCase({ scenario, definition, breakage, ...planned });
      return caseResult(planned, performed, record);
    },
  };
}

function caseResult(planned: PlannedCase, performed: PerformedCase, uninterrupted: RunRecord): CaseResult {
  const { machine, scenario } = performed.world;
  return {
    scenario: scenario.name,
    id: formatCaseId(scenario.name, planned),
    points: machine.struck.length,
    ...judgeCase(performed, uninterrupted),
  };
}

function formatCaseId(scenario: string, { points, loss, seed }: PlannedCase): string {
  return [SUITE, scenario, formatPoints(points), loss, `${seed}`].join(":");
}

function parseCaseId(id: string): { readonly scenario: string; readonly planned: PlannedCase } | null {
  const [suite, scenario, written, style, seed] = id.split(":");
  const points = parsePoints(written ?? "");
  const loss = LOSS_STYLES.find((one) => one === style);
  if (suite !== SUITE || scenario === undefined || points === null || loss === undefined) return null;
  return { scenario, planned: { points, loss, seed: Number(seed) } };
}
