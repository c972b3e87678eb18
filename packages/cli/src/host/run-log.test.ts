import type { ProgressEvent, ProgressReporter } from "@troupe/core";
import { expect, test } from "vitest";
import { createRunLog, type RunLog } from "./run-log.js";

function createLog(environment: Readonly<Record<string, string>> = {}): RunLog & { readonly written: string[] } {
  const written: string[] = [];
  const stderr = {
    isTerminal: true,
    write: (text: string) => void written.push(text),
    size: () => ({ columns: 80, rows: 24 }),
  };
  return { ...createRunLog({ stderr, environment }), written };
}

test("what is logged is shown by the reporter as long as it is there, and on standard error before and after", () => {
  const log = createLog();
  const told: ProgressEvent[] = [];
  const reporter = { report: (event: ProgressEvent) => void told.push(event) };
  log.logger.warn("before");
  log.showThrough(reporter);
  log.logger.warn("while\u001b[2J");
  log.logger.debug("not asked for");
  log.leave(reporter);
  log.logger.warn("after");
  expect(told).toEqual([{ type: "notice", level: "warning", message: "while\u001b[2J" }]);
  expect(log.written).toEqual(["warning: before\n", "warning: after\n"]);
});

test("with TROUPE_DEBUG the small things are told too", () => {
  const log = createLog({ TROUPE_DEBUG: "1" });
  const told: ProgressEvent[] = [];
  log.showThrough({ report: (event) => void told.push(event) });
  log.logger.debug("detail");
  expect(told).toEqual([{ type: "notice", level: "info", message: "detail" }]);
});

test("a reporter that fails, or logs what it is told, ends nothing and hides nothing", () => {
  const log = createLog();
  const failing: ProgressReporter = {
    report() {
      log.logger.warn("while told");
      throw new Error("gone");
    },
  };
  log.showThrough(failing);
  log.logger.warn("12 MB left");
  expect(log.written).toEqual(["warning: while told\n", "warning: 12 MB left\n"]);
});
