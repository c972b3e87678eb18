import {
  createRun,
  defineRun,
  type Engine,
  type ExecuteOptions,
  executeRun,
  hasCode,
  newRunId,
  type RunDefinition,
  type RunResult,
  type TemplateRef,
  writeText,
} from "@troupe/core";
import type { CommandContext } from "../command-context.js";
import { compose } from "../compose.js";
import { describeAgent } from "../plugins/agent-bindings.js";
import { refuseUnfitAgents } from "../plugins/agent-health.js";
import { printJson } from "../print/print-json.js";
import { showCount } from "../print/show-count.js";
import { refuseUnusableSecrets } from "../project/secrets.js";
import { beginRecording } from "../record/begin-recording.js";
import { admitToTree, refuseBusyTree, type TreeWriter } from "../run/busy-tree.js";
import { requestFor } from "../run/compose-run.js";
import { renderDryRun, reportDryRun } from "../run/dry-run.js";
import { earlierDurations } from "../run/earlier-durations.js";
import { refuseUnfinished } from "../run/other-runs.js";
import { performRun } from "../run/perform-run.js";
import { type PreparedRun, prepareRun, type RunOptions } from "../run/prepare-run.js";
import { measurePrompts } from "../run/prompt-sizes.js";

/** Performs the workflow on an objective. */
export async function runCommand(
  context: CommandContext,
  objective: string | undefined,
  options: RunOptions,
): Promise<number> {
  const prepared = await prepareRun(context, objective, options);
  refuseUnusableSecrets(context.settings.secrets, context.note);
  if (options.dryRun === true) {
    const sizes = await measurePrompts(prepared, context.project);
    const dryRun = { prepared, sizes, until: options.until ?? null };
    if (context.options.json === true) printJson(context, "dry-run", reportDryRun(dryRun, context));
    else context.print(renderDryRun(dryRun, context));
    return 0;
  }
  const { record: cassette } = options;
  const recording = cassette === undefined ? null : await beginRecording(context, prepared.workflow, cassette);
  const recorder = recording === null ? {} : { recorder: recording.recorder };
  const request = { ...(await requestFor(context, prepared.agents, prepared.limits)), ...recorder };
  await using composition = await compose(context.host, context.project, request);
  const { engine, agents } = composition;
  await refuseUnfitAgents(agents, context.host.clock);
  if (options.new !== true) await refuseUnfinished(context, engine.store, prepared);
  const tree = { store: engine.store, clock: engine.clock, folder: context.project.folder };
  await refuseBusyTree({ ...tree, definition: prepared }); // before anything is written
  const runId = newRunId(engine, prepared.objective.feature);
  const definition = await record(engine, runId, prepared);
  context.note(`${firstLine(prepared)}\nRun ${runId}; from another terminal: troupe watch ${runId}\n`);
  await createRun(engine, runId, definition);
  try {
    return await performRun(context, composition, "run", (asking, execution) =>
      executeFirst(asking, { runId, ...execution, changes: untilOf(options) }, { ...tree, definition }),
    );
  } finally {
    await recording?.end();
  }
}

function untilOf({ until }: RunOptions): NonNullable<ExecuteOptions["changes"]> {
  return until === undefined ? {} : { until };
}

/** One that another run was faster than leaves nothing behind: nothing of it was started. */
async function executeFirst(engine: Engine, options: ExecuteOptions, tree: TreeWriter): Promise<RunResult> {
  const { runId, stop } = options;
  const admit = admitToTree({ ...tree, stop }, runId);
  try {
    return await executeRun(engine, { ...options, admit });
  } catch (error) {
    if (hasCode(error, "TREE_BUSY")) await engine.store.remove(runId);
    throw error;
  }
}

/** Which workflow, and what decides acceptance: nobody should learn it afterwards. */
function firstLine({ source, workflow, checks }: PreparedRun): string {
  const from = source === "built-in" ? "the built-in workflow" : `workflow ${source}`;
  const decided = checks.map(({ stage, source: where }) => `; ${stage} is decided by ${where}`).join("");
  return `Performing ${from} (${showCount(workflow.stages.length, "stage")})${decided}`;
}

/** The definition as it is recorded; large texts are in the store when it resolves. */
async function record({ store }: Engine, runId: string, prepared: PreparedRun): Promise<RunDefinition> {
  const { workflow, source, workflowFile, inputs, skip, limits, flags } = prepared;
  const templates: TemplateRef[] = [];
  for (const { path, text } of prepared.templates) {
    templates.push({ path, text: await writeText(store.blobs, runId, text) });
  }
  const text = await writeText(store.blobs, runId, prepared.objective.text);
  const objective = { title: prepared.objective.title, path: prepared.objectiveFile, text };
  const agents = prepared.agents.map(describeAgent);
  const file = workflowFile === null ? {} : { workflowFile };
  const expected = await earlierDurations(store, workflow);
  const draft = { workflow, source, ...file, objective, templates, agents, inputs, skip, limits, flags };
  return defineRun({ ...draft, ...(expected === null ? {} : { expectedMs: expected }) });
}
