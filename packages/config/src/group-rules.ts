import { isId, type StageId } from "@troupe/core";
import { ID_HINT } from "./stage-order.js";
import { contradict, type GroupDraft, isDefined, stageInOrder, type WorkflowDraft } from "./workflow-draft.js";
import type { WrittenGroup } from "./workflow-schema.js";

/** The groups with their neighbours, everything wrong about them reported. */
export function resolveGroups(draft: WorkflowDraft): readonly GroupDraft[] {
  const membership = new Map<StageId, string>();
  const groups = draft.tree.keys(["parallel_groups"]).flatMap((name) => {
    const written = draft.file.parallel_groups?.[name];
    if (!isId(name)) {
      draft.log.add({
        span: draft.tree.keySpan(["parallel_groups", name]),
        message: `"${name}" is not a group name`,
        hint: ID_HINT,
      });
    }
    return written === undefined ? [] : [{ name, written, members: membersOf(draft, name, written, membership) }];
  });
  return groups.map(({ name, written, members }) => {
    const given = {
      after: knownNeighbour(draft, name, "after", written),
      before: knownNeighbour(draft, name, "before", written),
    };
    if (!isContiguous(draft, name, written, members)) return { name, written, members, after: null, before: null };
    const first = draft.order.indexOf(members[0] ?? "");
    const after = draft.order[first - 1] ?? null;
    const next = draft.order[first + members.length] ?? null;
    const gates = gatesOf(draft, name, members, next);
    const context = { draft, name, membership };
    checkNeighbour(context, "after", given.after, after, members[0]);
    if (given.before !== null && given.before === next && !gates.includes(next)) refuseOpenGate(draft, name, next);
    else if (!gates.includes(given.before ?? "")) checkNeighbour(context, "before", given.before, next, members.at(-1));
    const before = given.before !== null && gates.includes(given.before) ? given.before : (gates[0] ?? null);
    return { name, written, members, after, before };
  });
}

/** The stage that the file names, if there is one. */
function knownNeighbour(
  draft: WorkflowDraft,
  name: string,
  key: "after" | "before",
  written: WrittenGroup,
): StageId | null {
  const given = written[key] ?? null;
  if (given === null) return null;
  const span = draft.tree.valueSpan(["parallel_groups", name, key]);
  return isDefined(draft, given, span, `${key} of group "${name}"`) ? given : null;
}

/** Stages that wait for all members: the next one, unless it has `needs` of its own, and those whose `needs` say so. */
function gatesOf(
  draft: WorkflowDraft,
  name: string,
  members: readonly StageId[],
  next: StageId | null,
): readonly StageId[] {
  const isGate = (id: StageId): boolean => {
    const needs = draft.file.stages[id]?.needs;
    if (needs === null || needs === undefined) return id === next;
    return needs.includes(name) || members.every((member) => needs.includes(member));
  };
  const gates = draft.order.filter(isGate);
  return next !== null && gates.includes(next) ? [next, ...gates.filter((id) => id !== next)] : gates;
}

function refuseOpenGate(draft: WorkflowDraft, name: string, gate: StageId): void {
  const needs = draft.tree.keySpan(["stages", gate, "needs"]);
  contradict(draft.log, {
    span: draft.tree.valueSpan(["parallel_groups", name, "before"]),
    message: `before of group "${name}" is "${gate}", but needs of "${gate}" (line ${draft.log.lineOf(needs.start)}) does not name the group`,
    hint: `Add "${name}" to the needs of "${gate}", or leave "before" out.`,
  });
}

/** Members that exist, each once, in the order of the workflow. */
function membersOf(
  draft: WorkflowDraft,
  name: string,
  written: WrittenGroup,
  membership: Map<StageId, string>,
): readonly StageId[] {
  const members = new Set<StageId>();
  for (const [index, id] of written.stages.entries()) {
    const span = draft.tree.valueSpan(["parallel_groups", name, "stages", index]);
    if (!isDefined(draft, id, span, `group "${name}"`)) continue;
    const other = membership.get(id);
    if (other !== undefined) {
      const message =
        other === name
          ? `group "${name}" names "${id}" twice`
          : `"${id}" is in group "${other}" and in group "${name}"`;
      contradict(draft.log, { span, message, hint: "A stage is in one group, once." });
      continue;
    }
    membership.set(id, name);
    if (draft.stages.get(id)?.kind === "terminal") {
      const message = `"${id}" cannot be in group "${name}": it has no agent and no command, nothing of it runs`;
      contradict(draft.log, { span, message, hint: "Take it out of the group, or give it work_agent or run." });
      continue;
    }
    members.add(id);
  }
  return draft.order.filter((id) => members.has(id));
}

function isContiguous(draft: WorkflowDraft, name: string, written: WrittenGroup, members: readonly StageId[]): boolean {
  const first = draft.order.indexOf(members[0] ?? "");
  const gap = members.findIndex((id, index) => draft.order[first + index] !== id);
  if (members.length === 0) return false;
  if (gap === -1) return true;
  const [before, between, behind] = [members[gap - 1] ?? "", draft.order[first + gap] ?? "", members[gap] ?? ""];
  const span = draft.tree.valueSpan(["parallel_groups", name, "stages", written.stages.indexOf(behind)]);
  const message =
    `the stages of group "${name}" do not stand together in stage_order: ` +
    `${stageInOrder(draft, between)} is between ${stageInOrder(draft, before)} and ${stageInOrder(draft, behind)}`;
  contradict(draft.log, {
    span,
    message,
    hint: `Move "${between}" out of there in stage_order, or add it to the group.`,
  });
  return false;
}

interface NeighbourContext {
  readonly draft: WorkflowDraft;
  readonly name: string;
  readonly membership: ReadonlyMap<StageId, string>;
}

function checkNeighbour(
  { draft, name, membership }: NeighbourContext,
  key: "after" | "before",
  given: StageId | null,
  actual: StageId | null,
  member: StageId | undefined,
): void {
  if (given === null || member === undefined || given === actual) return;
  // next to another group any of its members will do: all of them are needed
  const group = actual === null ? undefined : membership.get(actual);
  if (group !== undefined && group !== name && membership.get(given) === group) return;
  const side = key === "after" ? "before" : "behind";
  const fact =
    actual === null
      ? `nothing stands ${side} ${stageInOrder(draft, member)} in stage_order`
      : `${stageInOrder(draft, actual)} stands just ${side} ${stageInOrder(draft, member)} in stage_order`;
  const fix = actual === null ? `Remove "${key}"` : `Write "${key}: ${actual}" or leave it out`;
  const message = `${key} of group "${name}" is ${stageInOrder(draft, given)}, but ${fact}`;
  const span = draft.tree.valueSpan(["parallel_groups", name, key]);
  contradict(draft.log, { span, message, hint: `${fix}, or change stage_order.` });
}
