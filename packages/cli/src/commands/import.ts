import { resolve } from "node:path";
import { inputValues, validateSkip } from "@troupe/config";
import {
  adoptRun,
  DEFAULT_LIMITS,
  defineRun,
  maskContent,
  newRunId,
  type RunDefinition,
  type RunFlags,
  type StateStore,
  type TemplateRef,
  TroupeError,
  turnId,
  writeText,
} from "@troupe/core";
import { type CommandContext, withStore } from "../command-context.js";
import { agentIdsOf, describeAgents, refuseUnknownAgents } from "../plugins/agent-bindings.js";
import { printJson } from "../print/print-json.js";
import { quoteWord } from "../print/quote-word.js";
import { refuseInlineSecrets, refuseUnusableSecrets } from "../project/secrets.js";
import { refuseSucceeded, refuseUnfinished } from "../run/other-runs.js";
import { readAgentFlags, textsOf } from "../run/prepare-run.js";
import { adoptStages } from "../teambot/adopt-stages.js";
import { type FoundArtifact, findArtifacts, findUndeclared, stagesWithFiles } from "../teambot/collect-artifacts.js";
import { findStates, type TeamBotPlace } from "../teambot/find-states.js";
import { type ImportFacts, renderImport, reportImport } from "../teambot/import-report.js";
import { judgeStages, type StageJudgement } from "../teambot/judge-stages.js";
import { refuseUnknownStages } from "../teambot/known-stages.js";
import { type ImportSources, readTeamBot, type TeamBotRun } from "../teambot/read-teambot.js";

export interface ImportOptions extends ImportSources {
  readonly agent: readonly string[];
  readonly new?: boolean;
  readonly dryRun?: boolean;
}

/** Makes a run of what TeamBot left; its files are only read. */
export async function importCommand(context: CommandContext, path: string, options: ImportOptions): Promise<number> {
  const place = chooseState(context, await findStates(resolve(context.cwd, path)), path);
  const run = await readTeamBot(context, place, options);
  const stateFile = context.files.nameOf(place.stateFile);
  refuseUnknownStages(run.workflow, run.state, stateFile);
  const found = await findArtifacts(run.workflow, place.artifacts);
  const judgements = judgeStages(run.workflow, run.state, stagesWithFiles(run.workflow.stages, found));
  const flags = flagsOf(run, judgements, options, context.cwd);
  const facts: ImportFacts = {
    runId: null,
    stateFile,
    run,
    judgements,
    found,
    undeclared: await findUndeclared(run.workflow, place.artifacts),
    projectFolder: context.project.folder,
    root: place.root,
    command: commandOf(path, options),
  };
  if (options.dryRun === true) return show(context, facts);
  refuseUnusableSecrets(context.settings.secrets, context.note);
  refuseInlineSecrets(context.settings.secrets, { "a flag": flags, ...textsOf(run.templates) });
  const runId = await withStore(context, async (store) => {
    if (options.new !== true) {
      await refuseUnfinished(context, store, run);
      await refuseSucceeded(store, run);
    }
    return await write(context, store, { run, judgements, found, flags });
  });
  return show(context, { ...facts, runId });
}

function chooseState({ files }: CommandContext, places: readonly TeamBotPlace[], path: string): TeamBotPlace {
  const [only, second] = places;
  if (only !== undefined && second === undefined) return only;
  const names = places.map(({ stateFile }) => files.nameOf(stateFile));
  throw new TroupeError("USAGE", `${path} holds ${places.length} runs of TeamBot: ${names.join(", ")}`, {
    hint: `Name one: troupe import ${names[0] ?? ""}`,
  });
}

/** The import itself, with what was typed for its `--dry-run`. */
function commandOf(path: string, { workflow, objective, check, agent, ...options }: ImportOptions): string {
  return [
    "troupe import",
    quoteWord(path),
    ...(workflow === undefined ? [] : ["--workflow", quoteWord(workflow)]),
    ...(objective === undefined ? [] : ["--objective", quoteWord(objective)]),
    ...check.flatMap((one) => ["--check", quoteWord(one)]),
    ...agent.flatMap((one) => ["--agent", quoteWord(one)]),
    ...(options.new === true ? ["--new"] : []),
    ...(options.ignoreMissingTemplates === true ? ["--ignore-missing-templates"] : []),
  ].join(" ");
}

