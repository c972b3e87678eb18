/** What came of one run that was killed at one or more points. */
export interface CaseResult {
  readonly scenario: string;
  /** Given to `--only`, it repeats this very case. */
  readonly id: string;
  /** Points at which the run was killed. */
  readonly points: number;
  readonly rerunStages: number;
  readonly lostOutputs: number;
  readonly processesLeft: number;
  /** Everything that was not as promised, in sentences; the three counts are in it too. */
  readonly violations: readonly string[];
}

export interface SuiteOptions {
  /** All points instead of those that a pull request can wait for. */
  readonly long: boolean;
  /** The id of one case. */
  readonly only?: string;
}

/** One way of killing runs on one store. */
export interface CrashSuite {
  readonly name: string;
  readonly store: string;
  /** null = it can run here; else why not. */
  unavailable(): Promise<string | null>;
  /** Ends early when its consumer does. Nothing is yielded for an `only` that is another suite's. */
  run(options: SuiteOptions): AsyncIterable<CaseResult>;
}
