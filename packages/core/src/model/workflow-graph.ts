import { namedIn } from "./condition.js";
import { type Edges, eachBehind, edgesOf } from "./edges.js";
import type { GroupName, StageId } from "./ids.js";
import { type ExpectedDurations, longestFirst } from "./longest-first.js";
import { itemAt } from "./look-up.js";
import type { GroupDefinition, StageDefinition, Workflow } from "./workflow.js";

/**
 * What is looked up about a workflow again and again, computed once. Stages are named by their position in the declared
 * order, from 0: a run of 100,000 stages would hold as many lists of names.
 */
export interface WorkflowGraph {
  readonly groups: ReadonlyMap<GroupName, GroupDefinition>;
  /** Stages that wait for this one, in the order in which they go. */
  readonly dependents: Edges;
  /** The nearest stages upstream that declare artifacts, in declared order; following it reaches all of them. */
  readonly sources: readonly (readonly number[])[];
}

/** The position of a stage in the declared order, from 0; undefined = the workflow has no such stage. */
export type PositionOf = (id: StageId) => number | undefined;

const NOTHING: readonly number[] = [];

/** The index of a workflow that has no problems. */
export function workflowGraph(
  { stages, groups }: Workflow,
  positionOf: PositionOf,
  expectedMs?: ExpectedDurations,
): WorkflowGraph {
  const inTurn = longestFirst(stages, ({ id }) => id, expectedMs);
  const dependents = dependentsIn(inTurn, positionOf, waitsFor);
  return {
    groups: new Map(groups.map((group) => [group.name, group])),
    dependents,
    sources: sourcesOf(stages, dependents, positionOf),
  };
}

/**
 * What must be completed or skipped before a stage starts: its needs, the acceptance stages that it demands, and the
 * stages that its condition names (upstream of it anyway, but one of them may run again while a need is kept).
 */
export function waitsFor({ needs, requiresAcceptance, when }: StageDefinition): readonly StageId[] {
  if (requiresAcceptance.length === 0 && when === undefined) return needs;
  return [...new Set([...needs, ...requiresAcceptance, ...namedIn(when).stages])];
}

/** Positions so that each comes after what `before` names; without those that are in a circle, or behind one. */
export function stagesInOrder(
  stages: readonly StageDefinition[],
  positionOf: PositionOf,
  before: (stage: StageDefinition) => readonly StageId[],
): readonly number[] {
  return inOrder(dependentsIn(stages, positionOf, before), stages.length);
}

/** Kahn's algorithm (https://doi.org/10.1145/368996.369025): what cannot be put in order is or follows a circle. */
function inOrder(dependents: Edges, count: number): readonly number[] {
  const left = new Uint32Array(count);
  for (const position of dependents.targets) left[position] = itemAt(left, position) + 1;
  const order: number[] = [];
  for (const [position, needed] of left.entries()) if (needed === 0) order.push(position);
  for (const position of order) {
    eachBehind(dependents, position, (next) => {
      const needed = itemAt(left, next) - 1;
      left[next] = needed;
      if (needed === 0) order.push(next);
    });
  }
  return order;
}

/** Names of stages that do not exist are passed over. */
function dependentsIn(
  stages: readonly StageDefinition[],
  positionOf: PositionOf,
  before: (stage: StageDefinition) => readonly StageId[],
): Edges {
  const ends: number[] = [];
  for (const stage of stages) {
    const to = positionOf(stage.id);
    for (const id of before(stage)) {
      const from = positionOf(id);
      if (from !== undefined && to !== undefined) ends.push(from, to);
    }
  }
  return edgesOf(stages.length, ends);
}

/** Stages behind the same ones share a list. */
function sourcesOf(
  stages: readonly StageDefinition[],
  dependents: Edges,
  positionOf: PositionOf,
): WorkflowGraph["sources"] {
  const sources: (readonly number[])[] = stages.map(() => NOTHING);
  if (stages.every(({ artifacts }) => artifacts.length === 0)) return sources;
  const offers = (id: StageId): readonly number[] => {
    const position = positionOf(id);
    if (position === undefined) return NOTHING;
    return itemAt(stages, position).artifacts.length === 0 ? itemAt(sources, position) : [position];
  };
  for (const position of inOrder(dependents, stages.length)) {
    const [first, ...rest] = itemAt(stages, position).needs;
    if (first === undefined) continue;
    sources[position] = rest.length === 0 ? offers(first) : [...new Set([first, ...rest].flatMap(offers))];
  }
  return sources;
}
