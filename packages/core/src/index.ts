export { type AdoptedStage, type Adoption, adoptRun } from "./engine/adopt-run.js";
export { alreadyFinished, stageChanged } from "./engine/claim-events.js";
export { createRun, newRunId } from "./engine/create-run.js";
export { defineRun, type RunDraft } from "./engine/define-run.js";
export { executeRun } from "./engine/execute-run.js";
export { type LoadedRun, loadRun } from "./engine/load-run.js";
export { maskContent } from "./engine/mask-content.js";
export { mountTypeOf, networkFileSystem } from "./engine/network-file-system.js";
export { deferApproval, type Judgement, judgeStage, requestCancel } from "./engine/outside.js";
export { packEvents, unpackEvents } from "./engine/pack-events.js";
export { type ProcessWitness, systemWitness } from "./engine/process-identity.js";
export { resolveInside } from "./engine/resolve-inside.js";
export { planSalvage, type SalvagePlan, salvageRun } from "./engine/salvage-run.js";
export { type RunSurvey, surveyRun } from "./engine/survey-run.js";
export { randomHex, silentLogger, systemClock } from "./engine/system.js";
export { readText, sha256, writeText } from "./engine/text.js";
export type { ClaimChanges, Engine, ExecuteOptions, RunResult } from "./engine/types.js";
export { ERROR_CODES, type ErrorCode, type ErrorCodeEntry, type ExitCode } from "./errors/codes.js";
export {
  deserializeError,
  exitCodeOf,
  hasCode,
  isTroupeError,
  type Json,
  type SerializedError,
  serializeError,
  TroupeError,
  type TroupeErrorOptions,
  unreachable,
} from "./errors/troupe-error.js";
export { boundText } from "./model/bounded-text.js";
export { briefMessage, lastLineOfMessage } from "./model/brief-message.js";
export {
  defineStage,
  defineWorkflow,
  type StageDraft,
  type WorkflowDraft,
} from "./model/define.js";
export type {
  CancelCause,
  EventOf,
  JournalEntry,
  LimitName,
  NewEntry,
  Owner,
  ResetCause,
  RunEvent,
  RunEventType,
} from "./model/events.js";
export { type FailureReportParts, failureReport } from "./model/failure-report.js";
export { canTransition, neededFor, stageUnknown, validateWorkflow, workflowProblems } from "./model/graph.js";
export {
  DEFAULT_HOOK_EVENTS,
  DEFAULT_HOOK_TIMEOUT_MS,
  HOOK_EVENTS,
  type HookChannel,
  type HookDefinition,
  type HookEvent,
  type NamedValue,
} from "./model/hook.js";
export {
  type AgentId,
  type GroupName,
  ID_PATTERN,
  inputVariable,
  isId,
  type RunId,
  type Sha256,
  type StageId,
  stageOfTurn,
  type TurnId,
  turnId,
} from "./model/ids.js";
export { interruptReason } from "./model/interrupt.js";
export { limitWord } from "./model/limit-word.js";
export type { ExpectedDurations } from "./model/longest-first.js";
export {
  createSecretMasker,
  MIN_SECRET_CHARACTERS,
  NO_SECRETS,
  type Secret,
  type SecretMasker,
} from "./model/mask-secrets.js";
export type { MaskStream } from "./model/mask-secrets-stream.js";
export { pathProblem } from "./model/path-name.js";
export { buildPrompt, buildVerdictPrompt } from "./model/prompt.js";
export type { PromptFile, PromptInput, PromptParts, PromptText } from "./model/prompt-parts.js";
export { describeCheck } from "./model/prompt-sections.js";
export { type RateLimit, recogniseRateLimit } from "./model/rate-limit.js";
export {
  type ArtifactRef,
  type BlobRef,
  type GroupLimit,
  INLINE_TEXT_BYTES,
  type InputDigest,
  type LogRef,
  type TextRef,
  type TurnInput,
} from "./model/refs.js";
export {
  type AgentDescriptor,
  DEFAULT_LIMITS,
  type LimitUse,
  type ObjectiveRef,
  RUN_FORMAT,
  type RunDefinition,
  type RunFlags,
  type RunLimits,
  type RunSummary,
  type TemplateRef,
} from "./model/run.js";
export { createTextSanitizer, jsonLine, sanitizeLine, sanitizeText, type TextSanitizer } from "./model/sanitize.js";
export {
  describeScenarios,
  judgeScenarios,
  readScenarios,
  type Scenario,
  type TestOutcome,
} from "./model/scenario.js";
export { countedSince, readSessionMark, type SessionMark, writeSessionMark } from "./model/session-mark.js";
export {
  activeMsOf,
  isNear,
  isReached,
  limitUses,
  percentUsed,
} from "./model/spending.js";
export type { ShapeChange, ShapePart } from "./model/stage-shape.js";
export { type StageWait, stageWait } from "./model/stage-wait.js";
export {
  RUN_TRANSITIONS,
  type RunOutcome,
  type RunStatus,
  type ShownRunStatus,
  type ShownStageStatus,
  STAGE_TRANSITIONS,
  type StageStatus,
  satisfiesNeed,
} from "./model/status.js";
export type {
  CheckResult,
  Feedback,
  InterruptReason,
  ScenarioResult,
  TestCounts,
  TurnFailed,
  TurnInterrupted,
  TurnKind,
  TurnResult,
  TurnSucceeded,
  TurnTask,
  TurnUsage,
  Usage,
  Verdict,
  Workspace,
  WorkUnderReview,
} from "./model/turn.js";
export {
  concludeReview,
  describeMissingVerdict,
  parseVerdict,
} from "./model/verdict.js";
export { type GivenVerdict, readGivenVerdict, VERDICT_SCHEMA, VERDICT_TOOL } from "./model/verdict-given.js";
export { MAX_REASON_CHARACTERS, MAX_REASONS } from "./model/verdict-limits.js";
export type {
  ArtifactVersion,
  GroupView,
  RunStateView,
  Spending,
  StageView,
  TurnView,
  UsageTotals,
  WorkPartView,
} from "./model/view.js";
export {
  type CheckDefinition,
  type CommandLine,
  type Condition,
  DEFAULT_MAX_ROUNDS,
  DEFAULT_RETRY,
  type GroupDefinition,
  type InputDefinition,
  type ReportDefinition,
  type RetryPolicy,
  type StageDefinition,
  type StageKind,
  type Workflow,
} from "./model/workflow.js";
export type {
  AgentAccess,
  AgentContext,
  AgentDemand,
  AgentHealth,
  AgentRequest,
  AgentResult,
  AgentRunner,
  ConfiguredAgent,
  McpServer,
} from "./plugin/agent.js";
export { AGENT_ENVIRONMENT, allowedEnvironment } from "./plugin/agent-environment.js";
export {
  type OptionsSchema,
  PLUGIN_API,
  type PluginDefinition,
  type PluginKind,
  type PluginKinds,
  type SchemaIssue,
  type SchemaResult,
} from "./plugin/definition.js";
export type { AbandonedTurn, StageExecutor, TurnContext, TurnProgress, TurnRunner } from "./plugin/executor.js";
export type {
  Asker,
  Clock,
  Dialogue,
  ExecutorHost,
  PluginHost,
  ReporterHost,
  RunnerHost,
  TextSink,
} from "./plugin/host.js";
export { isPluginDefinition } from "./plugin/is-plugin-definition.js";
export type { Logger } from "./plugin/logger.js";
export type { ProgressEvent, ProgressReporter } from "./plugin/reporter.js";
export type {
  BlobStore,
  Content,
  Holder,
  Lease,
  LeaseRequest,
  ListedRun,
  ListFilter,
  LogStore,
  LogWriter,
  StateStore,
} from "./plugin/store.js";
export { readToolName, type ToolUse } from "./plugin/tool-use.js";
export { decide } from "./state/decide.js";
export { planResume } from "./state/plan-resume.js";
export type { PlanReason, ResumeChoices, ResumePlan, StagePlan, VanishedStage } from "./state/plan-types.js";
export { reduce } from "./state/reduce.js";
export type { RunState } from "./state/run-state.js";
