import type { Diagnostic } from "@troupe/config";
import type {
  AgentAccess,
  JournalEntry,
  Owner,
  ResumePlan,
  RunEvent,
  RunSurvey,
  StagePlan,
  VanishedStage,
} from "@troupe/core";
import type { Report } from "@troupe/report";
import type { WorkflowGraphReport } from "./graph/graph-model.js";
import type { LaidOutFile } from "./init/lay-out-project.js";
import type { ArtifactRecord } from "./look/artifact-versions.js";
import type { ListedLine } from "./look/listed-line.js";
import type { RunDetails, StageDetails } from "./look/run-details.js";
import type { RunReport } from "./look/run-report.js";
import type { WaitingResult } from "./look/waiting-results.js";
import type { AgentSurvey } from "./plugins/agent-survey.js";
import type { HookReport } from "./plugins/hook-reports.js";
import type { ErrorOutput } from "./print/json-error.js";
import type { ConfigValue } from "./project/effective-config.js";
import type { OpenQuestion } from "./questions/question-box.js";
import type { DryRunReport } from "./run/dry-run.js";
import type { ImportReport } from "./teambot/import-report.js";
import type { CleanReport } from "./upkeep/clean-report.js";
import type { DoctorCheck } from "./upkeep/doctor-checks.js";

/**
 * What each command prints with `--json`. The JSON Schemas in `schemas/` are made of these types (`pnpm --filter @troupe/cli run schemas`), so that
 * they cannot say anything else. Fields may be added; a change of their meaning raises `version` or `v`.
 */
export interface CommandOutputs {
  /** `agents --json`. */
  readonly agents: AgentsOutput;
  /** `answer --json`. */
  readonly answer: AnswerOutput;
  /** `artifacts --json`. */
  readonly artifacts: ArtifactsOutput;
  /** `artifacts RUN NAME --json`. */
  readonly artifact: ArtifactOutput;
  /** `clean --json`. */
  readonly clean: CleanReport;
  /** `config --json`. */
  readonly config: ConfigOutput;
  /** `doctor --json`. */
  readonly doctor: DoctorOutput;
  /** `run --dry-run --json`. */
  readonly "dry-run": DryRunReport;
  /** The last line on standard error of a command with `--json` that ends with an error. */
  readonly error: ErrorOutput;
  /** A line of `run --json`, `resume --json`, `watch --json` and `cancel --json`. */
  readonly events: EventLine;
  /** `graph --json`. */
  readonly graph: WorkflowGraphReport;
  /** `import --json`. */
  readonly import: ImportReport;
  /** `init --json`. */
  readonly init: InitOutput;
  /** `approve --json` and `reject --json`. */
  readonly judge: JudgeOutput;
  /** `list --json`. */
  readonly list: ListOutput;
  /** A line of `logs --json`. */
  readonly logs: LogLine;
  /** `notify --json`. */
  readonly notify: NotifyOutput;
  /** `resume --plan --json`. */
  readonly plan: PlanOutput;
  /** `repair --json`. */
  readonly repair: RepairOutput;
  /** `report --json`. */
  readonly report: Report;
  /** `show RUN --json`. */
  readonly show: RunDetails;
  /** `show RUN STAGE --json`. */
  readonly "show-stage": StageDetails;
  /** `status --json`. */
  readonly status: StatusOutput;
  /** `validate --json`. */
  readonly validate: ValidateOutput;
  /** `why --json`. */
  readonly why: WhyOutput;
}

export interface JudgeOutput {
  readonly version: 1;
  readonly runId: string;
  readonly stage: string;
  /** Its result was judged. */
  readonly turn: string;
  readonly verdict: "approved" | "rejected";
  /** What waits still. */
  readonly waiting: readonly WaitingResult[];
  /** The next command to type; null = a living process goes on with the run. */
  readonly next: string | null;
}

interface AgentsOutput extends AgentSurvey {
  readonly version: 1;
  /** Each configured agent can work. */
  readonly ok: boolean;
}

