import type { StageId } from "@troupe/core";
import { circlesIn } from "./circles.js";
import type { Needs } from "./dependency-order.js";
import { INVALID_ITEM } from "./invalid-item.js";
import { didYouMean } from "./nearest-name.js";
import { createUpstream, type Upstream } from "./upstream.js";
import { contradict, type GroupDraft, stageInOrder, type WorkflowDraft } from "./workflow-draft.js";

/** What each stage waits for, as the order, the groups and `needs` say together. */
export interface NeedsGraph extends Upstream {
  readonly needs: Needs;
}

/** The graph of needs, everything wrong about `needs` reported. */
export function resolveNeeds(draft: WorkflowDraft, groups: readonly GroupDraft[]): NeedsGraph {
  const needs = new Map(orderNeeds(draft.order, groups));
  const uncertain = new Set(draft.order.filter((id) => draft.isUnsound(id)));
  const groupOf = new Map(groups.flatMap((group) => group.members.map((id) => [id, group] as const)));
  const context: Context = { draft, groups: new Map(groups.map((group) => [group.name, group])) };
  for (const { id, written } of draft.stages.values()) {
    if (written.needs === null || written.needs === undefined) continue;
    const group = groupOf.get(id);
    if (group !== undefined) {
      refuseNeedsOfMember(draft, id, group);
      continue;
    }
    const wanted = wantedBy(context, id, written.needs);
    if (wanted.length < written.needs.length) uncertain.add(id);
    needs.set(id, [...new Set(wanted.flat())]);
  }
  reportCircles(draft, needs);
  return { needs, ...createUpstream(draft.order, needs, uncertain) };
}

/** Each stage needs what stands just before it in the order: one stage, or all members of a group. */
function orderNeeds(order: readonly StageId[], groups: readonly GroupDraft[]): Needs {
  const needs = new Map<StageId, readonly StageId[]>();
  const groupOf = new Map(groups.flatMap(({ members }) => members.map((id) => [id, members] as const)));
  let before: readonly StageId[] = [];
  for (const id of order) {
    if (needs.has(id)) continue;
    const together = groupOf.get(id) ?? [id];
    for (const member of together) needs.set(member, before);
    before = together;
  }
  return needs;
}

function refuseNeedsOfMember(draft: WorkflowDraft, id: StageId, group: GroupDraft): void {
  const start = group.after === null ? "begins the workflow" : `starts after ${stageInOrder(draft, group.after)}`;
  contradict(draft.log, {
    span: draft.tree.keySpan(["stages", id, "needs"]),
    message: `stage "${id}" is a member of group "${group.name}" and has needs of its own`,
    hint: `Remove it: the group ${start}, with all its members. Or take "${id}" out of the group.`,
  });
}

interface Context {
  readonly draft: WorkflowDraft;
  readonly groups: ReadonlyMap<string, GroupDraft>;
}

/** One list of stages for each sound item. */
function wantedBy(
  { draft, groups }: Context,
  id: StageId,
  written: readonly string[],
): readonly (readonly StageId[])[] {
  return written.flatMap((name, index) => {
    if (name === INVALID_ITEM) return [];
    const span = draft.tree.valueSpan(["stages", id, "needs", index]);
    const isStage = draft.defined.includes(name);
    const group = groups.get(name);
    const refuse = (message: string, hint: string): readonly (readonly StageId[])[] => {
      contradict(draft.log, { span, message, hint });
      return [];
    };
    if (written.indexOf(name) < index) return refuse(`needs of stage "${id}" names "${name}" twice`, "Remove one.");
    if (isStage && group !== undefined) {
      return refuse(
        `needs of stage "${id}" names "${name}", which is a stage and a group`,
        "Give the group another name.",
      );
    }
    if (name === id) return refuse(`stage "${id}" needs itself`, "Remove it; it would never start.");
    if (isStage) return draft.stages.has(name) ? [[name]] : []; // one outside the order was reported
    if (group !== undefined) return [group.members];
    const names = [...draft.defined, ...groups.keys()];
    const hint = draft.log.isCrowded() ? null : didYouMean(name, names);
    const message = `needs of stage "${id}" names "${name}", which is neither a stage nor a group`;
    contradict(draft.log, { span, message, hint: hint ?? "Define it under stages.", isAbsence: true });
    return [];
  });
}

function reportCircles(draft: WorkflowDraft, needs: Needs): void {
  const isWritten = (id: StageId): boolean => Array.isArray(draft.file.stages[id]?.needs);
  const { circles, behind } = circlesIn(draft.order, needs, isWritten);
  for (const circle of circles) {
    const [first = "", second = ""] = circle;
    const links = circle.slice(0, MAX_LINKS).map((id, index) => {
      const next = circle[(index + 1) % circle.length] ?? "";
      return isWritten(id) ? `"${id}" needs "${next}"` : `"${id}" stands behind "${next}" in the order`;
    });
    const never = behind.length === 0 ? "" : ` Nor would ${listed(behind)} ever start.`;
    contradict(draft.log, {
      span: needSpan(draft, first, second),
      message: `stages wait for each other in a circle: ${[...circle, first].join(" -> ")}`,
      hint: `${links.join(", ")}${circle.length > MAX_LINKS ? ", ..." : ""}: change one of them.${never}`,
    });
  }
}

const MAX_LINKS = 6;

function listed(ids: readonly StageId[]): string {
  const shown = ids.slice(0, MAX_LINKS).map((id) => `"${id}"`);
  return ids.length > MAX_LINKS ? `${shown.join(", ")} and ${ids.length - MAX_LINKS} more` : shown.join(" and ");
}

/** The item of `needs` that names a stage, or a group that it is in. */
function needSpan(draft: WorkflowDraft, id: StageId, need: StageId): ReturnType<typeof draft.tree.keySpan> {
  const written = draft.file.stages[id]?.needs ?? [];
  const index = written.findIndex(
    (name) => name === need || draft.file.parallel_groups?.[name]?.stages.includes(need) === true,
  );
  return draft.tree.valueSpan(["stages", id, "needs", ...(index === -1 ? [] : [index])]);
}
