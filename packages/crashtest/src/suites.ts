import type { CrashSuite } from "./crash-suite.js";
import { createExclusionSuite } from "./processes/exclusion-suite.js";
import { createFaultSuite } from "./processes/fault-suite.js";
import { createKillSuite, createRecoverySuite } from "./processes/kill-suites.js";
import { createSimulatedSuite } from "./simulated/simulated-suite.js";

/** All suites, the quickest first. */
export const SUITES: readonly CrashSuite[] = [
  createSimulatedSuite(),
  ...(["store-fs", "store-sqlite"] as const).flatMap((store) => [
    createKillSuite(store),
    createRecoverySuite(store),
    createExclusionSuite(store),
    createFaultSuite(store),
  ]),
];
