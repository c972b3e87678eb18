import type { ReportGroup, ReportStage } from "../report.js";

/** What is placed as one: a stage, or a group whose members all wait for the same. */
export interface Unit {
  readonly index: number;
  readonly group: ReportGroup | null;
  readonly stages: readonly ReportStage[];
  /** Units directly before it; those that follow from others are left out. */
  readonly needs: readonly number[];
  readonly layer: number;
}

/** The graph of a run as units, each in the layer after the last one that it needs. */
export function createUnits(stages: readonly ReportStage[], groups: readonly ReportGroup[]): readonly Unit[] {
  const boxes = new Map(groups.map((group) => [group.name, group]));
  const byGroup = Map.groupBy(stages, ({ group }) => group);
  for (const [name, members] of byGroup) if (name !== null && !isBox(members)) boxes.delete(name);
  const drafts: { group: ReportGroup | null; stages: readonly ReportStage[] }[] = [];
  const seen = new Set<string>();
  for (const stage of stages) {
    const group = stage.group === null ? undefined : boxes.get(stage.group);
    if (group === undefined) drafts.push({ group: null, stages: [stage] });
    else if (!seen.has(group.name)) drafts.push({ group, stages: byGroup.get(group.name) ?? [] });
    if (group !== undefined) seen.add(group.name);
  }
  const unitOf = new Map(drafts.flatMap((draft, index) => draft.stages.map(({ id }) => [id, index] as const)));
  const needs = drafts.map((draft) => [
    ...new Set(draft.stages.flatMap((stage) => stage.needs.flatMap((need) => unitOf.get(need) ?? []))),
  ]);
  const before = ancestorsOf(needs);
  const layers = layersOf(needs);
  return drafts.map((draft, index) => ({
    ...draft,
    index,
    needs: (needs[index] ?? []).filter((need) => !needs[index]?.some((other) => before[other]?.has(need))),
    layer: layers[index] ?? 0,
  }));
}

function isBox(members: readonly ReportStage[]): boolean {
  const [first] = members.map(({ needs }) => needs.toSorted().join("\n"));
  const ids = new Set(members.map(({ id }) => id));
  return members.every(({ needs }) => needs.toSorted().join("\n") === first && !needs.some((need) => ids.has(need)));
}

/** All units before each one. */
function ancestorsOf(needs: readonly (readonly number[])[]): readonly ReadonlySet<number>[] {
  const found: Set<number>[] = needs.map(() => new Set());
  for (const index of inOrder(needs)) {
    for (const need of needs[index] ?? []) {
      found[index]?.add(need);
      for (const earlier of found[need] ?? []) found[index]?.add(earlier);
    }
  }
  return found;
}

function layersOf(needs: readonly (readonly number[])[]): readonly number[] {
  const layers: number[] = needs.map(() => 0);
  for (const index of inOrder(needs)) {
    for (const need of needs[index] ?? []) layers[index] = Math.max(layers[index] ?? 0, (layers[need] ?? 0) + 1);
  }
  return layers;
}

/** Every unit after those it needs. */
function inOrder(needs: readonly (readonly number[])[]): readonly number[] {
  const left = needs.map((list) => list.length);
  const order = left.flatMap((count, index) => (count === 0 ? [index] : []));
  for (const done of order) {
    for (const [index, list] of needs.entries()) {
      if (!list.includes(done)) continue;
      left[index] = (left[index] ?? 0) - 1;
      if (left[index] === 0) order.push(index);
    }
  }
  return order;
}
