import { open, realpath } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import {
  checkObjectiveReferences,
  type Objective,
  parseObjective,
  parseTeamBotSettings,
  parseTeamBotState,
  readProjectTestCommand,
  resolveChecks,
  type TeamBotSettings,
  type TeamBotState,
} from "@troupe/config";
import { TroupeError, type Workflow } from "@troupe/core";
import type { CommandContext } from "../command-context.js";
import { refuseMistakes } from "../project/diagnosed-files.js";
import { exists } from "../project/project.js";
import { type ReadWorkflow, readWorkflow } from "../project/read-workflow.js";
import { addInlineSecrets } from "../project/secrets.js";
import type { TeamBotPlace } from "./find-states.js";

/** Where to look for what a TeamBot state only names. */
export interface ImportSources {
  readonly workflow?: string;
  readonly objective?: string;
  readonly check: readonly string[];
  readonly ignoreMissingTemplates?: boolean;
}

/** A TeamBot run with everything that it was made of. */
export interface TeamBotRun {
  readonly state: TeamBotState;
  readonly settings: TeamBotSettings | null;
  readonly workflow: Workflow;
  readonly source: string;
  /** As it is recorded: from the project folder, or absolute; null = the built-in workflow. */
  readonly workflowFile: string | null;
  readonly templates: ReadWorkflow["templates"];
  readonly objective: Objective;
  /** Absolute. */
  readonly objectiveFile: string;
}

/** A state holds every output of a run; nobody has one this large. */
const MAX_STATE_BYTES = 64 * 1024 * 1024;

/**
 * Reads the state and what it names; only reads. Rejects with every mistake of every file at once (exit 3),
 * `FILE_NOT_FOUND` or `PATH_OUTSIDE` with the flag that names a file which lies elsewhere, `ACCEPTANCE_NO_CHECKS`.
 */
export async function readTeamBot(
  context: CommandContext,
  place: TeamBotPlace,
  sources: ImportSources,
): Promise<TeamBotRun> {
  const { files, host, options, project } = context;
  const state = await readState(context, place.stateFile);
  refuseMistakes(files, host, options);
  if (state === null) throw unread();
  const settings = await readSettings(context, place.root);
  const objectiveFile = await findObjective(context, place.root, state, sources.objective);
  const text = await files.read(objectiveFile);
  const parsed = text === null ? null : parseObjective(text.text, text.name);
  files.add(parsed?.diagnostics ?? []);
  const workflowFile = await findWorkflow(context, place.root, settings, sources.workflow);
  const read = await readWorkflow(
    workflowFile,
    project,
    context.settings,
    files,
    sources.ignoreMissingTemplates === true,
  );
  if (parsed !== null && read !== null && text !== null) {
    files.add(checkObjectiveReferences(parsed, read.workflow, text.name));
  }
  addInlineSecrets(context.settings.secrets, files);
  refuseMistakes(files, host, options);
  if (parsed === null || parsed.objective === null || read === null) throw unread();
  const detected = await readProjectTestCommand(project.folder);
  const checks = { project: context.settings.checks, flags: sources.check, detected };
  const { workflow } = resolveChecks(read.workflow, checks);
  const near = workflowFile === null ? null : relative(project.folder, workflowFile);
  return {
    state,
    settings,
    workflow,
    source: read.source,
    workflowFile: near?.startsWith("..") === true ? workflowFile : near,
    templates: read.templates,
    objective: parsed.objective,
    objectiveFile,
  };
}

function unread(): TroupeError {
  return new TroupeError("INTERNAL", "a file without a mistake gave nothing");
}

async function readState({ files, settings }: CommandContext, path: string): Promise<TeamBotState | null> {
  const name = files.nameOf(path);
  const text = settings.secrets.masker.mask(await readLarge(path, name));
  files.know(name, text);
  const { data, diagnostics } = parseTeamBotState(text, name);
  files.add(diagnostics);
  return data;
}

async function readLarge(path: string, name: string): Promise<string> {
  const file = await open(path, "r");
  try {
    const status = await file.stat();
    if (!status.isFile() || status.size > MAX_STATE_BYTES) {
      const what = status.isFile() ? `larger than ${MAX_STATE_BYTES / 1024 / 1024} MiB` : "not a file";
      throw new TroupeError("CONFIG_INVALID", `${name} is ${what}`, {
        hint: "Name TeamBot's orchestration_state.json.",
      });
    }
    return new TextDecoder("utf-8", { fatal: true }).decode(await file.readFile());
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new TroupeError("CONFIG_INVALID", `${name} is not a text in UTF-8`, {
      hint: "It is damaged. Import a copy from a backup, or start anew: troupe run OBJECTIVE",
      cause: error,
    });
  } finally {
    await file.close();
  }
}

async function readSettings({ files }: CommandContext, root: string): Promise<TeamBotSettings | null> {
  const path = join(root, "teambot.json");
  const file = (await exists(path)) ? await files.read(path) : null;
  if (file === null) return null;
  const { data, diagnostics } = parseTeamBotSettings(file.text, file.name);
  files.add(diagnostics);
  return data;
}

async function findObjective(
  { cwd, files }: CommandContext,
  root: string,
  { objectiveFile }: TeamBotState,
  flag: string | undefined,
): Promise<string> {
  const path = flag === undefined ? resolve(root, objectiveFile) : resolve(cwd, flag);
  if (await exists(path)) {
    if (flag === undefined) await refuseOutside(root, path, objectiveFile);
    return path;
  }
  const said = flag === undefined ? `, which the state names as ${objectiveFile}` : "";
  throw new TroupeError("FILE_NOT_FOUND", `there is no objective ${files.nameOf(path)}${said}`, {
    hint: "Say where it lies now: troupe import DIR --objective FILE",
  });
}

/** A state from elsewhere could name any file of this machine, which agents are then given to read. */
async function refuseOutside(root: string, path: string, named: string): Promise<void> {
  const way = relative(await realpath(root), await realpath(path));
  if (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return;
  throw new TroupeError("PATH_OUTSIDE", `the state names ${named} as its objective, which leads out of ${root}`, {
    hint: "If it is meant, name it: troupe import DIR --objective FILE",
  });
}

async function findWorkflow(
  { cwd }: CommandContext,
  root: string,
  settings: TeamBotSettings | null,
  flag: string | undefined,
): Promise<string | null> {
  if (flag !== undefined) return resolve(cwd, flag);
  const stagesConfig = settings?.stagesConfig ?? null;
  if (stagesConfig !== null) return resolve(root, stagesConfig);
  const file = join(root, "stages.yaml");
  return (await exists(file)) ? file : null;
}
