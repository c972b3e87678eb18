import type { StageId } from "@troupe/core";
import type { NeedsGraph } from "./stage-needs.js";
import { contradict, type GroupDraft, isDefined, stageInOrder, type WorkflowDraft } from "./workflow-draft.js";

/** Review stage -> the stage that it judges. */
export type Reviews = ReadonlyMap<StageId, StageId>;

/** `work_to_review_mapping` the other way round, everything wrong about it reported. */
export function resolveReviews(draft: WorkflowDraft, groups: readonly GroupDraft[], graph: NeedsGraph): Reviews {
  const reviews = new Map<StageId, StageId>();
  for (const work of draft.tree.keys(["work_to_review_mapping"])) {
    const review = draft.file.work_to_review_mapping?.[work];
    const path = ["work_to_review_mapping", work];
    const where = "work_to_review_mapping";
    const isKnown = isDefined(draft, work, draft.tree.keySpan(path), where);
    if (review === undefined) continue;
    const span = draft.tree.valueSpan(path);
    if (!isDefined(draft, review, span, where) || !isKnown) continue;
    const problem = mappingProblem({ draft, groups, graph }, work, review);
    const other = reviews.get(review);
    if (problem !== null) contradict(draft.log, { span, ...problem });
    else if (other !== undefined) {
      const line = draft.log.lineOf(draft.tree.keySpan(["work_to_review_mapping", other]).start);
      const message = `"${review}" is to judge both "${other}" (line ${line}) and "${work}"`;
      contradict(draft.log, { span, message, hint: "Give each of them a review stage of its own." });
    } else reviews.set(review, work);
  }
  return reviews;
}

interface Problem {
  readonly message: string;
  readonly hint: string;
}

interface Context {
  readonly draft: WorkflowDraft;
  readonly groups: readonly GroupDraft[];
  readonly graph: NeedsGraph;
}

function mappingProblem({ draft, groups, graph }: Context, work: StageId, review: StageId): Problem | null {
  const kind = draft.stages.get(review)?.kind ?? null;
  if (kind !== null && kind !== "review") {
    return {
      message: `"${review}", which is to judge "${work}", is not a review stage`,
      hint: `Write "is_review_stage: true" and a review_agent in "${review}".`,
    };
  }
  const [workAt, reviewAt] = [draft.order.indexOf(work), draft.order.indexOf(review)];
  if (workAt === -1 || reviewAt === -1) return null;
  const group = groups.find((one) => one.members.includes(work) && one.members.includes(review));
  if (group !== undefined && reviewAt > workAt) {
    return {
      message: `"${review}" cannot judge "${work}": both are in group "${group.name}" and run at the same time`,
      hint: `Take "${review}" out of the group and put it behind it.`,
    };
  }
  if (graph.waitsFor(review, work) && review !== work) return null;
  if (reviewAt <= workAt && !Array.isArray(draft.file.stages[review]?.needs)) {
    const places = `${stageInOrder(draft, review)} does not come after ${stageInOrder(draft, work)} in stage_order`;
    return { message: `"${review}" cannot judge "${work}": ${places}`, hint: "Move the review behind the work." };
  }
  return {
    message: `"${review}" cannot judge "${work}": it does not wait for it`,
    hint: `Let "${review}" need "${work}", or a stage behind it.`,
  };
}

/** Acceptance stages that are done before `id` starts. */
export function acceptanceBefore(draft: WorkflowDraft, graph: NeedsGraph, id: StageId): readonly StageId[] {
  return draft.order.filter((other) => draft.stages.get(other)?.kind === "acceptance" && graph.waitsFor(id, other));
}

/** A demand for passed acceptance tests that no stage can fulfil. */
export function checkAcceptance(draft: WorkflowDraft, graph: NeedsGraph): void {
  const isUncertain = [...draft.stages.values()].some((stage) => stage.kind === null);
  for (const stage of draft.stages.values()) {
    if (stage.written.requires_acceptance_tests_passed !== true || isUncertain) continue;
    if (acceptanceBefore(draft, graph, stage.id).length > 0) continue;
    contradict(draft.log, {
      span: draft.tree.keySpan([...stage.path, "requires_acceptance_tests_passed"]),
      message: `stage "${stage.id}" requires passed acceptance tests, but no acceptance test stage comes before it`,
      hint: 'Write "is_acceptance_test_stage: true" in the stage that runs them, or remove the demand.',
      isAbsence: true,
    });
  }
}
