import type { StageId } from "./ids.js";
import type { StageStatus } from "./status.js";
import type { Condition } from "./workflow.js";

/** All that a condition may know of a run. */
export interface ConditionFacts {
  /** Values of the declared inputs. */
  readonly inputs: Readonly<Record<string, string>>;
  statusOf(stage: StageId): StageStatus | undefined;
}

/** Whether the condition holds. An input without a value equals nothing; `all` of nothing holds, `any` of nothing does not. */
export function conditionHolds(condition: Condition, facts: ConditionFacts): boolean {
  if ("input" in condition)
    return Object.hasOwn(facts.inputs, condition.input) && facts.inputs[condition.input] === condition.equals;
  if ("stage" in condition) return facts.statusOf(condition.stage) === condition.is;
  if ("all" in condition) return condition.all.every((part) => conditionHolds(part, facts));
  if ("any" in condition) return condition.any.some((part) => conditionHolds(part, facts));
  return !conditionHolds(condition.not, facts);
}

/** The inputs and the stages that a condition names, each once, in order of appearance. */
export function namedIn(condition: Condition | undefined): {
  readonly inputs: readonly string[];
  readonly stages: readonly StageId[];
} {
  const inputs = new Set<string>();
  const stages = new Set<StageId>();
  const open = condition === undefined ? [] : [condition];
  for (const one of open) {
    if ("input" in one) inputs.add(one.input);
    else if ("stage" in one) stages.add(one.stage);
    else if ("not" in one) open.push(one.not);
    else open.push(...("all" in one ? one.all : one.any));
  }
  return { inputs: [...inputs], stages: [...stages] };
}
