import { expect, test } from "vitest";
import { defineWorkflow, type StageDraft } from "./define.js";
import { eachBehind } from "./edges.js";
import type { Workflow } from "./workflow.js";
import { stagesInOrder, type WorkflowGraph, waitsFor, workflowGraph } from "./workflow-graph.js";

function work(id: string, ...needs: readonly string[]): StageDraft {
  return { id, workAgent: "ada", needs };
}

function graphOf(workflow: Workflow): WorkflowGraph {
  const ids = workflow.stages.map(({ id }) => id);
  return workflowGraph(workflow, (id) => (ids.includes(id) ? ids.indexOf(id) : undefined));
}

/** By name: who waits for a stage, and where its artifacts come from. */
function namesIn(workflow: Workflow): Readonly<Record<string, { dependents: string[]; sources: string[] }>> {
  const { dependents, sources } = graphOf(workflow);
  const nameOf = (position: number): string => workflow.stages[position]?.id ?? "";
  const named = workflow.stages.map(({ id }, position) => {
    const behind: string[] = [];
    eachBehind(dependents, position, (target) => behind.push(nameOf(target)));
    return [id, { dependents: behind, sources: (sources[position] ?? []).map(nameOf) }] as const;
  });
  return Object.fromEntries(named);
}

test("the graph answers who waits for whom and where artifacts come from", () => {
  const file = (id: string, ...needs: readonly string[]) => ({ ...work(id, ...needs), artifacts: [`${id}.md`] });
  const workflow = defineWorkflow({
    name: "w",
    stages: [
      { ...work("F", "E"), requiresAcceptance: ["B"] },
      file("A"),
      work("B", "A"),
      work("C", "B"),
      file("D", "B"),
      work("E", "C", "D"),
    ],
    groups: [{ name: "g", stages: ["C", "D"] }],
  });
  expect(namesIn(workflow)).toEqual({
    A: { dependents: ["B"], sources: [] },
    B: { dependents: ["F", "C", "D"], sources: ["A"] },
    C: { dependents: ["E"], sources: ["A"] },
    D: { dependents: ["E"], sources: ["A"] },
    E: { dependents: ["F"], sources: ["A", "D"] },
    F: { dependents: [], sources: ["A", "D"] },
  });
  expect([...graphOf(workflow).groups.keys()]).toEqual(["g"]);
  expect(workflow.stages.map(waitsFor)[0]).toEqual(["E", "B"]);
});

test("stages behind the same artifacts share one list of them", () => {
  const workflow = defineWorkflow({
    name: "w",
    stages: [{ ...work("A"), artifacts: ["a.md"] }, work("B", "A"), work("C", "B"), work("D", "C")],
  });
  const [, first, ...others] = graphOf(workflow).sources;
  expect(first).toEqual([0]);
  expect(others.map((list) => list === first)).toEqual([true, true]);
});

test("a stage that needs one that does not exist has what the others leave", () => {
  const workflow = defineWorkflow({
    name: "w",
    stages: [{ ...work("A"), artifacts: ["a.md"] }, work("B", "A", "GONE")],
  });
  expect(namesIn(workflow).B).toEqual({ dependents: [], sources: ["A"] });
});

test("names of stages that do not exist are passed over, and what is in a circle has no place in the order", () => {
  const { stages } = defineWorkflow({
    name: "w",
    stages: [work("A", "GONE"), work("B", "C"), work("C", "B"), work("D", "A"), work("E", "C")],
  });
  const ids = stages.map(({ id }) => id);
  expect(stagesInOrder(stages, (id) => (ids.includes(id) ? ids.indexOf(id) : undefined), waitsFor)).toEqual([0, 3]);
});
