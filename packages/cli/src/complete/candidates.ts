import { type HookDefinition, loadRun, type RunSummary, type StateStore } from "@troupe/core";
import type { CliHost } from "../cli-host.js";
import { type CommandContext, createContext, type GlobalOptions } from "../command-context.js";
import { composeStore } from "../compose.js";
import { listRuns } from "../look/find-run.js";
import { findWorkflowFile, readWorkflow } from "../project/read-workflow.js";

/** What may be typed, and what it is. */
export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** Sorts of words that depend on the project. */
export type DynamicSort = "run" | "stage" | "turn" | "artifact" | "agent" | "input" | "hook" | "setting" | "question";

/** What the words before say. */
export interface WordContext {
  /** The command. */
  readonly command: string;
  /** The run that is named; null = none. */
  readonly run: string | null;
  readonly options: GlobalOptions;
}

/** Runs of which these commands can make nothing are no candidates for them. */
const WANTS_OPEN: ReadonlySet<string> = new Set(["resume", "cancel", "answer", "approve", "reject"]);

/** What a word of this sort may be here. Whatever goes wrong, there are no candidates: nobody asked for an error. */
export async function dynamicCandidates(
  host: CliHost,
  sort: DynamicSort,
  words: WordContext,
): Promise<readonly Candidate[]> {
  try {
    const context = await createContext(host, words.options);
    if (sort === "hook") return hooks(context.settings.notify);
    if (sort === "run") return await withStore(context, (store) => runs(store, words.command));
    if (sort === "turn" || sort === "artifact")
      return await withStore(context, (store) => ofRun(store, sort, words.run));
    if (sort === "setting") return await settingsOf(context);
    if (sort === "question") return await questionsOf(context, words.run);
    const stagesOfRun = sort === "stage" && words.command !== "run";
    if (stagesOfRun) {
      const found = await withStore(context, (store) => ofRun(store, sort, words.run));
      if (found.length > 0) return found;
    }
    const { cwd, project, settings, files } = context;
    const file = await findWorkflowFile(undefined, cwd, project, settings);
    const workflow = (await readWorkflow(file, project, settings, files, true))?.workflow;
    if (workflow === undefined) return [];
    if (sort === "stage") return workflow.stages.map(({ id, name }) => ({ value: id, description: name }));
    if (sort === "input") return workflow.inputs.map(({ name, description }) => ({ value: `${name}=`, description }));
    const ids = workflow.stages.flatMap((stage) => [
      stage.workAgent,
      stage.reviewAgent,
      ...(stage.parallelAgents ?? []),
    ]);
    return ["all", ...new Set(ids.filter((id) => id !== null))].map((id) => ({
      value: `${id}=`,
      description: "agent",
    }));
  } catch {
    return []; // a broken project completes nothing
  }
}

/**
 * As the commands do, but with a store that came with the command: whoever presses Tab has not decided yet to run what
 * lies in this folder. With another one there are no candidates.
 */
async function withStore<Result>(
  { host, project, settings }: CommandContext,
  use: (store: StateStore) => Promise<Result>,
): Promise<Result> {
  await using composed = await composeStore(host, project, settings.store, true);
  return await use(composed.store);
}

/** By its number, which names just one. */
function hooks(notify: readonly HookDefinition[]): readonly Candidate[] {
  return notify.map(({ kind, events }, index) => ({
    value: `${index + 1}`,
    description: `${kind}: ${events.join(", ")}`,
  }));
}

/** Each value that is in force, and each word that several of them begin with. */
async function settingsOf(context: CommandContext): Promise<readonly Candidate[]> {
  const { effectiveConfig } = await import("../project/effective-config.js");
  const values = await effectiveConfig(context);
  const several = new Set(values.flatMap(({ key }) => (key.includes(".") ? [key.slice(0, key.indexOf("."))] : [])));
  return [
    ...[...several].map((key) => ({ value: key, description: `everything of ${key}` })),
    ...values.map(({ key, value }) => ({
      value: key,
      description: typeof value === "string" ? value : JSON.stringify(value),
    })),
  ];
}

/** What agents of the run wait for. */
async function questionsOf({ project }: CommandContext, run: string | null): Promise<readonly Candidate[]> {
  if (run === null) return [];
  const { readQuestions } = await import("../questions/question-box.js");
  const open = await readQuestions(project.stateFolder, run);
  return open.map(({ id, question }) => ({ value: id, description: question }));
}

async function runs(store: StateStore, command: string): Promise<readonly Candidate[]> {
  const all = await listRuns(store, () => {});
  const open = ({ status }: RunSummary): boolean => status !== "succeeded" && status !== "cancelled";
  return all
    .filter((run) => !WANTS_OPEN.has(command) || open(run) || (command === "resume" && run.status === "cancelled"))
    .map(({ runId, status, objective }) => ({ value: runId, description: `${status}: ${objective}` }));
}

/** Of the run that is named, else of the newest one. */
async function ofRun(store: StateStore, sort: DynamicSort, named: string | null): Promise<readonly Candidate[]> {
  const runId = named ?? (await listRuns(store, () => {}))[0]?.runId;
  if (runId === undefined) return [];
  const { state } = await loadRun(store, runId);
  const stages = [...state.stages.values()];
  if (sort === "stage") {
    return stages.map(({ definition, status }) => ({
      value: definition.id,
      description: `${status}: ${definition.name}`,
    }));
  }
  if (sort === "artifact") {
    return stages.flatMap(({ artifacts, definition }) =>
      [...artifacts.keys()].map((name) => ({ value: name, description: `of ${definition.id}` })),
    );
  }
  return stages.flatMap(({ definition, turns }) =>
    Array.from({ length: turns }, (_, n) => ({
      value: `${definition.id}.${n + 1}`,
      description: `turn of ${definition.id}`,
    })),
  );
}
