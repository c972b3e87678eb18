import { resolve } from "node:path";
import {
  checkObjectiveReferences,
  inputValues,
  parseObjective,
  readProjectTestCommand,
  resolveChecks,
  validateSkip,
} from "@troupe/config";
import {
  DEFAULT_LIMITS,
  defineRun,
  exitCodeOf,
  INLINE_TEXT_BYTES,
  isTroupeError,
  type ObjectiveRef,
  type RunDefinition,
  type RunFlags,
  type RunLimits,
  sha256,
  type TemplateRef,
  type TextRef,
  TroupeError,
  type Workflow,
} from "@troupe/core";
import type { CommandContext } from "../command-context.js";
import { agentIdsOf, describeAgents, refuseUnknownAgents } from "../plugins/agent-bindings.js";
import { refuseMistakes } from "../project/diagnosed-files.js";
import { readWorkflow } from "../project/read-workflow.js";
import { addInlineSecrets, refuseInlineSecrets } from "../project/secrets.js";
import { withLimits } from "./limit-flags.js";
import { refuseIdleChecks, refuseSkippedAcceptance, textsOf } from "./prepare-run.js";

/** What is typed at a resume goes before what was typed at the start; the rest of that stays. */
export interface GivenAgain {
  readonly limits: Partial<RunLimits>;
  readonly inputs: Readonly<Record<string, string>>;
  /** null = none was typed: those of the start stay. So with the checks. */
  readonly skip: readonly string[] | null;
  readonly checks: readonly string[] | null;
  readonly agents: RunFlags["agents"];
  readonly ignoreMissingTemplates: boolean;
}

/** A run as the files on the disk define it now. */
export interface EditedRun {
  readonly definition: RunDefinition;
  /** Texts that are too large for the journal: they have to be in the store before the definition is used. */
  readonly texts: readonly string[];
}

/**
 * The run's workflow, templates, objective and project file as they are now, with the flags that it was started with.
 * What did not come from a file stays as recorded, the built-in workflow too, of whatever version. Writes nothing.
 * Rejects as `prepareRun` does, with the way to leave the files aside.
 */
export async function readEditedFiles(
  context: CommandContext,
  runId: string,
  recorded: RunDefinition,
  given: GivenAgain,
): Promise<EditedRun> {
  try {
    return await readFiles(context, recorded, given);
  } catch (error) {
    if (!isTroupeError(error) || (exitCodeOf(error) !== 3 && exitCodeOf(error) !== 2)) throw error;
    const leaveAside = `or go on with the files as they were recorded: troupe resume ${runId} --recorded`;
    throw new TroupeError(error.code, error.message, {
      hint: error.hint === null ? leaveAside : `${error.hint}\n${leaveAside}`,
      details: error.details,
      cause: error,
    });
  }
}

async function readFiles(context: CommandContext, recorded: RunDefinition, given: GivenAgain): Promise<EditedRun> {
  const { project, settings, host, files } = context;
  const texts: string[] = [];
  const read = await readObjective(context, recorded, texts);
  const ignoreMissing = given.ignoreMissingTemplates || recorded.flags.ignoreMissingTemplates === true;
  const written = await readRecordedWorkflow(context, recorded, texts, ignoreMissing);
  if (written !== null) read.check(written.workflow);
  addInlineSecrets(settings.secrets, files);
  refuseMistakes(files, host, context.options);
  if (read.facts === null || written === null)
    throw new TroupeError("INTERNAL", "a file without a mistake gave nothing");
  const { objective, skip: asked, inputs, limits } = read.facts;
  refuseUnknownAgents(agentIdsOf(written.workflow.stages), Object.keys(given.agents));
  refuseIdleChecks(written.workflow, given.checks ?? [], settings);
  const flags = flagsWith(recorded.flags, given, written.workflow);
  refuseInlineSecrets(settings.secrets, { "a flag": flags });
  const known = new Set(written.workflow.stages.map(({ id }) => id));
  const skip = [...new Set([...asked, ...(given.skip ?? flags.skip.filter((id) => known.has(id)))])];
  validateSkip(written.workflow, skip);
  refuseSkippedAcceptance(written.workflow, skip);
  const detected = await readProjectTestCommand(project.folder);
  const typed = flags.checks.flatMap((check) => ("shell" in check ? [check.shell] : []));
  const { workflow } = resolveChecks(written.workflow, { project: settings.checks, flags: typed, detected });
  const definition = defineRun({
    workflow,
    source: recorded.source,
    ...(recorded.workflowFile === undefined ? {} : { workflowFile: recorded.workflowFile }),
    objective,
    templates: written.templates,
    agents: describeAgents(agentIdsOf(workflow.stages), flags.agents, settings.agents, recorded.agents),
    inputs: inputValues(workflow, { ...inputs, ...flags.inputs }),
    skip,
    limits: { ...DEFAULT_LIMITS, ...settings.limits, ...limits, ...flags.limits },
    flags,
    ...(recorded.expectedMs === undefined ? {} : { expectedMs: recorded.expectedMs }),
  });
  return { definition, texts };
}

