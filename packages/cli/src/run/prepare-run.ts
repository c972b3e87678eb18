import { relative, resolve } from "node:path";
import {
  checkObjectiveReferences,
  inputValues,
  type Objective,
  type ParsedObjective,
  parseObjective,
  type ResolvedChecks,
  readProjectTestCommand,
  resolveChecks,
  validateSkip,
} from "@troupe/config";
import { DEFAULT_LIMITS, type RunFlags, type RunLimits, stageUnknown, TroupeError, type Workflow } from "@troupe/core";
import type { CommandContext } from "../command-context.js";
import { type AgentBinding, agentIdsOf, bindAgents, refuseUnknownAgents } from "../plugins/agent-bindings.js";
import { type DiagnosedFiles, refuseMistakes } from "../project/diagnosed-files.js";
import { findWorkflowFile, type ReadWorkflow, readWorkflow } from "../project/read-workflow.js";
import { addInlineSecrets, refuseInlineSecrets } from "../project/secrets.js";
import { type LimitFlags, readLimitFlags } from "./limit-flags.js";
import { missingPrograms } from "./missing-programs.js";

/** The flags of `run`. */
export interface RunOptions extends LimitFlags {
  readonly message?: string;
  readonly workflow?: string;
  readonly skip: readonly string[];
  readonly input: readonly string[];
  readonly check: readonly string[];
  readonly agent: readonly string[];
  readonly dryRun?: boolean;
  /** Stop when this stage is done. */
  readonly until?: string;
  /** Write what the agents do there, as a cassette. */
  readonly record?: string;
  readonly new?: boolean;
  readonly shareTree?: boolean;
  readonly ignoreMissingTemplates?: boolean;
}

/** All that a run is started with, before anything of it exists. */
export interface PreparedRun {
  readonly workflow: Workflow;
  readonly source: string;
  /** As it is recorded: from the project folder, or absolute; null = the built-in workflow. */
  readonly workflowFile: string | null;
  readonly templates: ReadWorkflow["templates"];
  readonly objective: Objective;
  /** Absolute; null = given as text. */
  readonly objectiveFile: string | null;
  readonly agents: readonly AgentBinding[];
  readonly checks: readonly ResolvedChecks[];
  readonly inputs: Readonly<Record<string, string>>;
  readonly skip: readonly string[];
  readonly limits: RunLimits;
  readonly flags: RunFlags;
}

/**
 * Reads and checks everything that a run needs, and starts nothing. Rejects with every mistake of every file at once
 * (exit 3), `ACCEPTANCE_NO_CHECKS`, `AGENT_NOT_CONFIGURED`, `INPUT_INVALID`, `USAGE`.
 */
export async function prepareRun(
  context: CommandContext,
  objectiveArgument: string | undefined,
  options: RunOptions,
): Promise<PreparedRun> {
  const { cwd, project, settings, host, files } = context;
  const flags = readFlags(options, cwd);
  const file = objectiveArgument === undefined || objectiveArgument === "-" ? null : resolve(cwd, objectiveArgument);
  const written = await readObjective(context, objectiveArgument, options.message, file, files);
  const workflowFile = await findWorkflowFile(options.workflow, cwd, project, settings);
  const ignore = options.ignoreMissingTemplates === true;
  const read = await readWorkflow(workflowFile, project, settings, files, ignore);
  if (written !== null && read !== null) {
    files.add(checkObjectiveReferences(written.parsed, read.workflow, written.name));
  }
  const skipped = [...options.skip, ...(written?.parsed.objective?.skip ?? [])];
  if (read !== null) files.add(await missingPrograms(context, files, read, skipped));
  addInlineSecrets(settings.secrets, files);
  refuseMistakes(files, host, context.options);
  const objective = written?.parsed.objective ?? null;
  if (objective === null || read === null) throw new TroupeError("INTERNAL", "a file without a mistake gave nothing");
  refuseInlineSecrets(settings.secrets, { "a flag": flags, ...textsOf(read.templates) });
  const skip = [...new Set([...objective.skip, ...flags.skip])];
  validateSkip(read.workflow, skip);
  refuseUnknownStage(read.workflow, options.until);
  refuseSkippedAcceptance(read.workflow, skip);
  refuseIdleChecks(read.workflow, options.check, settings);
  const agentIds = agentIdsOf(read.workflow.stages);
  refuseUnknownAgents(agentIds, Object.keys(flags.agents));
  const detected = await readProjectTestCommand(project.folder);
  const sources = { project: settings.checks, flags: options.check, detected };
  const { workflow, resolved } = resolveChecks(read.workflow, sources);
  return {
    workflow,
    source: read.source,
    workflowFile: workflowFile === null ? null : fromProject(project.folder, workflowFile),
    templates: read.templates,
    objective,
    objectiveFile: file,
    agents: bindAgents(agentIds, flags.agents, settings.agents),
    checks: resolved,
    inputs: inputValues(workflow, { ...objective.inputs, ...flags.inputs }),
    skip,
    limits: { ...DEFAULT_LIMITS, ...settings.limits, ...objective.limits, ...flags.limits },
    flags,
  };
}

/** Templates, by what an error calls them. */
export function textsOf(templates: ReadWorkflow["templates"]): Readonly<Record<string, string>> {
  return Object.fromEntries(templates.map(({ path, text }) => [`the prompt template ${path}`, text]));
}

/** A project that is moved, or checked out elsewhere, finds its workflow again. */
function fromProject(folder: string, file: string): string {
  const near = relative(folder, file);
  return near.startsWith("..") ? file : near;
}

