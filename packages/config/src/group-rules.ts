import { isId, type StageId } from "@troupe/core";
import { ID_HINT } from "./stage-order.js";
import {
  contradict,
  type GroupDraft,
  isDefined,
  stageInOrder,
  type WorkflowDraft,
  workAgentSpan,
} from "./workflow-draft.js";
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
    checkAgentsDiffer(draft, name, members);
    const neighbours = isContiguous(draft, name, written, members) ? neighboursOf(draft, members) : null;
    if (neighbours !== null) {
      checkNeighbour(draft, name, "after", written.after ?? null, neighbours.after, members[0], membership);
      checkNeighbour(draft, name, "before", written.before ?? null, neighbours.before, members.at(-1), membership);
    }
    return { name, written, members, after: neighbours?.after ?? null, before: neighbours?.before ?? null };
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

function neighboursOf(draft: WorkflowDraft, members: readonly StageId[]): Pick<GroupDraft, "after" | "before"> {
  const first = draft.order.indexOf(members[0] ?? "");
  return { after: draft.order[first - 1] ?? null, before: draft.order[first + members.length] ?? null };
}

function checkNeighbour(
  draft: WorkflowDraft,
  name: string,
  key: "after" | "before",
  given: StageId | null,
  actual: StageId | null,
  member: StageId | undefined,
  membership: ReadonlyMap<StageId, string>,
): void {
  const span = draft.tree.valueSpan(["parallel_groups", name, key]);
  if (given === null || member === undefined) return;
  if (!isDefined(draft, given, span, `${key} of group "${name}"`) || given === actual) return;
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
  contradict(draft.log, { span, message, hint: `${fix}, or change stage_order.` });
}

/** One agent id is one worker with one session: it cannot do two stages at the same time. */
function checkAgentsDiffer(draft: WorkflowDraft, name: string, members: readonly StageId[]): void {
  const byAgent = new Map<string, StageId>();
  for (const id of members) {
    const stage = draft.stages.get(id);
    if (stage === undefined || stage.workAgent === null) continue;
    const other = draft.stages.get(byAgent.get(stage.workAgent) ?? "");
    if (other === undefined) {
      byAgent.set(stage.workAgent, id);
      continue;
    }
    const span = workAgentSpan(draft, stage);
    const line = draft.log.lineOf(workAgentSpan(draft, other).start);
    const message = `"${other.id}" (line ${line}) and "${id}" of group "${name}" have the same work_agent "${stage.workAgent}"`;
    const hint = `One agent does one stage at a time: give "${id}" another one, such as ${another(stage.workAgent)}, or take it out of the group.`;
    contradict(draft.log, { span, message, hint });
  }
}

/** `builder-1` -> `builder-2`, `pm` -> `pm-2`. */
function another(agent: string): string {
  const match = /^(.*-)(\d{1,4})$/.exec(agent);
  return match === null ? `"${agent}-2"` : `"${match[1]}${Number(match[2]) + 1}"`;
}
