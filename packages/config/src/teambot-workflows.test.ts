import { describe, expect, it } from "vitest";
import { fixture, outline, parse, stageOf } from "../test/workflow-fixtures.js";
import { formatDiagnostics } from "./format-diagnostic.js";
import { parseWorkflow } from "./parse-workflow.js";

describe("files of the shapes that TeamBot wrote", () => {
  it("loads fourteen stages with a group", async () => {
    const { workflow, diagnostics } = parseWorkflow(await fixture("with-group.yaml"), "with-group.yaml");
    expect(diagnostics.map(({ severity, code, line, column }) => [severity, code, line, column])).toEqual([
      ["warning", "WORKFLOW_INVALID", 156, 5],
    ]);
    expect(workflow?.groups).toEqual([
      {
        name: "post_spec_review",
        stages: ["RESEARCH", "TEST_STRATEGY"],
        after: "SPEC_REVIEW",
        before: "PLAN",
        maxConcurrent: null,
        onFailure: "continue",
      },
    ]);
    expect(workflow === null ? "" : outline(workflow)).toMatchInlineSnapshot(`
      "SETUP work pm - - - tree
      BUSINESS_PROBLEM work ba - - SETUP artifacts
      SPEC work ba - - BUSINESS_PROBLEM artifacts
      SPEC_REVIEW review ba reviewer SPEC SPEC artifacts
      RESEARCH work builder-1 - - SPEC_REVIEW artifacts
      TEST_STRATEGY work builder-2 - - SPEC_REVIEW artifacts
      PLAN work pm - - RESEARCH+TEST_STRATEGY artifacts
      PLAN_REVIEW review pm reviewer PLAN PLAN artifacts
      IMPLEMENTATION work builder-1 - - PLAN_REVIEW tree
      IMPLEMENTATION_REVIEW review builder-1 reviewer IMPLEMENTATION IMPLEMENTATION artifacts
      TEST work builder-1 - - IMPLEMENTATION_REVIEW artifacts
      ACCEPTANCE_TEST acceptance builder-1 - - TEST artifacts
      POST_REVIEW review pm reviewer ACCEPTANCE_TEST ACCEPTANCE_TEST artifacts
      COMPLETE terminal - - - POST_REVIEW artifacts"
    `);
  });

  it("lets the two builders of the implementation take their turns one after another", async () => {
    const { workflow, diagnostics } = parseWorkflow(await fixture("with-group.yaml"), "with-group.yaml");
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'the agents of stage "IMPLEMENTATION" take their turns one after another: each may write the working tree, and two at once would undo each other\'s work',
    ]);
    expect(workflow?.stages.find(({ id }) => id === "IMPLEMENTATION")).toMatchObject({
      workAgent: "builder-1",
      parallelAgents: ["builder-1", "builder-2"],
      agentsAtOnce: 1,
      writes: "tree",
    });
  });

  it("loads fourteen stages in a row", async () => {
    const workflow = parse(await fixture("before-groups.yaml"));
    expect(workflow.groups).toEqual([]);
    expect(workflow.stages.map((stage) => stage.needs.length)).toEqual([0, ...Array.from({ length: 13 }, () => 1)]);
  });

  it("loads thirteen stages without acceptance tests", async () => {
    const workflow = parse(await fixture("thirteen-stages.yaml"));
    expect(workflow.stages.length).toBe(13);
    expect(stageOf(workflow, "POST_REVIEW").reviews).toBe("TEST");
    expect(stageOf(workflow, "POST_REVIEW").requiresAcceptance).toEqual([]);
  });

  it("refuses two members with one agent, with line, column and fix", async () => {
    const text = await fixture("duplicate-agent.yaml");
    const { workflow, diagnostics } = parseWorkflow(text, "duplicate-agent.yaml");
    expect(workflow).toBeNull();
    const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error");
    expect(formatDiagnostics(errors, new Map([["duplicate-agent.yaml", text]]))).toMatchInlineSnapshot(`
      "duplicate-agent.yaml:94:17 error WORKFLOW_INVALID: "RESEARCH" (line 76) and "TEST_STRATEGY" of group "post_spec_review" have the same work_agent "builder-1"
        93 |     description: What happens in the stage testing approach
        94 |     work_agent: builder-1
           |                 ^^^^^^^^^
        hint: One agent does one stage at a time: give "TEST_STRATEGY" another one, such as "builder-2", or take it out of the group.

      1 error
      "
    `);
  });
});
