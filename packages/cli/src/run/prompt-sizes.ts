import {
  buildPrompt,
  createRun,
  defineRun,
  type Engine,
  executeRun,
  type PromptParts,
  type PromptText,
  randomHex,
  type StageExecutor,
  silentLogger,
  systemClock,
  type TurnResult,
  type TurnTask,
  writeText,
} from "@troupe/core";
import { createMemoryStore } from "@troupe/core/memory";
import type { Project } from "../project/project.js";
import type { PreparedRun } from "./prepare-run.js";

/** The prompt of the first turn of each sort that a stage would take. */
export interface PromptSize {
  readonly stage: string;
  readonly kind: PromptParts["kind"];
  readonly agent: string;
  /** Of all that is known before anything has run, in UTF-8. */
  readonly bytes: number;
  /** Stages whose answers will stand in it too. */
  readonly answersOf: readonly string[];
}

const RUN_ID = "dry-run";
const NOTHING: PromptText = { text: "", path: null };

/**
 * How large each prompt will be: the workflow is performed in memory by turns that do nothing and succeed at once, so
 * the order, the inputs and the prompts are those of a run. Nothing is started and nothing is written.
 */
export async function measurePrompts(prepared: PreparedRun, project: Project): Promise<readonly PromptSize[]> {
  const sizes: PromptSize[] = [];
  const artifactsFolder = `${project.stateFolder}/runs/${RUN_ID}/artifacts/latest`;
  const personas = new Map(prepared.agents.map(({ id, persona }) => [id, persona]));
  const templates = new Map(prepared.templates.map(({ path, text }) => [path, text]));
  const executor: StageExecutor = {
    capacity: Number.POSITIVE_INFINITY,
    execute: async (task) => {
      if (task.agent !== null && task.kind !== "check") {
        const { promptTemplate } = task.stage;
        const parts = partsOf(task, { kind: task.kind, artifactsFolder, objective: prepared.objective.text });
        const template = promptTemplate === null ? null : (templates.get(promptTemplate) ?? null);
        const prompt = buildPrompt({ ...parts, template, persona: personas.get(task.agent) ?? null });
        sizes.push({
          stage: task.stage.id,
          kind: task.kind,
          agent: task.agent,
          bytes: Buffer.byteLength(prompt),
          answersOf: answersOf(task),
        });
      }
      return doneAtOnce(task);
    },
  };
  const store = createMemoryStore();
  const engine: Engine = { store, executor, reporters: [], clock: systemClock, randomHex, logger: silentLogger };
  await createRun(engine, RUN_ID, await definitionOf(engine, prepared));
  await executeRun(engine, { runId: RUN_ID, workspace: { kind: "folder", path: project.folder }, command: "dry run" });
  return sizes;
}

/** Without what would end it early: nobody is asked, and no limit is reached. */
async function definitionOf(
  { store }: Engine,
  { workflow, objective, objectiveFile, inputs, skip }: PreparedRun,
): Promise<ReturnType<typeof defineRun>> {
  const stages = workflow.stages.map((stage) => ({ ...stage, approval: false }));
  const text = await writeText(store.blobs, RUN_ID, objective.text);
  return defineRun({
    workflow: { ...workflow, stages },
    objective: { title: objective.title, path: objectiveFile, text },
    inputs,
    skip,
  });
}

interface KnownParts {
  readonly kind: PromptParts["kind"];
  readonly artifactsFolder: string;
  readonly objective: string;
}

function partsOf(
  task: TurnTask,
  { kind, artifactsFolder, objective }: KnownParts,
): Omit<PromptParts, "template" | "persona"> {
  const { stage, inputs, underReview, values, skipped, workspace, round } = task;
  const fileOf = (name: string): string => `${artifactsFolder}/${name}`;
  const files = task.owned.flatMap(({ name, stage: of }) => (name === null ? [] : [{ name, of }]));
  const reviewed = files.filter(({ of }) => of === underReview?.stage);
  return {
    kind,
    stage,
    round,
    objective,
    ...(task.objectiveTitle === undefined ? {} : { objectiveTitle: task.objectiveTitle }),
    values,
    workspace: workspace.path,
    artifactsFolder,
    required: stage.kind === "review" && stage.reviews === null && kind === "review" ? [] : stage.artifacts,
    revisable: [],
    inputs: inputs
      .filter((input) => input.stage !== underReview?.stage)
      .map(({ stage: of, name }) =>
        name === null ? { stage: of, name, output: NOTHING } : { stage: of, name, path: fileOf(name) },
      ),
    underReview:
      underReview === null
        ? null
        : {
            ...underReview,
            outputs: [NOTHING],
            artifacts: reviewed.map(({ name }) => ({ name, path: fileOf(name) })),
          },
    evidence: kind === "review" ? { changes: null, checks: [] } : null,
    feedback: [],
    skipped,
    before: null,
    setAside: [],
  };
}

function answersOf({ inputs, underReview }: TurnTask): readonly string[] {
  const stages = inputs.flatMap(({ stage, name }) => (name === null ? [stage] : []));
  return [...new Set([...stages, ...(underReview === null ? [] : [underReview.stage])])];
}

function doneAtOnce({ kind, stage, checks }: TurnTask): TurnResult {
  const artifacts = stage.artifacts.map((name) => ({ name, sha256: "", bytes: 0 }));
  return {
    status: "succeeded",
    output: { sha256: "", bytes: 0, text: "" },
    artifacts: kind === "check" ? [] : artifacts,
    ...(kind === "review" ? { verdict: { decision: "approved", reasons: [], source: "tool" } as const } : {}),
    ...(kind === "check"
      ? { checks: checks.map(() => ({ command: "", passed: true, exitCode: 0, durationMs: 0 })) }
      : {}),
    log: null,
    usage: null,
    session: null,
  };
}
