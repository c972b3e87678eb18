import { readFile } from "node:fs/promises";
import type { StageDefinition, Workflow } from "@troupe/core";
import { expect } from "vitest";
import { formatDiagnostics } from "../src/format-diagnostic.js";
import { parseWorkflow } from "../src/parse-workflow.js";

/** The workflow of a text without mistakes. */
export function parse(text: string): Workflow {
  const { workflow, diagnostics } = parseWorkflow(text, "flow/stages.yaml");
  if (workflow === null) throw new Error(formatDiagnostics(diagnostics, new Map([["flow/stages.yaml", text]])));
  return workflow;
}

export function stageOf(workflow: Workflow, id: string): StageDefinition {
  const stage = workflow.stages.find((one) => one.id === id);
  if (stage === undefined) throw new Error(`no stage ${id}`);
  return stage;
}

/** The text of a file in `fixtures`. */
export async function fixture(name: string): Promise<string> {
  return readFile(new URL(`./fixtures/${name}`, import.meta.url), "utf8");
}

/** One line per stage: what the engine goes by. */
export function outline(workflow: Workflow): string {
  return workflow.stages
    .map((stage) =>
      [stage.id, stage.kind, stage.workAgent, stage.reviewAgent, stage.reviews, stage.needs.join("+"), stage.writes]
        .map((part) => part || "-")
        .join(" "),
    )
    .join("\n");
}

/** The whole output for a file with mistakes. */
export function diagnose(text: string): string {
  const { workflow, diagnostics } = parseWorkflow(text, "stages.yaml");
  expect(workflow === null).toBe(diagnostics.some((diagnostic) => diagnostic.severity === "error"));
  return formatDiagnostics(diagnostics, new Map([["stages.yaml", text]]));
}
