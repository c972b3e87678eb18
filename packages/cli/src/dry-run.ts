import { type CommandLine, type StageDefinition, sanitizeLine } from "@troupe/core";
import type { CommandContext } from "./command-context.js";
import { reportersOf } from "./compose-run.js";
import type { PreparedRun } from "./prepare-run.js";

/** What a run would do, without starting anything: order, agents, commands and plugins. */
export function renderDryRun(prepared: PreparedRun, context: CommandContext): string {
  const { settings, project } = context;
  const reporters = reportersOf(context).map(({ name }) => name);
  const { workflow, objective, source, agents, limits } = prepared;
  const lines = [
    `Objective: ${sanitizeLine(objective.title)} (${Buffer.byteLength(objective.text)} bytes, in every prompt of a stage that includes it)`,
    `Workflow: ${source}, ${workflow.stages.length} stages`,
    `Working folder: ${project.folder}`,
    `Store: ${settings.store?.name ?? "fs"}; executor: ${settings.executor?.name ?? "parallel"}; reporters: ${reporters.join(", ") || "none"}${limits.concurrency === null ? "" : `; at most ${limits.concurrency} turns at once`}`,
    "",
  ];
  let group: string | null = null;
  for (const stage of workflow.stages) {
    if (stage.group !== null && stage.group !== group) lines.push(`group ${stage.group} (at the same time)`);
    group = stage.group;
    lines.push(...stageLines(stage, prepared));
  }
  lines.push("", "Agents:");
  for (const { id, label, reference, model } of agents) {
    const options = JSON.stringify(reference.options ?? {});
    lines.push(
      `  ${id}: ${label}${model === null ? "" : `, model ${model}`} ${options === "{}" ? "" : options}`.trimEnd(),
    );
  }
  if (agents.length === 0) lines.push("  none");
  lines.push("", "Nothing was started.");
  return `${lines.join("\n")}\n`;
}

function stageLines(stage: StageDefinition, { skip, templates }: PreparedRun): readonly string[] {
  const edge = stage.group === null ? "" : "| ";
  const who = [...workersOf(stage), stage.reviewAgent === null ? null : `reviewed by ${stage.reviewAgent}`].filter(
    Boolean,
  );
  const after = stage.needs.length === 0 ? "" : ` after ${stage.needs.join(", ")}`;
  const state = skip.includes(stage.id) ? " (skipped)" : "";
  const lines = [`${edge}${stage.id}: ${stage.kind}${who.length > 0 ? `, ${who.join(", ")}` : ""}${after}${state}`];
  if (stage.run !== null) lines.push(`${edge}    runs   ${commandText(stage.run)}`);
  for (const check of stage.checks) lines.push(`${edge}    check  ${commandText(check)}`);
  const template = templates.find(({ path }) => path === stage.promptTemplate);
  if (template !== undefined)
    lines.push(`${edge}    prompt ${template.path} (${Buffer.byteLength(template.text)} bytes)`);
  if (stage.artifacts.length > 0) lines.push(`${edge}    leaves ${stage.artifacts.join(", ")}`);
  return lines;
}

function workersOf({ workAgent, parallelAgents, agentsAtOnce }: StageDefinition): readonly (string | null)[] {
  if (parallelAgents === undefined) return [workAgent];
  const how = agentsAtOnce === 1 ? "one after another" : "at the same time";
  return [`${parallelAgents.join(" and ")} ${how}`, workAgent === null ? null : `mended by ${workAgent}`];
}

function commandText(command: CommandLine): string {
  return sanitizeLine("shell" in command ? command.shell : JSON.stringify(command.argv));
}
