import type { CliHost } from "../../src/cli-host.js";
import type { TestCli } from "../cli-harness.js";

/** A way to an error on the command line. */
export interface ErrorScenario {
  readonly files: Readonly<Record<string, string>>;
  /** What happens before. */
  before?(cli: TestCli): Promise<void>;
  /** The command that shows the error. */
  args(cli: TestCli): readonly string[];
  /** Another world for the command. */
  host?(cli: TestCli): Partial<CliHost>;
  /** The error ends a stage: the command ends as a failed run, exit code 1, and tells of it. */
  readonly endsStage?: true;
  /** Undoes what would outlive the test. */
  after?(cli: TestCli): Promise<void>;
}

/** A code that no command line provokes at will: why, and the test that does, by its file and its name. */
export interface ErrorException {
  readonly why: string;
  readonly file: string;
  readonly test: string;
}

export type ErrorCase = ErrorScenario | ErrorException;
