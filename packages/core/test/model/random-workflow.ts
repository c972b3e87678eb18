import {
  type Condition,
  defineWorkflow,
  type GroupDefinition,
  type StageDefinition,
  type StageDraft,
  type Workflow,
} from "../../src/index.js";
import type { StageId } from "../../src/model/ids.js";
import { RUN_FORMAT, type RunDefinition, type RunLimits } from "../../src/model/run.js";
import type { Tape } from "./tape.js";

// dots within ids: the last one of a turn id counts
const IDS: readonly StageId[] = ["A", "A.1", "A.1.1", "B", "B.2", "C", "D", "E", "F", "G", "H", "I"];

interface Draft {
  readonly stages: StageDraft[];
  readonly groups: (Pick<GroupDefinition, "name" | "stages"> & Partial<GroupDefinition>)[];
  /** What the next stage of the order needs. */
  previous: readonly StageId[];
}

/** Up to 12 stages in any shape that a workflow may have. */
function randomWorkflow(tape: Tape): Workflow {
  const draft: Draft = { stages: [], groups: [], previous: [] };
  const size = 1 + tape.below(IDS.length);
  while (draft.stages.length < size) {
    const left = size - draft.stages.length;
    const shape = tape.below(4);
    if (shape === 1 && left > 1) addGroup(tape, draft, Math.min(left, 2 + tape.below(3)));
    else if (shape === 2) addFree(tape, draft);
    else draft.previous = [addStage(tape, draft, draft.previous)];
  }
  return defineWorkflow({ name: "random", ...draft, inputs: [{ name: "mode", description: "", default: "a" }] });
}

function addGroup(tape: Tape, draft: Draft, size: number): void {
  const needs = draft.previous;
  const stages = Array.from({ length: size }, () => addStage(tape, draft, needs));
  draft.groups.push({
    name: `group-${draft.groups.length}`,
    stages,
    maxConcurrent: tape.pick(null, 1, 2),
    onFailure: tape.pick("continue", "fail_fast"),
  });
  draft.previous = stages;
}

/** Needs any earlier stages; diamonds come from here. */
function addFree(tape: Tape, draft: Draft): void {
  const earlier = draft.stages.map(({ id }) => id);
  const id = addStage(tape, draft, tape.some(earlier, 40));
  draft.previous = [...draft.previous, id];
}

function addStage(tape: Tape, draft: Draft, needs: readonly StageId[]): StageId {
  const id = IDS[draft.stages.length] ?? "A";
  const upstream = upstreamOf(draft.stages, needs);
  const { kind, reviews } = randomKind(tape, upstream);
  const hasAgent = kind === "work" || kind === "review" || kind === "acceptance";
  const isChecked = kind === "acceptance" || (kind !== "terminal" && tape.chance(35));
  const approval = kind !== "terminal" && tape.chance(15);
  const several = hasAgent && reviews === null && tape.chance(25) ? randomAgents(tape) : {};
  const needsMender = kind !== "work" || isChecked || approval || several.parallelAgents === undefined;
  const acceptance = upstream.filter((stage) => stage.kind === "acceptance").map((stage) => stage.id);
  draft.stages.push({
    id,
    kind,
    needs,
    reviews,
    ...several,
    workAgent: hasAgent && (needsMender || tape.chance(50)) ? "worker" : null,
    reviewAgent: kind === "review" ? tape.pick("reviewer", "worker") : null,
    run: kind === "command" ? { argv: ["build"] } : null,
    checks: isChecked ? [{ argv: ["check", id] }] : [],
    artifacts: kind === "terminal" ? [] : [`${id}-plan.md`, `${id}-notes.md`].slice(0, tape.below(3)),
    optional: tape.chance(20),
    approval,
    maxRounds: 1 + tape.below(4),
    retry: {
      attempts: 1 + tape.below(3),
      delayMs: tape.pick(0, 100, 30_000),
      backoff: tape.pick(1, 2),
      maxDelayMs: 60_000,
    },
    requiresAcceptance: tape.chance(30) ? acceptance : [],
    ...(tape.chance(20) ? { when: randomCondition(tape, upstream, 2) } : {}),
  });
  return id;
}

/** One to three agents for the work of one stage, one of them perhaps its mender too. */
function randomAgents(tape: Tape): Pick<StageDefinition, "parallelAgents" | "agentsAtOnce"> {
  const agents = ["ann", tape.pick("bob", "worker"), "cid"].slice(0, 1 + tape.below(3));
  const agentsAtOnce = tape.pick(null, 1, 2);
  return { parallelAgents: agents, ...(agentsAtOnce === null ? {} : { agentsAtOnce }) };
}

function randomCondition(tape: Tape, upstream: readonly StageDraft[], depth: number): Condition {
  const shape = tape.below(depth > 0 ? 5 : 2);
  const further = () => randomCondition(tape, upstream, depth - 1);
  const stage = upstream[tape.below(upstream.length || 1)];
  if (shape === 1 && stage !== undefined) return { stage: stage.id, is: tape.pick("completed", "skipped") };
  if (shape === 2) return { not: further() };
  if (shape === 3) return { all: [further(), further()] };
  if (shape === 4) return { any: [further(), further()] };
  return { input: "mode", equals: tape.pick("a", "b") };
}

function randomKind(
  tape: Tape,
  upstream: readonly StageDraft[],
): { readonly kind: StageDefinition["kind"]; readonly reviews: StageId | null } {
  const kind = tape.pick("work", "review", "acceptance", "command", "terminal", "review", "work");
  const judged = upstream.filter((stage) => stage.kind === "work" || stage.kind === "acceptance");
  const reviews = kind === "review" && tape.chance(70) ? (judged[tape.below(judged.length || 1)]?.id ?? null) : null;
  return { kind, reviews };
}

function upstreamOf<Stage extends StageDraft>(stages: readonly Stage[], needs: readonly StageId[]): Stage[] {
  const found = new Set(needs);
  for (const id of found) for (const need of stages.find((stage) => stage.id === id)?.needs ?? []) found.add(need);
  return stages.filter((stage) => found.has(stage.id));
}

export const NO_LIMITS: RunLimits = { durationMs: null, costUsd: null, tokens: null, waitMs: null, concurrency: null };

export function randomDefinition(tape: Tape): RunDefinition {
  const workflow = randomWorkflow(tape);
  const optional = workflow.stages.filter((stage) => stage.optional).map((stage) => stage.id);
  const limits: RunLimits = {
    durationMs: tape.chance(15) ? 20_000 : null,
    costUsd: tape.chance(10) ? 5 : null,
    tokens: tape.chance(10) ? 500 : null,
    waitMs: tape.pick(null, 50_000),
    concurrency: tape.pick(null, 1, 2, 3),
  };
  const text = { sha256: "objective", bytes: 2, text: "do" };
  return {
    format: RUN_FORMAT,
    workflow,
    source: "random",
    objective: { title: "do", path: null, text },
    templates: [],
    agents: [],
    inputs: { mode: "a" },
    skip: tape.some(optional, 50),
    limits,
    flags: { skip: [], limits: {}, inputs: {}, checks: [], agents: {}, shareTree: false },
    fingerprints: Object.fromEntries(workflow.stages.map(({ id }) => [id, `shape of ${id}`])),
  };
}
