import { type CommandLine, type StageDefinition, sanitizeLine } from "@troupe/core";
import type { CommandContext } from "../command-context.js";
import { describeHooks } from "../plugins/notify-hooks.js";
import { showBytes } from "../print/show-bytes.js";
import { showCount } from "../print/show-count.js";
import { reportersOf } from "./compose-run.js";
import type { PreparedRun } from "./prepare-run.js";
import type { PromptSize } from "./prompt-sizes.js";
import { stagesBeside } from "./stages-beside.js";

/** A run that is not started. */
export interface DryRun {
  readonly prepared: PreparedRun;
  readonly sizes: readonly PromptSize[];
  /** The stage after which it would stop; null = none. */
  readonly until: string | null;
}

/** What a run would do, without starting anything: order, agents, commands, plugins and sizes of prompts. */
export function renderDryRun({ prepared, sizes, until }: DryRun, context: CommandContext): string {
  const { settings, project } = context;
  const reporters = reportersOf(context).map(({ name }) => name);
  const { workflow, objective, source, agents, limits } = prepared;
  const lines = [
    `Objective: ${sanitizeLine(objective.title)} (${showBytes(Buffer.byteLength(objective.text))}, in every prompt of a stage that includes it)`,
    `Workflow: ${source}, ${showCount(workflow.stages.length, "stage")}`,
    `Working folder: ${project.folder}`,
    `Store: ${settings.store?.name ?? "fs"}; executor: ${settings.executor?.name ?? "parallel"}; reporters: ${reporters.join(", ") || "none"}${limits.concurrency === null ? "" : `; at most ${limits.concurrency} turns at once`}`,
    "",
  ];
  const left = until === null ? [] : stagesBeside(workflow, until);
  let group: string | null = null;
  for (const stage of workflow.stages) {
    if (stage.group !== null && stage.group !== group) lines.push(`group ${stage.group} (at the same time)`);
    group = stage.group;
    lines.push(...stageLines(stage, { prepared, sizes, left }));
  }
  const counted = sizes.filter(({ stage }) => !left.includes(stage));
  const total = counted.reduce((sum, { bytes }) => sum + bytes, 0);
  if (counted.length > 0)
    lines.push("", `Prompts: ${counted.length} first turns, ${showBytes(total)} together, without what stages answer`);
  lines.push("", "Agents:");
  for (const { id, label, reference, model } of agents) {
    const options = JSON.stringify(reference.options ?? {});
    lines.push(
      `  ${id}: ${label}${model === null ? "" : `, model ${model}`} ${options === "{}" ? "" : options}`.trimEnd(),
    );
  }
  if (agents.length === 0) lines.push("  none");
  if (settings.notify.length > 0)
    lines.push("", "Would notify:", ...describeHooks(settings.notify).map((hook) => `  ${sanitizeLine(hook)}`));
  lines.push("", "Nothing was started.");
  return `${lines.join("\n")}\n`;
}

/** The same for scripts. */
export interface DryRunReport {
  readonly version: 1;
  readonly objective: { readonly title: string; readonly bytes: number };
  readonly source: string;
  readonly folder: string;
  readonly plugins: { readonly store: string; readonly executor: string; readonly reporters: readonly string[] };
  readonly agents: readonly { readonly id: string; readonly plugin: string; readonly model: string | null }[];
  /** In the order of the workflow. `left`: not needed for the stage that it would stop after. */
  readonly stages: readonly (StageDefinition & { readonly action: "run" | "skip" | "left" })[];
  /** Who would be told, and of what. */
  readonly notify: readonly { readonly kind: string; readonly events: readonly string[] }[];
  /** Of the first turn of each sort. */
  readonly prompts: readonly PromptSize[];
}

export function reportDryRun({ prepared, sizes, until }: DryRun, context: CommandContext): DryRunReport {
  const { settings, project } = context;
  const { workflow, objective, source, agents, skip } = prepared;
  const left = until === null ? [] : stagesBeside(workflow, until);
  return {
    version: 1,
    objective: { title: objective.title, bytes: Buffer.byteLength(objective.text) },
    source,
    folder: project.folder,
    plugins: {
      store: settings.store?.name ?? "fs",
      executor: settings.executor?.name ?? "parallel",
      reporters: reportersOf(context).map(({ name }) => name),
    },
    agents: agents.map(({ id, label, model }) => ({ id, plugin: label, model })),
    stages: workflow.stages.map((stage) => ({
      ...stage,
      action: skip.includes(stage.id) ? "skip" : left.includes(stage.id) ? "left" : "run",
    })),
    notify: settings.notify.map(({ kind, events }) => ({ kind, events })),
    prompts: sizes.filter(({ stage }) => !left.includes(stage)),
  };
}

interface ShownRun {
  readonly prepared: PreparedRun;
  readonly sizes: readonly PromptSize[];
  /** Stages that it would leave for another time. */
  readonly left: readonly string[];
}

function stageLines(stage: StageDefinition, { prepared, sizes, left }: ShownRun): readonly string[] {
  const { skip, templates } = prepared;
  const edge = stage.group === null ? "" : "| ";
  const who = [...workersOf(stage), stage.reviewAgent === null ? null : `reviewed by ${stage.reviewAgent}`].filter(
    Boolean,
  );
  const after = stage.needs.length === 0 ? "" : ` after ${stage.needs.join(", ")}`;
  const state = skip.includes(stage.id) ? " (skipped)" : left.includes(stage.id) ? " (not needed: left)" : "";
  const lines = [`${edge}${stage.id}: ${stage.kind}${who.length > 0 ? `, ${who.join(", ")}` : ""}${after}${state}`];
  if (stage.run !== null) lines.push(`${edge}    runs   ${commandText(stage.run)}`);
  for (const check of stage.checks) lines.push(`${edge}    check  ${commandText(check)}`);
  const template = templates.find(({ path }) => path === stage.promptTemplate);
  if (template !== undefined)
    lines.push(`${edge}    template ${template.path} (${showBytes(Buffer.byteLength(template.text))})`);
  if (!left.includes(stage.id))
    lines.push(...sizes.filter((size) => size.stage === stage.id).map((size) => `${edge}    ${promptText(size)}`));
  if (stage.approval) lines.push(`${edge}    waits  until a person approves its result`);
  if (stage.artifacts.length > 0) lines.push(`${edge}    leaves ${stage.artifacts.join(", ")}`);
  return lines;
}

function promptText({ kind, agent, bytes, answersOf }: PromptSize): string {
  const more = answersOf.length === 0 ? "" : `, and what ${answersOf.join(", ")} will have answered`;
  return `prompt ${kind} of ${agent}: ${showBytes(bytes)}${more}`;
}

function workersOf({ workAgent, parallelAgents, agentsAtOnce }: StageDefinition): readonly (string | null)[] {
  if (parallelAgents === undefined) return [workAgent];
  const how = agentsAtOnce === 1 ? "one after another" : "at the same time";
  return [`${parallelAgents.join(" and ")} ${how}`, workAgent === null ? null : `mended by ${workAgent}`];
}

function commandText(command: CommandLine): string {
  return sanitizeLine("shell" in command ? command.shell : JSON.stringify(command.argv));
}
