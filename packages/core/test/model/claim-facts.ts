import type { StageId } from "../../src/model/ids.js";
import type { ResumePlan } from "../../src/state/plan-types.js";

/** What is known of the claim under way. */
export interface ClaimFacts {
  readonly plan: ResumePlan;
  readonly denied: Set<StageId>;
  readonly at: number;
}

/** Throws with a sentence that says what does not hold. */
export function hold(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(`does not hold: ${sentence}`);
}