/** A stage that `--until` names must be there. Throws `STAGE_UNKNOWN`. */
export function refuseUnknownStage({ stages }: Workflow, stage: string | undefined): void {
  const ids = stages.map(({ id }) => id);
  if (stage !== undefined && !ids.includes(stage)) throw stageUnknown(stage, ids);
}

/** The stage that demands the tests could only fail, hours later. */
export function refuseSkippedAcceptance({ stages }: Workflow, skip: readonly string[]): void {
  for (const { id, requiresAcceptance } of stages) {
    const skipped = requiresAcceptance.filter((stage) => skip.includes(stage));
    if (skipped.length === 0 || skip.includes(id)) continue;
    throw new TroupeError("USAGE", `${skipped.join(", ")} cannot be skipped: ${id} demands passed acceptance tests`, {
      hint: `Leave out --skip ${skipped[0]}, or take requires_acceptance_tests_passed from ${id}.`,
    });
  }
}

/**
 * A check that is empty passes, and one that no stage runs judges nothing: both would look like a passed test. What a file
 * says comes first, so that nobody talks a project out of its tests by a flag.
 */
export function refuseIdleChecks(
  { stages }: Workflow,
  checks: readonly string[],
  { checks: project }: Pick<CommandContext["settings"], "checks">,
): void {
  if (checks.length === 0) return;
  if (checks.some((check) => check.trim() === "")) {
    throw new TroupeError("USAGE", "--check is empty", { hint: 'Name a command, for example: --check "npm test"' });
  }
  const acceptance = stages.filter(({ kind }) => kind === "acceptance");
  if (acceptance.length === 0) {
    throw new TroupeError("USAGE", "--check is given, but the workflow has no acceptance stage to run it", {
      hint: "Write `checks:` into the stage that it should judge.",
    });
  }
  if (project.length > 0) {
    throw new TroupeError("USAGE", "--check is given, but troupe.yaml has `checks`, which come first", {
      hint: "Leave out --check, or change `checks` of troupe.yaml.",
    });
  }
  if (acceptance.every((stage) => stage.checks.length > 0)) {
    const ids = acceptance.map(({ id }) => id).join(", ");
    throw new TroupeError("USAGE", `--check is given, but ${ids} has checks of its own, which come first`, {
      hint: "Leave out --check, or change `checks` of that stage.",
    });
  }
}

async function readObjective(
  { host }: CommandContext,
  argument: string | undefined,
  message: string | undefined,
  file: string | null,
  files: DiagnosedFiles,
): Promise<WrittenObjective | null> {
  if (argument !== undefined && message !== undefined) {
    throw new TroupeError("USAGE", "an objective is given twice: as a file and with -m", {
      hint: "Leave out one of them.",
    });
  }
  if (file !== null) {
    const read = await files.read(file);
    return read === null ? null : parsed(read.text, read.name, files);
  }
  const text = message ?? (argument === "-" ? await host.readStdin() : null);
  if (text === null) {
    throw new TroupeError("USAGE", "no objective is given", {
      hint: 'Name a markdown file: troupe run objective.md, or say it: troupe run -m "Add a --json flag"',
    });
  }
  if (text.trim() === "")
    throw new TroupeError("USAGE", "the objective is empty", { hint: "Say what is to be achieved." });
  files.know("objective", text);
  return parsed(text, null, files);
}

interface WrittenObjective {
  /** What diagnostics call it. */
  readonly name: string;
  readonly parsed: ParsedObjective;
}

function parsed(text: string, name: string | null, files: DiagnosedFiles): WrittenObjective {
  const objective = parseObjective(text, name);
  files.add(objective.diagnostics);
  return { name: name ?? "objective", parsed: objective };
}

function readFlags(options: RunOptions, cwd: string): RunFlags {
  return {
    skip: options.skip,
    limits: readLimitFlags(options),
    inputs: readPairs("--input", options.input),
    checks: options.check.map((shell) => ({ shell })),
    agents: readAgentFlags(options.agent, cwd),
    shareTree: options.shareTree === true,
    ...(options.ignoreMissingTemplates === true ? { ignoreMissingTemplates: true } : {}),
  };
}

/** `--agent`. A cassette is named from where the person is, and found again on resume from anywhere. */
export function readAgentFlags(values: readonly string[], cwd: string): Readonly<Record<string, string>> {
  const entries = Object.entries(readPairs("--agent", values)).map(([id, flag]) => {
    const isCassette = flag.startsWith("replay:");
    return [id, isCassette ? `replay:${resolve(cwd, flag.slice("replay:".length))}` : flag] as const;
  });
  return Object.fromEntries(entries);
}

export function readPairs(flag: string, values: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    values.map((value) => {
      const at = value.indexOf("=");
      if (at > 0) return [value.slice(0, at), value.slice(at + 1)];
      throw noPair(flag, value);
    }),
  );
}

/** Who names a plugin alone wants it for every agent; who names an input has forgotten its value. */
function noPair(flag: string, value: string): TroupeError {
  const isWord = /^[\w:./@-]+$/.test(value);
  const message = `${flag} ${value} has no ${flag === "--agent" || !isWord ? "name" : "value"}`;
  if (!isWord) return new TroupeError("USAGE", message, { hint: `Write ${flag} NAME=VALUE.` });
  const hint = flag === "--agent" ? `For all agents: --agent all=${value}` : `Write ${flag} ${value}=VALUE.`;
  return new TroupeError("USAGE", message, { hint });
}