interface AnswerOutput {
  readonly version: 1;
  readonly runId: string;
  /** The question that was answered now; null = it was only looked. */
  readonly answered: string | null;
  /** What waits for an answer still, oldest first; with an id and no answer only that one. */
  readonly questions: readonly OpenQuestion[];
}

interface ArtifactsOutput {
  readonly version: 1;
  readonly runId: string;
  readonly artifacts: readonly ArtifactRecord[];
}

interface ArtifactOutput {
  readonly version: 1;
  readonly runId: string;
  readonly name: string;
  /** The turn that left this version. */
  readonly turn: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Read as UTF-8. */
  readonly text: string;
  /** When the turn ended, ms since the epoch. */
  readonly at: number;
}

interface ConfigOutput {
  readonly version: 1;
  readonly values: readonly ConfigValue[];
}

interface DoctorOutput extends AgentsOutput {
  readonly checks: readonly DoctorCheck[];
}

interface EventLine {
  readonly v: 1;
  /** The same as `event.type`. */
  readonly type: RunEvent["type"];
  /** Position of the entry in the journal; the events of one entry share it. */
  readonly seq: JournalEntry["seq"];
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly event: RunEvent;
}

interface InitOutput {
  readonly version: 1;
  readonly folder: string;
  readonly dryRun: boolean;
  readonly agent: string;
  readonly access: AgentAccess | null;
  /** The command that decides acceptance; null = none is known. */
  readonly check: string | null;
  /** Known agents that were found. */
  readonly installed: readonly string[];
  readonly files: readonly LaidOutFile[];
  readonly next: readonly { readonly command: string; readonly why: string }[];
}

interface ListOutput {
  readonly version: 1;
  /** Newest first; damaged ones are left out and named on standard error. */
  readonly runs: readonly ListedLine[];
}

interface LogLine {
  readonly v: 1;
  readonly turn: string;
  /** What was written since the line before, made safe to show and masked. */
  readonly text: string;
}

interface NotifyOutput {
  readonly version: 1;
  /** Nothing is missing; of a test, each hook has arrived. */
  readonly ok: boolean;
  /** In the order of the file, those that were asked for. */
  readonly hooks: readonly HookReport[];
}

interface PlanOutput extends Omit<ResumePlan, "events"> {
  readonly version: 1;
  readonly runId: string;
  /** The run was asked to be cancelled: a resume ends it. */
  readonly cancelRequested: boolean;
  /** Stages that `--until` leaves for another time. */
  readonly left: readonly string[];
}

interface RepairOutput extends Partial<Pick<RunSurvey, "damage" | "turnsGivenUp" | "lostContents" | "lostLogs">> {
  readonly version: 1;
  readonly runId: string;
  /** There is nothing to repair; then nothing follows. */
  readonly sound: boolean;
  readonly newRunId: string | null;
  readonly dryRun?: boolean;
  readonly keptEntries?: number;
  readonly stages?: readonly {
    readonly stage: string;
    readonly keep: boolean;
    readonly resetBecause: string | null;
  }[];
  readonly processesEnded?: readonly number[];
  readonly notCopied?: readonly string[];
  readonly next?: string | null;
}

interface StatusOutput extends RunReport {
  readonly version: 1;
  /** What agents of the run wait for, oldest first; empty when nobody works on it. */
  readonly questions: readonly OpenQuestion[];
}

interface ValidateOutput {
  readonly version: 1;
  readonly valid: boolean;
  readonly errors: number;
  readonly warnings: number;
  /** Names of all files that were looked at. */
  readonly checked: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

interface WhyOutput extends Partial<StagePlan> {
  readonly version: 1;
  readonly runId: string;
  /** Of a stage that the workflow does not have any more. */
  readonly vanished?: VanishedStage;
  /** Who works on the run. */
  readonly holder: Owner | null;
  readonly facts: readonly string[];
  /** Commands to type. */
  readonly next: readonly string[];
}
