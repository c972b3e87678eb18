import { type Logger, type ProgressReporter, sanitizeLine } from "@troupe/core";
import type { CliHost } from "../cli-host.js";

type Level = "debug" | "info" | "warning";

/** What plugins and the engine log: to whoever shows the run while there is one, else on standard error. */
export interface RunLog {
  readonly logger: Logger;
  /** From now on this reporter shows what is logged: a line written past a live view would tear it. */
  showThrough(reporter: ProgressReporter): void;
  /** Before it closes. */
  leave(reporter: ProgressReporter): void;
}

export function createRunLog({ stderr, environment }: Pick<CliHost, "stderr" | "environment">): RunLog {
  const reporters = new Set<ProgressReporter>();
  let isTelling = false;
  const write = (level: Level, message: string): void => stderr.write(`${level}: ${sanitizeLine(message)}\n`);
  const log = (level: Level, message: string): void => {
    // a reporter that logs, or whose failure is logged, while it is being told
    if (isTelling || reporters.size === 0) {
      write(level, message);
      return;
    }
    isTelling = true;
    try {
      for (const reporter of reporters) {
        reporter.report({ type: "notice", level: level === "warning" ? "warning" : "info", message });
      }
    } catch {
      write(level, message); // one that throws has not shown it
    } finally {
      isTelling = false;
    }
  };
  const isVerbose = environment.TROUPE_DEBUG !== undefined;
  const nothing = (): void => {};
  return {
    logger: {
      debug: isVerbose ? (message) => log("debug", message) : nothing,
      info: isVerbose ? (message) => log("info", message) : nothing,
      warn: (message) => log("warning", message),
    },
    showThrough: (reporter) => void reporters.add(reporter),
    leave: (reporter) => void reporters.delete(reporter),
  };
}
