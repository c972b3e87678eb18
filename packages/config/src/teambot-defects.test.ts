import { describe, expect, it } from "vitest";
import { diagnose, outline, parse, stageOf } from "../test/workflow-fixtures.js";
import { defaultWorkflow } from "./default-workflow.js";

/** What the predecessor got wrong in its files, each named after what is right. */
describe("concurrency, groups and names are the author's", () => {
  it("takes any stage names and any number of members, with the limit that the group says", () => {
    const members = Array.from({ length: 9 }, (_, index) => `lane.${index + 1}`);
    const stages = members.map((id, index) => `  ${id}: { work_agent: w-${index}, artifacts: [${id}.md] }`);
    const workflow = parse(
      `stages:\n  dig: { work_agent: pm }\n${stages.join("\n")}\n  feast: {}\nparallel_groups:\n  lanes: { stages: [${members.join(", ")}], max_concurrent: 5 }\n`,
    );
    expect(workflow.groups[0]).toEqual({
      name: "lanes",
      stages: members,
      after: "dig",
      before: "feast",
      maxConcurrent: 5,
      onFailure: "continue",
    });
    expect(stageOf(workflow, "feast").needs).toEqual(members);
  });

  it("has a group in the built-in workflow", () => {
    expect(defaultWorkflow().groups.map(({ name, stages }) => ({ name, stages }))).toEqual([
      { name: "post_spec_review", stages: ["RESEARCH", "TEST_STRATEGY"] },
    ]);
  });
});

describe("a group stands where its file says, or the file is refused", () => {
  const file = (group: string, order = "[A, B, C, D, E]"): string => `defaults: { writes: artifacts }
stages:
  A: { work_agent: a }
  B: { work_agent: b }
  C: { work_agent: c }
  D: { work_agent: d }
  E: { work_agent: e }
stage_order: ${order}
parallel_groups:
  g: ${group}
`;
  const messages = (text: string): readonly string[] =>
    diagnose(text).match(/WORKFLOW_INVALID: .*|CONFIG_INVALID: .*/g) ?? [];

  it("checks after", () => {
    expect(messages(file("{ stages: [C, D], after: A }"))).toEqual([
      'WORKFLOW_INVALID: after of group "g" is A (line 8), but B (line 8) stands just before C (line 8) in stage_order',
    ]);
  });

  it("refuses a gate before the group, which would loop for ever", () => {
    expect(messages(file("{ stages: [C, D], before: A }"))).toEqual([
      'WORKFLOW_INVALID: before of group "g" is A (line 8), but E (line 8) stands just behind D (line 8) in stage_order',
    ]);
  });

  it("refuses a gate further ahead, which would skip stages", () => {
    expect(messages(file("{ stages: [B, C], before: E }"))).toEqual([
      'WORKFLOW_INVALID: before of group "g" is E (line 8), but D (line 8) stands just behind C (line 8) in stage_order',
    ]);
  });

  it("runs every member once, whatever its place in the group's list", () => {
    expect(outline(parse(file("{ stages: [D, B, C] }")))).toMatchInlineSnapshot(`
      "A work a - - - artifacts
      B work b - - A artifacts
      C work c - - A artifacts
      D work d - - A artifacts
      E work e - - B+C+D artifacts"
    `);
  });

  it("reports an unknown neighbour also when the members do not stand together", () => {
    expect(messages(file("{ stages: [B, D], after: AA, before: EE }"))).toEqual([
      'WORKFLOW_INVALID: the stages of group "g" do not stand together in stage_order: C (line 8) is between B (line 8) and D (line 8)',
      'WORKFLOW_INVALID: after of group "g" names stage "AA", which is not defined',
      'WORKFLOW_INVALID: before of group "g" names stage "EE", which is not defined',
    ]);
  });

  it("refuses a stage twice in the order, which would loop for ever", () => {
    expect(messages(file("{ stages: [B, C] }", "[A, B, C, D, E, A]"))).toEqual([
      'WORKFLOW_INVALID: stage_order names "A" twice; the first is in line 8',
    ]);
  });

  it("takes the order of the stages where there is no stage_order", () => {
    const text = file("{ stages: [B, C] }").replace(/stage_order.*\n/, "");
    expect(parse(text).stages.map(({ id }) => id)).toEqual(["A", "B", "C", "D", "E"]);
  });

  it("refuses misspelt keys", () => {
    expect(messages(file("{ stages: [B, C], afer: A }"))).toEqual([
      'CONFIG_INVALID: unknown key "afer" in parallel_groups.g',
    ]);
  });
});

describe("what a stage declares reaches the run", () => {
  it("personas, criteria, artifacts, being optional, names and descriptions", () => {
    const stage = stageOf(
      parse(`stages:
  A:
    name: The first
    description: Look around.
    work_agent: builder-1
    allowed_personas: [developer]
    exit_criteria: [found]
    artifacts: [found.md]
    optional: true
`),
      "A",
    );
    expect(stage).toMatchObject({
      name: "The first",
      description: "Look around.",
      exitCriteria: ["found"],
      artifacts: ["found.md"],
      optional: true,
    });
    expect(diagnose("stages: { A: { work_agent: pm, allowed_personas: [developer] } }\n")).toContain(
      'work_agent "pm" of stage "A" is a project_manager, which allowed_personas does not list',
    );
  });
});
