import type { CheckResult, ScenarioResult } from "@troupe/core";
import { describeScenarios } from "@troupe/core";
import { showDuration } from "./show-time.js";

/** `npm test: passed, exit code 0, 118 tests passed, 2 skipped, in 42 s`. */
export function describeCheck({
  command,
  passed,
  exitCode,
  durationMs,
  tests,
  problem,
  scenarios,
}: CheckResult): string {
  if (scenarios !== undefined) return `scenarios: ${describeScenarios(scenarios)}`;
  const parts = [
    passed ? "passed" : "failed",
    exitCode === null ? "ended by a signal or a timeout" : `exit code ${exitCode}`,
    ...(tests === undefined ? [] : [`${tests.passed} tests passed`]),
    ...(tests === undefined || tests.failed === 0 ? [] : [`${tests.failed} failed`]),
    ...(tests === undefined || tests.skipped === 0 ? [] : [`${tests.skipped} skipped`]),
    ...(problem === undefined ? [] : [problem]),
  ];
  return `${command}: ${parts.join(", ")}, in ${showDuration(durationMs)}`;
}

/** A scenario that no test carries is not passed, and says so. */
export function describeScenario(status: ScenarioResult["status"]): string {
  return status === "not-linked" ? "not linked to a test" : status;
}
