import { canTransition, validateWorkflow } from "@troupe/core";
import { expect, it } from "vitest";
import { resolveChecks } from "./acceptance-checks.js";
import { defaultWorkflow } from "./default-workflow.js";
import { DEFAULT_WORKFLOW_YAML } from "./default-workflow-yaml.js";
import { parseWorkflow } from "./parse-workflow.js";

it("has the stages, agents, reviews, artifacts and the group of the design", () => {
  const workflow = defaultWorkflow();
  const rows = workflow.stages.map((stage) =>
    [
      stage.id,
      stage.kind,
      stage.workAgent,
      stage.reviewAgent,
      stage.reviews,
      stage.needs.join("+"),
      stage.artifacts.join(),
    ]
      .map((part) => part || "-")
      .join(" "),
  );
  expect(rows.join("\n")).toMatchInlineSnapshot(`
    "SETUP work pm - - - -
    BUSINESS_PROBLEM work ba - - SETUP problem_statement.md
    SPEC work ba - - BUSINESS_PROBLEM feature_spec.md
    SPEC_REVIEW review ba reviewer SPEC SPEC spec_review.md
    RESEARCH work builder-1 - - SPEC_REVIEW research.md
    TEST_STRATEGY work builder-2 - - SPEC_REVIEW test_strategy.md
    PLAN work pm - - RESEARCH+TEST_STRATEGY implementation_plan.md
    PLAN_REVIEW review pm reviewer PLAN PLAN plan_review.md
    IMPLEMENTATION work builder-1 - - PLAN_REVIEW -
    IMPLEMENTATION_REVIEW review builder-1 reviewer IMPLEMENTATION IMPLEMENTATION impl_review.md
    TEST work builder-1 - - IMPLEMENTATION_REVIEW test_results.md
    ACCEPTANCE_TEST acceptance builder-1 - - TEST acceptance_test_results.md
    POST_REVIEW review pm reviewer ACCEPTANCE_TEST ACCEPTANCE_TEST post_review.md
    COMPLETE terminal - - - POST_REVIEW -"
  `);
  expect(workflow.name).toBe("default");
  expect(workflow.groups.map(({ name, after, stages, before }) => [name, after, stages, before])).toEqual([
    ["post_spec_review", "SPEC_REVIEW", ["RESEARCH", "TEST_STRATEGY"], "PLAN"],
  ]);
  expect(workflow.stages.filter((stage) => stage.optional).map((stage) => stage.id)).toEqual(["BUSINESS_PROBLEM"]);
  expect(workflow.stages.find((stage) => stage.id === "POST_REVIEW")?.requiresAcceptance).toEqual(["ACCEPTANCE_TEST"]);
});

it("leads from the review of the specification to both members of the group, and from both to the plan", () => {
  const workflow = defaultWorkflow();
  expect(canTransition(workflow, "SPEC_REVIEW", "RESEARCH")).toBe(true);
  expect(canTransition(workflow, "SPEC_REVIEW", "TEST_STRATEGY")).toBe(true);
  expect(canTransition(workflow, "RESEARCH", "PLAN")).toBe(true);
  expect(canTransition(workflow, "TEST_STRATEGY", "PLAN")).toBe(true);
  expect(canTransition(workflow, "RESEARCH", "TEST_STRATEGY")).toBe(false);
});

it("is a file without a warning, and can be run once it has checks", () => {
  expect(parseWorkflow(DEFAULT_WORKFLOW_YAML, "stages.yaml").diagnostics).toEqual([]);
  validateWorkflow(resolveChecks(defaultWorkflow(), { project: [], flags: ["npm test"], detected: null }).workflow);
});
