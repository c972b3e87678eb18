import type { JournalEntry } from "../model/events.js";
import type { RunStateView } from "../model/view.js";
import type { Logger } from "../plugin/logger.js";
import type { ProgressEvent, ProgressReporter } from "../plugin/reporter.js";

/** Tells all reporters; one that throws harms neither the run nor the others and is named once. */
export class Announcer {
  readonly #reporters: readonly ProgressReporter[];
  readonly #logger: Logger;
  readonly #named: Set<ProgressReporter> = new Set();

  constructor(reporters: readonly ProgressReporter[], logger: Logger) {
    this.#reporters = reporters;
    this.#logger = logger;
  }

  entry(entry: JournalEntry, state: RunStateView): void {
    this.tell({ type: "entry", entry, state });
  }

  tell(event: ProgressEvent): void {
    for (const reporter of this.#reporters) {
      try {
        reporter.report(event);
      } catch (error) {
        if (this.#named.has(reporter)) continue;
        this.#named.add(reporter);
        this.#logger.warn(`a progress reporter failed: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
}
