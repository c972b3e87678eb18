/** What a code means to a person and to a shell. */
export interface ErrorCodeEntry {
  /** One sentence, the heading's text in `docs/errors.md`. */
  readonly summary: string;
  /** The exit code of a command that ends with this error. */
  readonly exitCode: ExitCode;
}

/**
 * 0 done, 1 run failed (stage, review, acceptance), 2 usage, 3 invalid file, 4 held or busy, 5 damaged state,
 * 6 environment (agent or plugin missing), 7 time or budget limit, 8 waiting for a person.
 * Signals (130, 143, 129) belong to the process, not to an error.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const table = {
  // a run and its stages
  ACCEPTANCE_NOT_PASSED: { summary: "A stage demands passed acceptance tests and they have not passed.", exitCode: 1 },
  ARTIFACT_MISSING: { summary: "A stage ended without a file that it declares.", exitCode: 1 },
  CHECKS_FAILED: { summary: "The checks of a stage still fail after its last round.", exitCode: 1 },
  COMMAND_FAILED: { summary: "The command of a stage ended with a non-zero exit code.", exitCode: 1 },
  REVIEW_REJECTED: { summary: "A review still rejects the work after its last round.", exitCode: 1 },
  TURN_CRASHED: { summary: "The runner died three times in a row while this turn was in flight.", exitCode: 1 },
  TURN_FAILED: { summary: "The turn ended with an error of its runner.", exitCode: 1 },
  TURN_TIMEOUT: { summary: "The turn took longer than its timeout.", exitCode: 1 },
  // agents
  AGENTS_FAILED: { summary: "More than one of the agents that do a stage's work failed.", exitCode: 1 },
  AGENT_CASSETTE_MISS: { summary: "The cassette holds no line for this stage, round, turn and agent.", exitCode: 1 },
  AGENT_FAILED: { summary: "The agent's program ended with an error.", exitCode: 1 },
  AGENT_NO_OUTPUT: { summary: "The agent ended without any output.", exitCode: 1 },
  AGENT_NOT_CONFIGURED: { summary: "No agent is configured.", exitCode: 6 },
  AGENT_NOT_INSTALLED: { summary: "The agent's program was not found or does not work here.", exitCode: 6 },
  AGENT_NOT_LOGGED_IN: { summary: "The agent's program is not logged in to its service.", exitCode: 6 },
  AGENT_UNKNOWN: { summary: "A stage names an agent that no configuration knows.", exitCode: 6 },
  // what a person typed
  ARTIFACT_UNKNOWN: { summary: "The run has no artifact, or no version of it, by this name.", exitCode: 2 },
  NOT_WAITING: { summary: "The stage does not wait for a person.", exitCode: 2 },
  RUN_FINISHED: { summary: "The run has already finished.", exitCode: 2 },
  RUN_NOT_FOUND: { summary: "There is no run with this id.", exitCode: 2 },
  STAGE_UNKNOWN: { summary: "The workflow has no stage with this id.", exitCode: 2 },
  USAGE: { summary: "The command line is not understood.", exitCode: 2 },
  CONFIRMATION_NEEDED: { summary: "The command needs a confirmation and nobody is there to give it.", exitCode: 2 },
  // files
  ACCEPTANCE_NO_CHECKS: { summary: "An acceptance stage has no checks to run.", exitCode: 3 },
  CASSETTE_INVALID: { summary: "The cassette has a line that is not understood.", exitCode: 3 },
  CONFIG_INVALID: { summary: "A file has mistakes.", exitCode: 3 },
  FILE_NOT_FOUND: { summary: "A file that was named does not exist or cannot be read.", exitCode: 3 },
  INPUT_INVALID: { summary: "An input of the run is unknown, missing or of the wrong form.", exitCode: 3 },
  PATH_OUTSIDE: { summary: "A path leads out of the folder it must stay in.", exitCode: 3 },
  SECRET_INLINE: { summary: "The value of a secret stands in what would be recorded.", exitCode: 3 },
  STAGE_CHANGED: {
    summary: "A finished stage was edited, and nobody has said what to do with its result.",
    exitCode: 3,
  },
  WORKFLOW_INVALID: { summary: "The workflow contradicts itself.", exitCode: 3 },
  // held or busy
  CLAIM_LOST: { summary: "Another process has taken the run over.", exitCode: 4 },
  RUN_EXISTS: { summary: "A run with this id exists already.", exitCode: 4 },
  RUN_LOCKED: { summary: "Another process is working on the run.", exitCode: 4 },
  RUN_UNFINISHED: { summary: "An unfinished run of the same objective exists.", exitCode: 4 },
  TREE_BUSY: { summary: "Another living run may write the same working tree.", exitCode: 4 },
  // state
  BLOB_MISSING: { summary: "The store has no content with this hash.", exitCode: 5 },
  BLOB_CORRUPT: { summary: "Stored content does not match its hash.", exitCode: 5 },
  EVENT_INVALID: { summary: "An event does not fit the state of the run.", exitCode: 5 },
  JOURNAL_CORRUPT: { summary: "The journal of the run is damaged.", exitCode: 5 },
  JOURNAL_NEWER: { summary: "The journal was written by a newer version.", exitCode: 5 },
  // environment
  JOURNAL_CONFLICT: { summary: "Another writer has appended to the journal first.", exitCode: 4 },
  FILE_NOT_WRITTEN: { summary: "A file of the project could not be written.", exitCode: 6 },
  NOTIFICATION_NOT_SENT: { summary: "A test notification did not arrive by every hook.", exitCode: 6 },
  PLUGIN_API_MISMATCH: { summary: "The plugin was made for another version of the plugin interface.", exitCode: 6 },
  PLUGIN_INVALID: { summary: "The module is not a plugin of the kind that is needed.", exitCode: 6 },
  PLUGIN_LOAD_FAILED: { summary: "The plugin could not be loaded.", exitCode: 6 },
  PLUGIN_NOT_FOUND: { summary: "The plugin is not installed.", exitCode: 6 },
  PLUGIN_OPTIONS_INVALID: { summary: "The options of a plugin are not understood.", exitCode: 6 },
  PROCESS_NOT_ENDED: { summary: "Processes of a turn are still running and cannot be ended.", exitCode: 6 },
  PROCESS_NOT_STARTED: { summary: "A program could not be started.", exitCode: 6 },
  SECRET_UNUSABLE: { summary: "The value of a secret cannot be read or cannot be masked.", exitCode: 6 },
  STORE_FAILED: { summary: "The store could not read or write.", exitCode: 6 },
  STORE_FULL: { summary: "The store has no space left.", exitCode: 6 },
  STORE_UNSUPPORTED: { summary: "The place for the state is not safe to keep it.", exitCode: 6 },
  INTERNAL: { summary: "Troupe itself made a mistake.", exitCode: 6 },
  // limits and people
  LIMIT_REACHED: { summary: "The run has reached a limit of time or budget.", exitCode: 7 },
} as const;

/** A key of {@link ERROR_CODES}. `Extract` takes nothing out: by it editors and the reference show this name, not all the codes. */
export type ErrorCode = Extract<keyof typeof table, string>;

/** Every code a `TroupeError` may carry. `docs/errors.md` has one heading for each; a test compares them. */
export const ERROR_CODES: Readonly<Record<ErrorCode, ErrorCodeEntry>> = table;
