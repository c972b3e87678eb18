import { type AdoptedStage, type ArtifactRef, type BlobStore, type Workflow, writeText } from "@troupe/core";
import { type FoundArtifact, keepArtifact } from "./collect-artifacts.js";
import type { StageJudgement } from "./judge-stages.js";

/** What failed acceptance tests are called in the prompt of the next attempt. */
const TEAMBOT_TESTS = "TeamBot's acceptance tests";
const NO_OUTPUT = "TeamBot recorded no output of this stage; its files are all it left.\n";

interface AdoptionParts {
  readonly blobs: BlobStore;
  readonly runId: string;
  readonly workflow: Workflow;
  readonly found: readonly FoundArtifact[];
}

/** The stages that stand or have failed, with their texts and files in the store. */
export async function adoptStages(
  parts: AdoptionParts,
  judgements: ReadonlyMap<string, StageJudgement>,
): Promise<readonly AdoptedStage[]> {
  const adopted: AdoptedStage[] = [];
  for (const [stage, judgement] of judgements) {
    const one = await adoptStage(parts, stage, judgement);
    if (one !== null) adopted.push(one);
  }
  return adopted;
}

async function adoptStage(
  parts: AdoptionParts,
  stage: string,
  judgement: StageJudgement,
): Promise<AdoptedStage | null> {
  const { blobs, runId, workflow } = parts;
  if (judgement.action === "run") return null;
  if (judgement.action === "skip") return { stage, status: "skipped" };
  const { output } = judgement;
  if (judgement.action === "fail") {
    const error = { code: "TURN_FAILED", message: `TeamBot: ${judgement.error}`, hint: null } as const;
    const text = output === null ? null : await writeText(blobs, runId, output);
    return { stage, status: "failed", error, feedback: text === null ? null : { command: TEAMBOT_TESTS, text } };
  }
  const isTerminal = workflow.stages.find(({ id }) => id === stage)?.kind === "terminal";
  return {
    stage,
    status: "completed",
    output: isTerminal ? null : await writeText(blobs, runId, output ?? NO_OUTPUT),
    artifacts: await keepArtifacts(parts, stage, output),
    verdict: judgement.verdict,
  };
}

/** The declared files; the output stands in for one that TeamBot, which enforced none, did not leave. */
async function keepArtifacts(
  { blobs, runId, workflow, found }: AdoptionParts,
  stage: string,
  output: string | null,
): Promise<readonly ArtifactRef[]> {
  const kept: ArtifactRef[] = [];
  for (const name of workflow.stages.find(({ id }) => id === stage)?.artifacts ?? []) {
    const file = found.find((one) => one.stage === stage && one.name === name);
    if (file !== undefined) kept.push(await keepArtifact(blobs, runId, file));
    else if (output !== null) kept.push({ name, ...(await blobs.put(runId, Buffer.from(output, "utf8"))) });
  }
  return kept;
}

/** Files that a kept stage declares and TeamBot did not leave. */
export function missingArtifacts(
  { stages }: Workflow,
  judgements: ReadonlyMap<string, StageJudgement>,
  found: readonly FoundArtifact[],
): readonly { readonly stage: string; readonly name: string }[] {
  return stages
    .filter(({ id }) => judgements.get(id)?.action === "keep")
    .flatMap(({ id, artifacts }) => artifacts.map((name) => ({ stage: id, name })))
    .filter(({ stage, name }) => !found.some((one) => one.stage === stage && one.name === name));
}
