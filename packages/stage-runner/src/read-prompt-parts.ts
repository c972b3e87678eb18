import { type ConfiguredAgent, type PromptParts, readText, type TurnInput } from "@troupe/core";
import { recordedArtifacts } from "./declared-artifacts.js";
import { describeChanges } from "./evidence.js";
import { readPromptText } from "./long-text.js";
import type { PreparedArtifacts } from "./prepare-artifacts.js";
import type { TurnScope } from "./turn-scope.js";

/** Of one text in a prompt, in bytes; the rest stays in a file that the prompt names. */
const MAX_INPUT_BYTES = 4 * 1024;
const MAX_WORK_BYTES = 8 * 1024;
const MAX_FEEDBACK_BYTES = 16 * 1024;

/** Reads all that the prompt of a work, review or fix turn is made of. Rejects `BLOB_MISSING`, `BLOB_CORRUPT`. */
export async function readPromptParts(
  scope: TurnScope,
  kind: PromptParts["kind"],
  agent: ConfiguredAgent,
  prepared: PreparedArtifacts,
): Promise<PromptParts> {
  const { task, host, folders } = scope;
  const underReview = await readUnderReview(scope, prepared);
  const feedback = task.feedback.map(async ({ source, round, text }) => {
    return { source, round, text: await readPromptText(scope, text, MAX_FEEDBACK_BYTES) };
  });
  return {
    kind,
    stage: task.stage,
    round: task.round,
    template: task.template === null ? null : await readText(host.blobs, task.runId, task.template),
    objective: await readText(host.blobs, task.runId, task.objective),
    ...(task.objectiveTitle === undefined ? {} : { objectiveTitle: task.objectiveTitle }),
    persona: agent.persona,
    values: task.values,
    workspace: task.workspace.path,
    artifactsFolder: folders.latest,
    ...artifactNames(scope, kind),
    inputs: await readInputs(scope, prepared),
    underReview,
    evidence: kind === "review" ? await readEvidence(scope, underReview) : null,
    feedback: await Promise.all(feedback),
    skipped: task.skipped,
    before: task.before,
    setAside: prepared.setAside,
    ...(await readPart(scope)),
  };
}

/** Of a work turn that is one of several agents' part. */
async function readPart(scope: TurnScope): Promise<Pick<PromptParts, "part">> {
  const { agent, others, stage } = scope.task;
  const { parallelAgents: agents, agentsAtOnce } = stage;
  if (agent === null || others === undefined || agents === undefined) return {};
  const read = others.map(async (other) => {
    return { agent: other.agent ?? "", output: await readPromptText(scope, other.output, MAX_INPUT_BYTES) };
  });
  return { part: { agent, agents, atOnce: agentsAtOnce ?? agents.length, others: await Promise.all(read) } };
}

/** What must be left, and of what a new version may be left. */
function artifactNames({ task }: TurnScope, kind: PromptParts["kind"]): Pick<PromptParts, "required" | "revisable"> {
  const { artifacts, kind: stageKind, reviews } = task.stage;
  if (stageKind !== "review") return { required: artifacts, revisable: [] };
  // Without a mapped stage the work is this stage's own; with one, its artifacts are the reviewer's report.
  if (reviews === null) return { required: kind === "review" ? [] : artifacts, revisable: [] };
  if (kind === "review") return { required: artifacts, revisable: [] };
  const revisable = task.owned.flatMap(({ name }) => (name === null || artifacts.includes(name) ? [] : [name]));
  return { required: [], revisable };
}

async function readInputs(scope: TurnScope, { paths }: PreparedArtifacts): Promise<PromptParts["inputs"]> {
  const { task } = scope;
  const others = task.inputs.filter(({ stage }) => stage !== task.underReview?.stage);
  return Promise.all(
    others.map(async ({ stage, name, agent, ...ref }) => {
      const path = name === null ? undefined : paths.get(name);
      if (name !== null && path !== undefined) return { stage, name, path };
      const output = await readPromptText(scope, ref, MAX_INPUT_BYTES);
      return { stage, name: null, output, ...(agent === undefined ? {} : { agent }) };
    }),
  );
}

type UnderReview = PromptParts["underReview"] & { readonly files: readonly (TurnInput & { readonly name: string })[] };

async function readUnderReview(scope: TurnScope, { paths }: PreparedArtifacts): Promise<UnderReview | null> {
  const work = scope.task.underReview;
  if (work === null) return null;
  const files = [...recordedArtifacts(scope.task).values()].filter(({ stage }) => stage === work.stage);
  const artifacts = files.flatMap(({ name }) => {
    const path = paths.get(name);
    return path === undefined ? [] : [{ name, path }];
  });
  const outputs: NonNullable<PromptParts["underReview"]>["outputs"][number][] = [];
  for (const { output, agent } of work.turns) {
    const text = await readPromptText(scope, output, MAX_WORK_BYTES);
    outputs.push(agent === undefined ? text : { ...text, agent });
  }
  return { stage: work.stage, name: work.name, outputs, artifacts, files };
}

async function readEvidence(scope: TurnScope, underReview: UnderReview | null): Promise<PromptParts["evidence"]> {
  return { changes: await describeChanges(scope, underReview?.files ?? []), checks: scope.task.lastChecks };
}
