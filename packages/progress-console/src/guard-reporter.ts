import type { Logger, ProgressEvent, ProgressReporter } from "@troupe/core";

/** What a reporter does, as if nothing could go wrong and nothing came after the end. */
export interface ReporterParts {
  readonly report: (event: ProgressEvent) => void;
  readonly close: () => void;
}

/** Calls `act`; what it throws goes to the log and no further. */
export type Attempt = (act: () => void) => void;

export function createAttempt(logger: Logger): Attempt {
  return (act) => {
    try {
      act();
    } catch (error) {
      logger.debug(`the console could not show something: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
}

/** Keeps the contract of reporters around `parts`: nothing is thrown, nothing is done after `close`. */
export function guardReporter(parts: ReporterParts, attempt: Attempt): ProgressReporter {
  let isClosed = false;
  return {
    report(event) {
      if (!isClosed) attempt(() => parts.report(event));
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      attempt(parts.close);
    },
  };
}