/** Stays for a resume: what TeamBot was told, as if it had been typed here. */
function flagsOf(
  { state, workflow }: TeamBotRun,
  judgements: ReadonlyMap<string, StageJudgement>,
  { agent, check, ignoreMissingTemplates }: ImportOptions,
  cwd: string,
): RunFlags {
  const agents = readAgentFlags(agent, cwd);
  refuseUnknownAgents(agentIdsOf(workflow.stages), Object.keys(agents));
  return {
    skip: [...judgements].filter(([, { action }]) => action === "skip").map(([id]) => id),
    limits: state.maxMs === null || state.maxMs <= 0 ? {} : { durationMs: state.maxMs },
    inputs: {},
    checks: check.map((shell) => ({ shell })),
    agents,
    shareTree: false,
    ...(ignoreMissingTemplates === true ? { ignoreMissingTemplates } : {}),
  };
}

interface Import {
  readonly run: TeamBotRun;
  readonly judgements: ReadonlyMap<string, StageJudgement>;
  readonly found: readonly FoundArtifact[];
  readonly flags: RunFlags;
}

/** Texts and files first, then the one entry that makes it a run. */
async function write(
  context: CommandContext,
  store: StateStore,
  { run, judgements, found, flags }: Import,
): Promise<string> {
  const { host, project } = context;
  const engine = { store, clock: host.clock, randomHex: host.randomHex };
  const runId = newRunId(engine, run.state.featureName ?? run.objective.feature);
  const definition = await define(context, store, runId, { run, flags });
  const { masker } = context.settings.secrets;
  const blobs: StateStore["blobs"] = {
    put: (id, content) => store.blobs.put(id, maskContent(masker, content)),
    get: (id, hash) => store.blobs.get(id, hash),
  };
  const stages = await adoptStages({ blobs, runId, workflow: run.workflow, found }, judgements);
  const owner = {
    pid: process.pid,
    startTime: null,
    bootId: null,
    pidNamespace: null,
    host: "import",
    command: "troupe import",
  };
  await adoptRun(engine, { runId, definition, stages, owner, workspace: { kind: "folder", path: project.folder } });
  await keepLogs(store, runId, judgements, (text) => masker.mask(text));
  return runId;
}

/** What TeamBot recorded of a stage is what its only turn wrote. After the run: there is none to have logs before. */
async function keepLogs(
  { logs }: StateStore,
  runId: string,
  judgements: ReadonlyMap<string, StageJudgement>,
  mask: (text: string) => string,
): Promise<void> {
  for (const [stage, judgement] of judgements) {
    if (judgement.action !== "keep" && judgement.action !== "fail") continue;
    if (judgement.output === null) continue;
    const log = await logs.open(runId, turnId(stage, 1));
    log.write(Buffer.from(mask(judgement.output), "utf8"));
    await log.close();
  }
}

async function define(
  { settings }: CommandContext,
  { blobs }: StateStore,
  runId: string,
  { run, flags }: Pick<Import, "run" | "flags">,
): Promise<RunDefinition> {
  const { workflow, objective, source, workflowFile } = run;
  const skip = [...new Set([...objective.skip, ...flags.skip])];
  validateSkip(workflow, skip);
  const templates: TemplateRef[] = [];
  for (const { path, text } of run.templates) templates.push({ path, text: await writeText(blobs, runId, text) });
  return defineRun({
    workflow,
    source,
    ...(workflowFile === null ? {} : { workflowFile }),
    objective: { title: objective.title, path: run.objectiveFile, text: await writeText(blobs, runId, objective.text) },
    templates,
    agents: describeAgents(agentIdsOf(workflow.stages), flags.agents, settings.agents, []),
    inputs: inputValues(workflow, objective.inputs),
    skip,
    limits: { ...DEFAULT_LIMITS, ...settings.limits, ...objective.limits, ...flags.limits },
    flags,
  });
}

function show({ options, print, place }: CommandContext, facts: ImportFacts): number {
  const found = reportImport(facts);
  const report = { ...found, next: place(found.next) };
  if (options.json === true) printJson({ print }, "import", report);
  else print(renderImport(report));
  return 0;
}