/** The flags of the start, each replaced by what is typed again; `--agent all=` leaves nobody as he was. */
function flagsWith(flags: RunFlags, given: GivenAgain, workflow: Workflow): RunFlags {
  return {
    ...flags,
    limits: { ...flags.limits, ...given.limits },
    inputs: { ...declared(flags.inputs, workflow), ...given.inputs },
    ...(given.skip === null ? {} : { skip: given.skip }),
    ...(given.checks === null ? {} : { checks: given.checks.map((shell) => ({ shell })) }),
    agents: agentsWith(flags.agents, given.agents),
    ...(given.ignoreMissingTemplates ? { ignoreMissingTemplates: true } : {}),
  };
}

function agentsWith(recorded: RunFlags["agents"], given: RunFlags["agents"]): RunFlags["agents"] {
  return given.all === undefined ? { ...recorded, ...given } : given;
}

/** The run as it is recorded, but for the limits and the agents that are typed. Throws `USAGE`. */
export function recordedWith({ settings }: CommandContext, recorded: RunDefinition, given: GivenAgain): RunDefinition {
  const limited = withLimits(recorded, given.limits) ?? recorded;
  if (Object.keys(given.agents).length === 0) return limited;
  const ids = agentIdsOf(limited.workflow.stages);
  refuseUnknownAgents(ids, Object.keys(given.agents));
  refuseInlineSecrets(settings.secrets, { "a flag": given.agents });
  const isGiven = (id: string) => Object.hasOwn(given.agents, id) || given.agents.all !== undefined;
  const agents = ids.flatMap((id) =>
    describeAgents([id], given.agents, isGiven(id) ? settings.agents : {}, limited.agents),
  );
  const flags = { ...limited.flags, agents: agentsWith(limited.flags.agents, given.agents) };
  return defineRun({ ...limited, agents, flags });
}

/** What the objective says of a run, besides its text. */
interface ObjectiveFacts extends Pick<RunDefinition, "skip" | "inputs"> {
  readonly objective: ObjectiveRef;
  readonly limits: Partial<RunLimits>;
}

interface ReadObjective {
  /** null = it has mistakes. */
  readonly facts: ObjectiveFacts | null;
  /** Compares it with the workflow. */
  check(workflow: Workflow): void;
}

async function readObjective(
  { files }: CommandContext,
  { objective, skip, inputs, limits, workflow }: RunDefinition,
  texts: string[],
): Promise<ReadObjective> {
  const { path } = objective;
  if (path === null) {
    return { facts: { objective, skip, inputs: declared(inputs, workflow), limits }, check: () => {} };
  }
  const file = await files.read(path);
  if (file === null) return { facts: null, check: () => {} };
  const parsed = parseObjective(file.text, file.name);
  files.add(parsed.diagnostics);
  const check = (against: Workflow) => files.add(checkObjectiveReferences(parsed, against, file.name));
  if (parsed.objective === null) return { facts: null, check };
  const { title, text, ...rest } = parsed.objective;
  return {
    facts: {
      objective: { title, path, text: refOf(text, texts) },
      skip: rest.skip,
      inputs: rest.inputs,
      limits: rest.limits,
    },
    check,
  };
}

async function readRecordedWorkflow(
  { project, settings, files }: CommandContext,
  recorded: RunDefinition,
  texts: string[],
  ignoreMissing: boolean,
): Promise<{ readonly workflow: Workflow; readonly templates: readonly TemplateRef[] } | null> {
  if (recorded.workflowFile === undefined) return recorded;
  const file = resolve(project.folder, recorded.workflowFile);
  const read = await readWorkflow(file, project, settings, files, ignoreMissing);
  if (read === null) return null;
  refuseInlineSecrets(settings.secrets, textsOf(read.templates));
  const templates = read.templates.map(({ path, text }) => ({ path, text: refOf(text, texts) }));
  return { workflow: read.workflow, templates };
}

/** A value for an input that the workflow no longer declares is nothing anybody could mend at a resume. */
function declared(values: Readonly<Record<string, string>>, { inputs }: Workflow): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => inputs.some((input) => input.name === name)));
}

/** A reference as `writeText` makes it; a large text goes to `texts`. */
function refOf(text: string, texts: string[]): TextRef {
  const content = Buffer.from(text, "utf8");
  const isLarge = content.length > INLINE_TEXT_BYTES;
  if (isLarge) texts.push(text);
  return { sha256: sha256(content), bytes: content.length, text: isLarge ? null : text };
}
