import type { ResumePlan, RunState } from "@troupe/core";

/** For each stage that a resume cannot start yet: the stages upstream whose result a person has to judge first. */
export function behindApprovals(
  state: Pick<RunState, "definition">,
  { stages, events }: ResumePlan,
): ReadonlyMap<string, readonly string[]> {
  const adopted = events.flatMap((event) => (event.type === "run.reconfigured" ? [event.definition] : []));
  const { workflow } = adopted[0] ?? state.definition;
  const needs = new Map(workflow.stages.map((stage) => [stage.id, stage.needs]));
  const actions = new Map(stages.map(({ stage, action }) => [stage, action]));
  const found = new Map<string, readonly string[]>();
  const behind = (stage: string): readonly string[] => {
    const known = found.get(stage);
    if (known !== undefined) return known;
    const own = (needs.get(stage) ?? []).flatMap((need) => (actions.get(need) === "wait" ? [need] : behind(need)));
    const all = actions.get(stage) === "keep" ? [] : [...new Set(own)];
    found.set(stage, all);
    return all;
  };
  for (const { stage } of stages) behind(stage);
  return found;
}
