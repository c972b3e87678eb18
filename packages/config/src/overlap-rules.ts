import type { AgentId, StageId } from "@troupe/core";
import type { NeedsGraph } from "./stage-needs.js";
import {
  contradict,
  type GroupDraft,
  type StageDraft,
  type WorkflowDraft,
  workerSpan,
  workersOf,
} from "./workflow-draft.js";

/** What stages that may run at the same time must not share: their worker, and the working tree. */
export function checkOverlaps(draft: WorkflowDraft, groups: readonly GroupDraft[], graph: NeedsGraph): void {
  const groupOf = new Map(groups.flatMap((group) => group.members.map((id) => [id, group.name] as const)));
  const isApart = (earlier: StageId, later: StageId): boolean =>
    groupOf.get(earlier) !== groupOf.get(later) || !groupOf.has(later);
  for (const group of groups) {
    checkAgentsDiffer(draft, group.name, group.members);
    checkWritersOfGroup(draft, group);
  }
  checkSharedAgents(draft, graph, isApart);
  checkWriters(draft, graph, isApart);
}

/** One agent id is one worker with one session: it cannot do two stages at the same time. */
function checkAgentsDiffer(draft: WorkflowDraft, name: string, members: readonly StageId[]): void {
  const byAgent = new Map<AgentId, StageDraft>();
  for (const stage of members.flatMap((id) => draft.stages.get(id) ?? [])) {
    for (const agent of workersOf(stage)) {
      const other = byAgent.get(agent);
      if (other === undefined) {
        byAgent.set(agent, stage);
        continue;
      }
      const line = draft.log.lineOf(workerSpan(draft, other, agent).start);
      const message = `"${other.id}" (line ${line}) and "${stage.id}" of group "${name}" have the same ${role(agent, stage, other)} "${agent}"`;
      const hint = `One agent does one stage at a time: give "${stage.id}" another one, such as ${another(agent)}, or take it out of the group.`;
      contradict(draft.log, { span: workerSpan(draft, stage, agent), message, hint });
    }
  }
}

function checkSharedAgents(draft: WorkflowDraft, graph: NeedsGraph, isApart: Counts): void {
  const workers = [...draft.stages.values()].flatMap((stage) => workersOf(stage).map((agent) => ({ stage, agent })));
  for (const [agent, shares] of Map.groupBy(workers, (one) => one.agent)) {
    const overlaps = graph.firstOverlaps(
      shares.map(({ stage }) => stage.id),
      isApart,
    );
    for (const [later, earlier] of overlaps) {
      const [stage, other] = [draft.stages.get(later), draft.stages.get(earlier)];
      if (stage === undefined || other === undefined) continue;
      const line = draft.log.lineOf(workerSpan(draft, other, agent).start);
      contradict(draft.log, {
        span: workerSpan(draft, stage, agent),
        message: `"${earlier}" (line ${line}) and "${later}" may run at the same time and have the same ${role(agent, stage, other)} "${agent}"`,
        hint: `One agent does one stage at a time: give "${later}" another one, such as ${another(agent)}, or let one of them need the other.`,
      });
    }
  }
}

function role(agent: AgentId, ...stages: readonly StageDraft[]): "work_agent" | "agent" {
  return stages.every(({ workAgent }) => workAgent === agent) ? "work_agent" : "agent";
}

type Counts = (earlier: StageId, later: StageId) => boolean;

/** `builder-1` -> `builder-2`, `pm` -> `pm-2`. */
function another(agent: AgentId): string {
  const match = /^(.*-)(\d{1,4})$/.exec(agent);
  return match === null ? `"${agent}-2"` : `"${match[1]}${Number(match[2]) + 1}"`;
}

/** Two stages that may run at the same time do not both write the working tree, unless both say so themselves. */
function checkWritersOfGroup(draft: WorkflowDraft, group: GroupDraft): void {
  const writers = group.members.filter((id) => mayWrite(draft.stages.get(id)));
  const unsaid = writers.filter((id) => !saysTree(draft, id));
  const first = unsaid[0];
  if (writers.length < 2 || first === undefined) return;
  contradict(draft.log, {
    span: draft.tree.valueSpan(["parallel_groups", group.name, "stages", group.written.stages.indexOf(first)]),
    message: `${quoted(writers)} of group "${group.name}" may write the working tree at the same time`,
    hint: writersHint(unsaid),
  });
}

function checkWriters(draft: WorkflowDraft, graph: NeedsGraph, isApart: Counts): void {
  const writers = [...draft.stages.values()].filter(mayWrite).map((stage) => stage.id);
  const counts: Counts = (earlier, later) =>
    isApart(earlier, later) && !(saysTree(draft, earlier) && saysTree(draft, later));
  for (const [later, earlier] of graph.firstOverlaps(writers, counts)) {
    const unsaid = [earlier, later].filter((id) => !saysTree(draft, id));
    const own = draft.tree.keys(["stages", later]).includes("needs") ? ["stages", later, "needs"] : ["stages", later];
    contradict(draft.log, {
      span: draft.tree.keySpan(own),
      message: `"${earlier}" and "${later}" may write the working tree at the same time: neither waits for the other`,
      hint: `Let one of them need the other. ${writersHint(unsaid)}`,
    });
  }
}

function mayWrite(stage: StageDraft | undefined): boolean {
  return stage !== undefined && stage.kind !== null && stage.writes === "tree";
}

function saysTree(draft: WorkflowDraft, id: StageId): boolean {
  return draft.file.stages[id]?.writes === "tree";
}

function writersHint(unsaid: readonly StageId[]): string {
  return (
    `Declare the artifacts of ${quoted(unsaid)} or write "writes: artifacts" if that is all it leaves; ` +
    'write "writes: tree" in each of them to take the risk.'
  );
}

function quoted(ids: readonly StageId[]): string {
  return ids.map((id) => `"${id}"`).join(" and ");
}
