// A workflow with a group, edits of it, and what each of them means to a run that has finished some stages.
import { defineRun, defineWorkflow, type RunDefinition, type StageDraft, type WorkflowDraft } from "@troupe/core";
import { NO_LIMITS, textOf } from "./hand-run.js";

export interface Draft {
  readonly stages: readonly StageDraft[];
  readonly groups: NonNullable<WorkflowDraft["groups"]>;
  readonly objective: string;
  readonly template: string;
  readonly model: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly skip: readonly string[];
}

/** PLAN, then three at the same time (one of them reviewed in the group), then GATE, then END. */
export const FIRST: Draft = {
  stages: [
    { id: "PLAN", workAgent: "p", artifacts: ["plan.md"] },
    { id: "A", workAgent: "a", needs: ["PLAN"], promptTemplate: "a.md" },
    { id: "B", kind: "review", workAgent: "b", reviewAgent: "r", needs: ["PLAN"] },
    { id: "C", kind: "command", run: { argv: ["make"] }, needs: ["PLAN"], includeObjective: false },
    { id: "EXTRA", workAgent: "x", needs: ["A"], when: { input: "MODE", equals: "slow" }, includeObjective: false },
    { id: "GATE", workAgent: "g", needs: ["A", "B", "C"], includeObjective: false },
    { id: "END", kind: "terminal", needs: ["GATE", "EXTRA"] },
  ],
  groups: [{ name: "g", stages: ["A", "B", "C"] }],
  objective: "do it",
  template: "as A",
  model: "m",
  inputs: { MODE: "fast" },
  skip: [],
};

export function defined(draft: Draft): RunDefinition {
  return defineRun({
    workflow: defineWorkflow({
      name: "w",
      stages: draft.stages,
      groups: draft.groups,
      inputs: Object.keys(draft.inputs).map((name) => ({ name, description: "", default: null })),
    }),
    objective: { title: "Do it", path: null, text: textOf(draft.objective) },
    templates: [{ path: "a.md", text: textOf(draft.template) }],
    agents: [{ id: "a", plugin: "command", model: draft.model, persona: null }],
    inputs: draft.inputs,
    skip: draft.skip,
    limits: NO_LIMITS,
  });
}

export function edit(id: string, change: Partial<StageDraft>): Draft {
  return { ...FIRST, stages: FIRST.stages.map((stage) => (stage.id === id ? { ...stage, ...change } : stage)) };
}

function rename(from: string, to: string): Draft {
  const named = (id: string) => (id === from ? to : id);
  const stages = FIRST.stages.map((stage) => ({
    ...stage,
    id: named(stage.id),
    name: stage.id,
    needs: (stage.needs ?? []).map(named),
  }));
  return { ...FIRST, stages, groups: FIRST.groups.map((group) => ({ ...group, stages: group.stages.map(named) })) };
}

export interface EditCase {
  readonly name: string;
  readonly draft: Draft;
  /** The stages that run again in a run that has finished all but END, with `rerun`; in order. */
  readonly again: readonly string[];
}

const ALL = ["PLAN", "A", "B", "C", "GATE"];

export const EDIT_CASES: readonly EditCase[] = [
  { name: "nothing", draft: FIRST, again: [] },
  { name: "a description", draft: edit("B", { description: "more" }), again: ["B", "GATE"] },
  { name: "a description at the root", draft: edit("PLAN", { description: "more" }), again: ALL },
  { name: "exit criteria", draft: edit("A", { exitCriteria: ["done"] }), again: ["A", "GATE"] },
  { name: "artifacts", draft: edit("GATE", { artifacts: ["gate.md"] }), again: ["GATE"] },
  { name: "checks", draft: edit("B", { checks: [{ argv: ["test"] }] }), again: ["B", "GATE"] },
  { name: "a command", draft: edit("C", { run: { argv: ["make", "all"] } }), again: ["C", "GATE"] },
  { name: "a kind", draft: edit("B", { kind: "work", reviewAgent: null }), again: ["B", "GATE"] },
  { name: "a work agent", draft: edit("B", { workAgent: "other" }), again: ["B", "GATE"] },
  { name: "a model", draft: { ...FIRST, model: "larger" }, again: ["A", "GATE"] },
  { name: "a template", draft: { ...FIRST, template: "as B" }, again: ["A", "GATE"] },
  { name: "the objective", draft: { ...FIRST, objective: "do more" }, again: ["PLAN", "A", "B", "C", "GATE"] },
  { name: "an input", draft: { ...FIRST, inputs: { MODE: "other" } }, again: ALL },
  { name: "a new input", draft: { ...FIRST, inputs: { MODE: "fast", NEW: "1" } }, again: [] },
  { name: "a display name", draft: edit("A", { name: "The first" }), again: [] },
  {
    name: "timeouts, retries and rounds",
    draft: edit("B", {
      timeoutMs: 5,
      idleTimeoutMs: 5,
      maxRounds: 9,
      retry: { attempts: 1, delayMs: 1, backoff: 1, maxDelayMs: 1 },
    }),
    again: [],
  },
  {
    name: "what it writes and whether it may be skipped",
    draft: edit("A", { writes: "tree", optional: true }),
    again: [],
  },
  { name: "no group", draft: { ...FIRST, groups: [] }, again: [] },
  { name: "an order among the finished", draft: edit("C", { needs: ["A"], group: null }), again: [] },
  { name: "a pending stage", draft: edit("END", { description: "fin" }), again: [] },
  {
    name: "a new stage at the end",
    draft: { ...FIRST, stages: [...FIRST.stages, { id: "NEW", workAgent: "n", needs: ["END"] }] },
    again: [],
  },
  {
    name: "a new stage before finished ones",
    draft: {
      ...edit("B", { needs: ["PLAN", "NEW"] }),
      stages: [...edit("B", { needs: ["PLAN", "NEW"] }).stages, { id: "NEW", workAgent: "n", needs: [] }],
      groups: [],
    },
    again: ["B", "GATE"],
  },
  {
    name: "a condition that still does not hold",
    draft: edit("EXTRA", { when: { input: "MODE", equals: "slower" } }),
    again: [],
  },
  {
    name: "a condition that holds now",
    draft: edit("EXTRA", { when: { input: "MODE", equals: "fast" } }),
    again: ["EXTRA"],
  },
  { name: "another id", draft: rename("A", "AB"), again: ["GATE"] },
];
