import { describe, expect, it } from "vitest";
import { diagnose, parse, stageOf } from "../test/workflow-fixtures.js";

describe("parallel_agents", () => {
  const agentsOf = (stage: string) => {
    const { workAgent, parallelAgents, agentsAtOnce } = stageOf(parse(`stages: { A: { ${stage} } }`), "A");
    return { workAgent, parallelAgents, agentsAtOnce };
  };

  it("do the work instead of work_agent, which mends", () => {
    expect(agentsOf("work_agent: pm, parallel_agents: [a, b], artifacts: [x.md]")).toEqual({
      workAgent: "pm",
      parallelAgents: ["a", "b"],
      agentsAtOnce: undefined,
    });
    expect(agentsOf("parallel_agents: [a, b], writes: artifacts")).toEqual({
      workAgent: null,
      parallelAgents: ["a", "b"],
      agentsAtOnce: undefined,
    });
    expect(agentsOf("parallel_agents: [a, b], writes: tree").agentsAtOnce).toBe(undefined);
    expect(agentsOf("parallel_agents: [a], work_agent: pm").parallelAgents).toEqual(["a"]);
  });

  it("of one agent are a work_agent", () => {
    for (const stage of ["parallel_agents: [a]", "parallel_agents: [a], work_agent: a", "work_agent: a"]) {
      expect(agentsOf(stage)).toEqual({ workAgent: "a", parallelAgents: undefined, agentsAtOnce: undefined });
    }
  });

  it("that write the tree take their turns one after another, unless the stage says writes: tree", () => {
    const text = "stages: { A: { parallel_agents: [a, b] } }\n";
    expect(stageOf(parse(text), "A").agentsAtOnce).toBe(1);
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:1:16 warning WORKFLOW_INVALID: the agents of stage "A" take their turns one after another: each may write the working tree, and two at once would undo each other's work
        1 | stages: { A: { parallel_agents: [a, b] } }
          |                ^^^^^^^^^^^^^^^
        hint: Write "writes: tree" in the stage to let them work at the same time all the same, or "writes: artifacts" if that is all that they leave.

      1 warning
      "
    `);
    expect(diagnose("stages: { A: { parallel_agents: [a, b], writes: tree } }\n")).toBe("");
  });

  it("are refused where they have nothing to do, where nobody mends, and twice", () => {
    const text = `stages:
  A: { parallel_agents: [a, b, a], checks: [make], writes: tree }
  B: { parallel_agents: [c, d], is_review_stage: true, work_agent: e, review_agent: f, writes: artifacts }
work_to_review_mapping: { A: B }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:8 error WORKFLOW_INVALID: stage "A" has parallel_agents but no work_agent that mends what is found wrong with their work
        1 | stages:
        2 |   A: { parallel_agents: [a, b, a], checks: [make], writes: tree }
          |        ^^^^^^^^^^^^^^^
        hint: Add work_agent; it may be one of them.

      stages.yaml:2:32 error WORKFLOW_INVALID: agent "a" stands twice in parallel_agents of stage "A"
        1 | stages:
        2 |   A: { parallel_agents: [a, b, a], checks: [make], writes: tree }
          |                                ^
        hint: One agent does one turn at a time: remove it, or give the second one an id of its own.

      stages.yaml:3:8 error WORKFLOW_INVALID: parallel_agents of stage "B" have no work to do: it reviews that of "A"
        2 |   A: { parallel_agents: [a, b, a], checks: [make], writes: tree }
        3 |   B: { parallel_agents: [c, d], is_review_stage: true, work_agent: e, review_agent: f, writes: artifacts }
          |        ^^^^^^^^^^^^^^^
        hint: Remove them; to let several agents do the work, write them in "A".

      3 errors
      "
    `);
  });

  it("are workers as work_agent is: no other stage at the same time has them, and their personas are checked", () => {
    const text = `stages:
  A: { work_agent: builder-1, artifacts: [a.md] }
  B: { parallel_agents: [builder-1, builder-2], artifacts: [b.md], allowed_personas: [builder] }
  C: { parallel_agents: [pm, builder-2], needs: [], artifacts: [c.md], allowed_personas: [builder] }
parallel_groups:
  g: { stages: [A, B] }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:3:26 error WORKFLOW_INVALID: "A" (line 2) and "B" of group "g" have the same agent "builder-1"
        2 |   A: { work_agent: builder-1, artifacts: [a.md] }
        3 |   B: { parallel_agents: [builder-1, builder-2], artifacts: [b.md], allowed_personas: [builder] }
          |                          ^^^^^^^^^
        hint: One agent does one stage at a time: give "B" another one, such as "builder-2", or take it out of the group.

      stages.yaml:4:26 error WORKFLOW_INVALID: agent "pm" of stage "C" is a project_manager, which allowed_personas does not list
        3 |   B: { parallel_agents: [builder-1, builder-2], artifacts: [b.md], allowed_personas: [builder] }
        4 |   C: { parallel_agents: [pm, builder-2], needs: [], artifacts: [c.md], allowed_personas: [builder] }
          |                          ^^
        hint: Choose an agent that is one of builder, or add project_manager.

      stages.yaml:4:30 error WORKFLOW_INVALID: "B" (line 3) and "C" may run at the same time and have the same agent "builder-2"
        3 |   B: { parallel_agents: [builder-1, builder-2], artifacts: [b.md], allowed_personas: [builder] }
        4 |   C: { parallel_agents: [pm, builder-2], needs: [], artifacts: [c.md], allowed_personas: [builder] }
          |                              ^^^^^^^^^
        hint: One agent does one stage at a time: give "C" another one, such as "builder-3", or let one of them need the other.

      3 errors
      "
    `);
  });
});
