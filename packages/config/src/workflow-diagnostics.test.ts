import { describe, expect, it } from "vitest";
import { formatDiagnostics } from "./format-diagnostic.js";
import { parseWorkflow } from "./parse-workflow.js";

/** The whole output for a file with mistakes. */
function diagnose(text: string): string {
  const { workflow, diagnostics } = parseWorkflow(text, "stages.yaml");
  expect(workflow === null).toBe(diagnostics.some((diagnostic) => diagnostic.severity === "error"));
  return formatDiagnostics(diagnostics, new Map([["stages.yaml", text]]));
}

describe("syntax", () => {
  it("shows an unclosed quote where it begins", () => {
    const text = `stages:
  A:
    name: "half
    work_agent: pm
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:3:11 error CONFIG_INVALID: the quote is not closed
        2 |   A:
        3 |     name: "half
          |           ^

      1 error
      "
    `);
  });

  it("explains a second colon in a line", () => {
    const text = `stages:
  A:
    description: Fix: the thing
    work_agent: pm
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:3:18 error CONFIG_INVALID: there is a second ": " in the line, which would make the value a map
        2 |   A:
        3 |     description: Fix: the thing
          |                  ^
        hint: Put the value in quotes.

      1 error
      "
    `);
  });

  it("refuses a tab as indentation", () => {
    const text = `stages:
\tA: { work_agent: pm }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:1 error CONFIG_INVALID: a tab indents the line
        1 | stages:
        2 |  A: { work_agent: pm }
          | ^
        hint: Use spaces.

      1 error
      "
    `);
  });

  it("points at wrong indentation", () => {
    const text = `stages:
  A:
    work_agent: pm
   name: x
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:4:1 error CONFIG_INVALID: all mapping items must start at the same column
        3 |     work_agent: pm
        4 |    name: x
          | ^

      1 error
      "
    `);
  });

  it("points at an unclosed list and keeps quiet about what it swallowed", () => {
    const text = `stages:
  A: { work_agent: pm, nmae: x }
stage_order: [A,
version: 1
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:24 error CONFIG_INVALID: unknown key "nmae" in stages.A
        1 | stages:
        2 |   A: { work_agent: pm, nmae: x }
          |                        ^^^^
        hint: did you mean "name"?

      stages.yaml:4:1 error CONFIG_INVALID: flow sequence in block collection must be sufficiently indented and end with a ]
        3 | stage_order: [A,
        4 | version: 1
          | ^

      2 errors
      "
    `);
  });

  it("goes on after a reserved character and a bad escape", () => {
    const text = `stages:
  A:
    name: @a
    description: "a\\q"
    work_agent: 5
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:3:11 error CONFIG_INVALID: a value cannot start with this character
        2 |   A:
        3 |     name: @a
          |           ^
        hint: Put the value in quotes.

      stages.yaml:4:20 error CONFIG_INVALID: invalid escape sequence \\q
        3 |     name: @a
        4 |     description: "a\\q"
          |                    ^

      stages.yaml:5:17 error CONFIG_INVALID: stages.A.work_agent must be an id (letters, digits, . _ - and at most 64 of them), not 5
        4 |     description: "a\\q"
        5 |     work_agent: 5
          |                 ^
        hint: Put it in quotes: "5".

      3 errors
      "
    `);
  });

  it("refuses a second document", () => {
    const text = `stages:
  A: { work_agent: pm }
---
stages: {}
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:3:1 error CONFIG_INVALID: the file has a second document (---)
        2 |   A: { work_agent: pm }
        3 | ---
          | ^^^
        hint: Keep one document; remove the line with ---.

      1 error
      "
    `);
  });

  it("names an alias without an anchor", () => {
    const text = `stages:
  A: *nothing
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:6 error CONFIG_INVALID: the alias *nothing names no anchor before it
        1 | stages:
        2 |   A: *nothing
          |      ^^^^^^^^

      1 error
      "
    `);
  });

  it("refuses merge keys, tags and __proto__", () => {
    const text = `stages:
  A: { work_agent: !who pm, <<: {} }
  __proto__: { work_agent: pm }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:25 error CONFIG_INVALID: tags are not supported: !who
        1 | stages:
        2 |   A: { work_agent: !who pm, <<: {} }
          |                         ^^
        hint: Remove the tag.

      stages.yaml:2:29 error CONFIG_INVALID: merge keys (<<) are not supported
        1 | stages:
        2 |   A: { work_agent: !who pm, <<: {} }
          |                             ^^
        hint: Write the keys out, or use defaults.

      stages.yaml:3:3 error CONFIG_INVALID: a key cannot be "__proto__"
        2 |   A: { work_agent: !who pm, <<: {} }
        3 |   __proto__: { work_agent: pm }
          |   ^^^^^^^^^
        hint: Choose another name.

      3 errors
      "
    `);
  });

  it("refuses directives", () => {
    const text = `%YAML 1.1
---
stages: {}
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:1:1 error CONFIG_INVALID: directives are not supported
        1 | %YAML 1.1
          | ^^^^^^^^^
        hint: Remove the line that starts with %.

      1 error
      "
    `);
  });

  it("says that a file is empty", () => {
    const text = `# nothing
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:1:1 error CONFIG_INVALID: the file is empty
        1 | # nothing
          | ^
        hint: It must be a map with the stages of the workflow.

      1 error
      "
    `);
  });

  it("says what a file must be", () => {
    const text = `just words
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:1:1 error CONFIG_INVALID: the file must be a map with the stages of the workflow, not "just words"
        1 | just words
          | ^

      1 error
      "
    `);
  });

  it("refuses keys that are no words, NUL and numbers without end", () => {
    const text = `stages:
  ? [a]
  : 1
  A: { name: "\\0", max_rounds: .inf, work_agent: pm }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:5 error CONFIG_INVALID: a key must be a plain word
        1 | stages:
        2 |   ? [a]
          |     ^^^

      stages.yaml:4:14 error CONFIG_INVALID: the text has a character that no text may have (NUL or half a character)
        3 |   : 1
        4 |   A: { name: "\\0", max_rounds: .inf, work_agent: pm }
          |              ^^^^

      stages.yaml:4:32 error CONFIG_INVALID: the number is not finite
        3 |   : 1
        4 |   A: { name: "\\0", max_rounds: .inf, work_agent: pm }
          |                                ^^^^
        hint: Put it in quotes if it is meant as a text.

      3 errors
      "
    `);
  });

  it("refuses a NUL character", () => {
    const text = `stages:
  A: { name: \0 }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:14 error CONFIG_INVALID: the file has a NUL character
        1 | stages:
        2 |   A: { name: � }
          |              ^
        hint: Remove it, or save the file as UTF-8.

      1 error
      "
    `);
  });

  it("names the first of two equal keys", () => {
    const text = `stages:
  A: { work_agent: pm }
  B: { work_agent: pm }
  A: { work_agent: ba }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:4:3 error CONFIG_INVALID: "A" is given twice; the first is in line 2
        3 |   B: { work_agent: pm }
        4 |   A: { work_agent: ba }
          |   ^
        hint: Remove one of them.

      1 error
      "
    `);
  });
});

describe("form", () => {
  it("names the nearest key for an unknown one", () => {
    const text = `stages:
  SPEC:
    work_agnet: ba
    is_review: true
    colour: red
stage_oder: [SPEC]
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:3:5 error CONFIG_INVALID: unknown key "work_agnet" in stages.SPEC
        2 |   SPEC:
        3 |     work_agnet: ba
          |     ^^^^^^^^^^
        hint: did you mean "work_agent"?

      stages.yaml:4:5 error CONFIG_INVALID: unknown key "is_review" in stages.SPEC
        3 |     work_agnet: ba
        4 |     is_review: true
          |     ^^^^^^^^^
        hint: did you mean "is_review_stage"?

      stages.yaml:5:5 error CONFIG_INVALID: unknown key "colour" in stages.SPEC
        4 |     is_review: true
        5 |     colour: red
          |     ^^^^^^
        hint: Known keys: name, description, work_agent, review_agent, max_rounds, checks, exit_criteria, allowed_personas, optional, include_objective, prompt_template, writes, timeout, approval, idle_timeout, retry, run, is_review_stage, is_acceptance_test_stage, requires_acceptance_tests_passed, artifacts, parallel_agents, needs, when, scenarios.

      stages.yaml:6:1 error CONFIG_INVALID: unknown key "stage_oder"
        5 |     colour: red
        6 | stage_oder: [SPEC]
          | ^^^^^^^^^^
        hint: did you mean "stage_order"?

      4 errors
      "
    `);
  });

  it("says what a value must be and what it is", () => {
    const text = `version: 2
stages:
  A:
    name: 5
    work_agent: [pm]
    optional: yes
    max_rounds: 0
    checks: npm test
    artifacts: [a.md, {b: c}]
    writes: both
    timeout: 90
    run: []
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:1:10 error CONFIG_INVALID: version must be 1, not 2
        1 | version: 2
          |          ^

      stages.yaml:4:11 error CONFIG_INVALID: stages.A.name must be a text, not 5
        3 |   A:
        4 |     name: 5
          |           ^
        hint: Put it in quotes: "5".

      stages.yaml:5:17 error CONFIG_INVALID: stages.A.work_agent must be an id (letters, digits, . _ - and at most 64 of them), not a list
        4 |     name: 5
        5 |     work_agent: [pm]
          |                 ^^^^

      stages.yaml:6:15 error CONFIG_INVALID: stages.A.optional must be true or false, not "yes"
        5 |     work_agent: [pm]
        6 |     optional: yes
          |               ^^^

      stages.yaml:7:17 error CONFIG_INVALID: stages.A.max_rounds must be a whole number from 1 to 1000, not 0
        6 |     optional: yes
        7 |     max_rounds: 0
          |                 ^

      stages.yaml:8:13 error CONFIG_INVALID: stages.A.checks must be a list of commands, not "npm test"
        7 |     max_rounds: 0
        8 |     checks: npm test
          |             ^^^^^^^^
        hint: Write a list: ["npm test"].

      stages.yaml:9:23 error CONFIG_INVALID: stages.A.artifacts[2] must be a text, not a map
        8 |     checks: npm test
        9 |     artifacts: [a.md, {b: c}]
          |                       ^^^^^^

      stages.yaml:10:13 error CONFIG_INVALID: stages.A.writes must be "artifacts" or "tree", not "both"
         9 |     artifacts: [a.md, {b: c}]
        10 |     writes: both
           |             ^^^^

      stages.yaml:11:14 error CONFIG_INVALID: stages.A.timeout must be a duration like "90s", "15m" or "2h", not 90
        10 |     writes: both
        11 |     timeout: 90
           |              ^^

      stages.yaml:12:10 error CONFIG_INVALID: stages.A.run must be a command: a list of arguments, or one text for the shell, not an empty list
        11 |     timeout: 90
        12 |     run: []
           |          ^^

      10 errors
      "
    `);
  });

  it("demands stages", () => {
    const text = `stage_order: [A]
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:1:1 error CONFIG_INVALID: the file has no "stages"
        1 | stage_order: [A]
          | ^
        hint: It must be a map of stages.

      1 error
      "
    `);
  });

  it("demands at least one stage", () => {
    const text = `stages: {}
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:1:1 error WORKFLOW_INVALID: the workflow has no stage
        1 | stages: {}
          | ^^^^^^

      1 error
      "
    `);
  });

  it("refuses ids that cannot name a folder", () => {
    const text = `stages:
  my stage: { work_agent: pm }
  Spec: { work_agent: pm }
  SPEC: { work_agent: pm }
parallel_groups:
  a b: { stages: [Spec] }
inputs:
  a b: {}
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:3 error CONFIG_INVALID: "my stage" is not a stage id
        1 | stages:
        2 |   my stage: { work_agent: pm }
          |   ^^^^^^^^
        hint: An id has letters, digits, . _ - and at most 64 of them; it starts with a letter or a digit.

      stages.yaml:4:3 error WORKFLOW_INVALID: stage "SPEC" differs from stage "Spec" only in upper and lower case
        3 |   Spec: { work_agent: pm }
        4 |   SPEC: { work_agent: pm }
          |   ^^^^
        hint: Give one of them another name.

      stages.yaml:6:3 error CONFIG_INVALID: "a b" is not a group name
        5 | parallel_groups:
        6 |   a b: { stages: [Spec] }
          |   ^^^
        hint: An id has letters, digits, . _ - and at most 64 of them; it starts with a letter or a digit.

      stages.yaml:8:3 error CONFIG_INVALID: "a b" is not the name of an input
        7 | inputs:
        8 |   a b: {}
          |   ^^^
        hint: An id has letters, digits, . _ - and at most 64 of them; it starts with a letter or a digit.

      4 errors
      "
    `);
  });

  it("says what a group must have", () => {
    const text = `stages:
  A: { work_agent: pm }
parallel_groups:
  g: { stages: [], on_failure: stop, max_concurrent: 1.5 }
  h: { after: A }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:4:16 error CONFIG_INVALID: parallel_groups.g.stages must be a list of at least one stage id, not an empty list
        3 | parallel_groups:
        4 |   g: { stages: [], on_failure: stop, max_concurrent: 1.5 }
          |                ^^

      stages.yaml:4:32 error CONFIG_INVALID: parallel_groups.g.on_failure must be "continue" or "fail_fast", not "stop"
        3 | parallel_groups:
        4 |   g: { stages: [], on_failure: stop, max_concurrent: 1.5 }
          |                                ^^^^

      stages.yaml:4:54 error CONFIG_INVALID: parallel_groups.g.max_concurrent must be a whole number from 1 to 10000, not 1.5
        3 | parallel_groups:
        4 |   g: { stages: [], on_failure: stop, max_concurrent: 1.5 }
          |                                                      ^^^

      stages.yaml:5:3 error CONFIG_INVALID: parallel_groups.h has no "stages"
        4 |   g: { stages: [], on_failure: stop, max_concurrent: 1.5 }
        5 |   h: { after: A }
          |   ^
        hint: It must be a list of stage ids.

      4 errors
      "
    `);
  });

  it("refuses keys that this version does not perform", () => {
    const text = `defaults: { retry: { attempts: 3 } }
stages:
  A: { work_agent: pm, needs: [], when: { input: x }, approval: true, idle_timeout: 5m, scenarios: linked }
  B: { work_agent: pm, approval: false, retry: null }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:1:13 error NOT_IMPLEMENTED: "retry" is not supported by this version of Troupe
        1 | defaults: { retry: { attempts: 3 } }
          |             ^^^^^
        hint: Remove it; the run would not do what it says.

      stages.yaml:3:24 error NOT_IMPLEMENTED: "needs" is not supported by this version of Troupe
        2 | stages:
        3 |   A: { work_agent: pm, needs: [], when: { input: x }, approval: true, idle_timeout: 5m, scenarios: linked }
          |                        ^^^^^
        hint: Remove it; the run would not do what it says.

      stages.yaml:3:35 error NOT_IMPLEMENTED: "when" is not supported by this version of Troupe
        2 | stages:
        3 |   A: { work_agent: pm, needs: [], when: { input: x }, approval: true, idle_timeout: 5m, scenarios: linked }
          |                                   ^^^^
        hint: Remove it; the run would not do what it says.

      stages.yaml:3:55 error NOT_IMPLEMENTED: "approval" is not supported by this version of Troupe
        2 | stages:
        3 |   A: { work_agent: pm, needs: [], when: { input: x }, approval: true, idle_timeout: 5m, scenarios: linked }
          |                                                       ^^^^^^^^
        hint: Remove it; the run would not do what it says.

      stages.yaml:3:71 error NOT_IMPLEMENTED: "idle_timeout" is not supported by this version of Troupe
        2 | stages:
        3 |   A: { work_agent: pm, needs: [], when: { input: x }, approval: true, idle_timeout: 5m, scenarios: linked }
          |                                                                       ^^^^^^^^^^^^
        hint: Remove it; the run would not do what it says.

      stages.yaml:3:89 error NOT_IMPLEMENTED: "scenarios" is not supported by this version of Troupe
        2 |
        3 |  x }, approval: true, idle_timeout: 5m, scenarios: linked }
          |                                         ^^^^^^^^^
        hint: Remove it; the run would not do what it says.

      6 errors
      "
    `);
  });

  it("finds mistakes of syntax, form and meaning at once", () => {
    const text = `stages:
  A:
    work_agent: pm
    nmae: x
  B:
    description: a: b
    work_agent: pm
stage_order: [A, C, B]
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:4:5 error CONFIG_INVALID: unknown key "nmae" in stages.A
        3 |     work_agent: pm
        4 |     nmae: x
          |     ^^^^
        hint: did you mean "name"?

      stages.yaml:6:18 error CONFIG_INVALID: there is a second ": " in the line, which would make the value a map
        5 |   B:
        6 |     description: a: b
          |                  ^
        hint: Put the value in quotes.

      stages.yaml:8:18 error WORKFLOW_INVALID: stage_order names stage "C", which is not defined
        7 |     work_agent: pm
        8 | stage_order: [A, C, B]
          |                  ^
        hint: Define it under stages.

      3 errors
      "
    `);
  });
});

describe("what is left after a mistake of form", () => {
  it("is still checked for what it means", () => {
    const text = `stages:
  A: { parallel_agents: [pm, "not an id"] }
  B: { work_agent: pm, artifacts: [5] }
stage_order: [A, {}, C, B]
parallel_groups:
  g: { after: A }
  h: { stages: [A, 7, X] }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:30 error CONFIG_INVALID: stages.A.parallel_agents[2] must be an id (letters, digits, . _ - and at most 64 of them), not "not an id"
        1 | stages:
        2 |   A: { parallel_agents: [pm, "not an id"] }
          |                              ^^^^^^^^^^^

      stages.yaml:3:36 error CONFIG_INVALID: stages.B.artifacts[1] must be a text, not 5
        2 |   A: { parallel_agents: [pm, "not an id"] }
        3 |   B: { work_agent: pm, artifacts: [5] }
          |                                    ^
        hint: Put it in quotes: "5".

      stages.yaml:4:18 error CONFIG_INVALID: stage_order[2] must be a stage id, not a map
        3 |   B: { work_agent: pm, artifacts: [5] }
        4 | stage_order: [A, {}, C, B]
          |                  ^^

      stages.yaml:4:22 error WORKFLOW_INVALID: stage_order names stage "C", which is not defined
        3 |   B: { work_agent: pm, artifacts: [5] }
        4 | stage_order: [A, {}, C, B]
          |                      ^
        hint: Define it under stages.

      stages.yaml:6:3 error CONFIG_INVALID: parallel_groups.g has no "stages"
        5 | parallel_groups:
        6 |   g: { after: A }
          |   ^
        hint: It must be a list of stage ids.

      stages.yaml:7:20 error CONFIG_INVALID: parallel_groups.h.stages[2] must be a stage id, not 7
        6 |   g: { after: A }
        7 |   h: { stages: [A, 7, X] }
          |                    ^
        hint: Put it in quotes: "7".

      stages.yaml:7:23 error WORKFLOW_INVALID: group "h" names stage "X", which is not defined
        6 |   g: { after: A }
        7 |   h: { stages: [A, 7, X] }
          |                       ^
        hint: Define it under stages.

      7 errors
      "
    `);
  });
});

describe("stages", () => {
  it("names the nearest stage for an unknown one, and stages out of the order", () => {
    const text = `stages:
  RESEARCH: { work_agent: pm }
  PLAN: { work_agent: pm }
stage_order: [RESERCH, PLAN, PLAN, ZZZ]
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:3 error WORKFLOW_INVALID: stage "RESEARCH" is defined but not in stage_order
        1 | stages:
        2 |   RESEARCH: { work_agent: pm }
          |   ^^^^^^^^
        hint: Add "- RESEARCH" to stage_order, or remove the stage.

      stages.yaml:4:15 error WORKFLOW_INVALID: stage_order names stage "RESERCH", which is not defined
        3 |   PLAN: { work_agent: pm }
        4 | stage_order: [RESERCH, PLAN, PLAN, ZZZ]
          |               ^^^^^^^
        hint: did you mean "RESEARCH"?

      stages.yaml:4:30 error WORKFLOW_INVALID: stage_order names "PLAN" twice; the first is in line 4
        3 |   PLAN: { work_agent: pm }
        4 | stage_order: [RESERCH, PLAN, PLAN, ZZZ]
          |                              ^^^^
        hint: Remove one of them.

      stages.yaml:4:36 error WORKFLOW_INVALID: stage_order names stage "ZZZ", which is not defined
        3 |   PLAN: { work_agent: pm }
        4 | stage_order: [RESERCH, PLAN, PLAN, ZZZ]
          |                                    ^^^
        hint: Define it under stages.

      4 errors
      "
    `);
  });

  it("demands an agent or a command but in the last stage", () => {
    const text = `stages:
  A: {}
  B: { review_agent: reviewer, is_acceptance_test_stage: true }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:3 error WORKFLOW_INVALID: stage "A" has neither work_agent nor run
        1 | stages:
        2 |   A: {}
          |   ^
        hint: Add one of them; only the last stage may have none, and then completes by itself.

      stages.yaml:3:3 error WORKFLOW_INVALID: stage "B" has neither work_agent nor run
        2 |   A: {}
        3 |   B: { review_agent: reviewer, is_acceptance_test_stage: true }
          |   ^
        hint: Add the agent that does the work.

      2 errors
      "
    `);
  });

  it("demands both agents of a review", () => {
    const text = `stages:
  A: { is_review_stage: true, work_agent: pm }
  B: { is_review_stage: true }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:3 error WORKFLOW_INVALID: review stage "A" has no review_agent
        1 | stages:
        2 |   A: { is_review_stage: true, work_agent: pm }
          |   ^
        hint: review_agent judges, work_agent mends what was rejected; a review stage needs both.

      stages.yaml:3:3 error WORKFLOW_INVALID: review stage "B" has no work_agent and no review_agent
        2 |   A: { is_review_stage: true, work_agent: pm }
        3 |   B: { is_review_stage: true }
          |   ^
        hint: review_agent judges, work_agent mends what was rejected; a review stage needs both.

      2 errors
      "
    `);
  });

  it("refuses two kinds in one stage", () => {
    const text = `stages:
  A: { is_review_stage: true, is_acceptance_test_stage: true, work_agent: pm, review_agent: reviewer }
  B: { run: [make], is_review_stage: true }
  C: { run: [make], is_acceptance_test_stage: true }
  D: { run: [make], work_agent: pm, checks: [make test] }
  E: { artifacts: [x.md], checks: [make] }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:31 error WORKFLOW_INVALID: stage "A" is both a review stage and an acceptance test stage
        1 | stages:
        2 |   A: { is_review_stage: true, is_acceptance_test_stage: true, work_agent: pm, review_agent: reviewer }
          |                               ^^^^^^^^^^^^^^^^^^^^^^^^
        hint: Make them two stages.

      stages.yaml:3:21 error WORKFLOW_INVALID: stage "B" has both run and is_review_stage
        2 |   A: { is_review_stage: true, is_acceptance_test_stage: true, work_agent: pm, review_agent: reviewer }
        3 |   B: { run: [make], is_review_stage: true }
          |                     ^^^^^^^^^^^^^^^
        hint: A review is done by agents: remove one of them.

      stages.yaml:4:21 error WORKFLOW_INVALID: stage "C" has both run and is_acceptance_test_stage
        3 |   B: { run: [make], is_review_stage: true }
        4 |   C: { run: [make], is_acceptance_test_stage: true }
          |                     ^^^^^^^^^^^^^^^^^^^^^^^^
        hint: Acceptance tests are written by work_agent and run as checks: move the command to checks.

      stages.yaml:5:21 error WORKFLOW_INVALID: stage "D" has both run and work_agent
        4 |   C: { run: [make], is_acceptance_test_stage: true }
        5 |   D: { run: [make], work_agent: pm, checks: [make test] }
          |                     ^^^^^^^^^^
        hint: Remove one of them.

      stages.yaml:5:37 error WORKFLOW_INVALID: stage "D" has checks but no agent that could mend what they find
        4 |   C: { run: [make], is_acceptance_test_stage: true }
        5 |   D: { run: [make], work_agent: pm, checks: [make test] }
          |                                     ^^^^^^
        hint: Make each check a stage of its own with run.

      stages.yaml:6:8 error WORKFLOW_INVALID: stage "E" has artifacts but no agent and no command that could write them
        5 |   D: { run: [make], work_agent: pm, checks: [make test] }
        6 |   E: { artifacts: [x.md], checks: [make] }
          |        ^^^^^^^^^
        hint: Add work_agent or run, or remove the artifacts.

      stages.yaml:6:27 error WORKFLOW_INVALID: stage "E" has checks but no agent that could mend what they find
        5 |   D: { run: [make], work_agent: pm, checks: [make test] }
        6 |   E: { artifacts: [x.md], checks: [make] }
          |                           ^^^^^^
        hint: Make each check a stage of its own with run.

      7 errors
      "
    `);
  });

  it("checks personas", () => {
    const text = `stages:
  A: { work_agent: ba, allowed_personas: [pm, builder] }
  R: { work_agent: ba, review_agent: builder-3, is_review_stage: true, allowed_personas: [reviewer] }
  C: { work_agent: somebody, allowed_personas: [reviewer] }
  D: { parallel_agents: [writer], allowed_personas: [reviewer] }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:20 error WORKFLOW_INVALID: work_agent "ba" of stage "A" is a business_analyst, which allowed_personas does not list
        1 | stages:
        2 |   A: { work_agent: ba, allowed_personas: [pm, builder] }
          |                    ^^
        hint: Choose an agent that is one of project_manager, builder, or add business_analyst.

      stages.yaml:3:38 error WORKFLOW_INVALID: review_agent "builder-3" of stage "R" is a builder, which allowed_personas does not list
        2 |   A: { work_agent: ba, allowed_personas: [pm, builder] }
        3 |   R: { work_agent: ba, review_agent: builder-3, is_review_stage: true, allowed_personas: [reviewer] }
          |                                      ^^^^^^^^^
        hint: Choose an agent that is one of reviewer, or add builder.

      stages.yaml:5:8 warning NOT_IMPLEMENTED: parallel_agents of stage "D": one agent after the other would take its turn, which this version does not do; "writer" does the work alone
        4 |   C: { work_agent: somebody, allowed_personas: [reviewer] }
        5 |   D: { parallel_agents: [writer], allowed_personas: [reviewer] }
          |        ^^^^^^^^^^^^^^^

      stages.yaml:5:25 error WORKFLOW_INVALID: work_agent "writer" of stage "D" is a technical_writer, which allowed_personas does not list
        4 |   C: { work_agent: somebody, allowed_personas: [reviewer] }
        5 |   D: { parallel_agents: [writer], allowed_personas: [reviewer] }
          |                         ^^^^^^^^
        hint: Choose an agent that is one of reviewer, or add technical_writer.

      3 errors, 1 warning
      "
    `);
  });

  it("refuses a name that would be a file and a folder", () => {
    const text = `stages:
  A: { work_agent: pm, artifacts: [a.md, a.md/b] }
  B: { work_agent: pm, artifacts: [out/x/y.md] }
  C: { work_agent: pm, artifacts: [OUT, out/x/z.md, outer] }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:42 error WORKFLOW_INVALID: the artifact "a.md/b" of stage "A" and "a.md" of stage "A" (line 2) cannot both be there: one is a file where the other needs a folder
        1 | stages:
        2 |   A: { work_agent: pm, artifacts: [a.md, a.md/b] }
          |                                          ^^^^^^
        hint: Give one of them another name.

      stages.yaml:4:36 error WORKFLOW_INVALID: the artifact "OUT" of stage "C" and "out/x/y.md" of stage "B" (line 3) cannot both be there: one is a file where the other needs a folder
        3 |   B: { work_agent: pm, artifacts: [out/x/y.md] }
        4 |   C: { work_agent: pm, artifacts: [OUT, out/x/z.md, outer] }
          |                                    ^^^
        hint: Give one of them another name.

      stages.yaml:4:41 error WORKFLOW_INVALID: the artifact "out/x/z.md" of stage "C" and "OUT" of stage "C" (line 4) cannot both be there: one is a file where the other needs a folder
        3 |   B: { work_agent: pm, artifacts: [out/x/y.md] }
        4 |   C: { work_agent: pm, artifacts: [OUT, out/x/z.md, outer] }
          |                                         ^^^^^^^^^^
        hint: Give one of them another name.

      3 errors
      "
    `);
  });

  it("warns of what has no effect on a command", () => {
    const text = `defaults: { exit_criteria: [x], prompt_template: p.md, max_rounds: 3, include_objective: false }
stages:
  A:
    run: make
    exit_criteria: [it builds]
    include_objective: false
    prompt_template: a.md
    allowed_personas: [builder]
    max_rounds: 2
  B: { run: make, exit_criteria: [], allowed_personas: [], prompt_template: null, max_rounds: null }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:5:5 warning WORKFLOW_INVALID: exit_criteria of stage "A" has no effect: it runs a command, no agent
        4 |     run: make
        5 |     exit_criteria: [it builds]
          |     ^^^^^^^^^^^^^
        hint: Remove it, or give the stage an agent.

      stages.yaml:6:5 warning WORKFLOW_INVALID: include_objective of stage "A" has no effect: it runs a command, no agent
        5 |     exit_criteria: [it builds]
        6 |     include_objective: false
          |     ^^^^^^^^^^^^^^^^^
        hint: Remove it, or give the stage an agent.

      stages.yaml:7:5 warning WORKFLOW_INVALID: prompt_template of stage "A" has no effect: it runs a command, no agent
        6 |     include_objective: false
        7 |     prompt_template: a.md
          |     ^^^^^^^^^^^^^^^
        hint: Remove it, or give the stage an agent.

      stages.yaml:8:5 warning WORKFLOW_INVALID: allowed_personas of stage "A" has no effect: it runs a command, no agent
        7 |     prompt_template: a.md
        8 |     allowed_personas: [builder]
          |     ^^^^^^^^^^^^^^^^
        hint: Remove it, or give the stage an agent.

      stages.yaml:9:5 warning WORKFLOW_INVALID: max_rounds of stage "A" has no effect: it runs a command, no agent
        8 |     allowed_personas: [builder]
        9 |     max_rounds: 2
          |     ^^^^^^^^^^
        hint: Remove it, or give the stage an agent.

      5 warnings
      "
    `);
  });

  it("warns of what has no effect on a last stage without an agent, but not of what TeamBot writes there", () => {
    const last = (text: string): string => `stages: { A: { work_agent: pm }, Z: ${text} }\n`;
    expect(
      diagnose(
        last("{ exit_criteria: [done], allowed_personas: [], include_objective: false, prompt_template: null }"),
      ),
    ).toBe("");
    expect(
      diagnose(last("{ prompt_template: z.md, allowed_personas: [pm], max_rounds: 2, include_objective: true }")),
    ).toMatchInlineSnapshot(`
      "stages.yaml:1:39 warning WORKFLOW_INVALID: prompt_template of stage "Z" has no effect: nothing of it runs
        1 | stages: { A: { work_agent: pm }, Z: { prompt_template: z.md, allowed_personas: [pm], max_rounds: 2, include_ob
          |                                       ^^^^^^^^^^^^^^^
        hint: Remove it, or add work_agent or run.

      stages.yaml:1:62 warning WORKFLOW_INVALID: allowed_personas of stage "Z" has no effect: nothing of it runs
        1 | stages: { A: { work_agent: pm }, Z: { prompt_template: z.md, allowed_personas: [pm], max_rounds: 2, include_ob
          |                                                              ^^^^^^^^^^^^^^^^
        hint: Remove it, or add work_agent or run.

      stages.yaml:1:86 warning WORKFLOW_INVALID: max_rounds of stage "Z" has no effect: nothing of it runs
        1 | template: z.md, allowed_personas: [pm], max_rounds: 2, include_objective: true } }
          |                                         ^^^^^^^^^^
        hint: Remove it, or add work_agent or run.

      stages.yaml:1:101 warning WORKFLOW_INVALID: include_objective of stage "Z" has no effect: nothing of it runs
        1 |  allowed_personas: [pm], max_rounds: 2, include_objective: true } }
          |                                         ^^^^^^^^^^^^^^^^^
        hint: Remove it, or add work_agent or run.

      4 warnings
      "
    `);
  });

  it("warns of rounds where nothing makes a second one", () => {
    const text = `defaults: { max_rounds: 5 }
stages:
  A: { work_agent: pm, max_rounds: 2 }
  B: { work_agent: pm, max_rounds: 2, checks: [make] }
  C: { work_agent: pm, max_rounds: 2 }
  R: { work_agent: pm, review_agent: reviewer, is_review_stage: true, max_rounds: 2 }
  T: { work_agent: pm, is_acceptance_test_stage: true, max_rounds: 2 }
work_to_review_mapping: { C: R }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:3:24 warning WORKFLOW_INVALID: max_rounds of stage "A" has no effect: it has no checks and reviews nothing, so there is one round
        2 | stages:
        3 |   A: { work_agent: pm, max_rounds: 2 }
          |                        ^^^^^^^^^^
        hint: Remove it, or add checks or a review stage.

      stages.yaml:5:24 warning WORKFLOW_INVALID: max_rounds of stage "C" has no effect: it has no checks and reviews nothing, so there is one round
        4 |   B: { work_agent: pm, max_rounds: 2, checks: [make] }
        5 |   C: { work_agent: pm, max_rounds: 2 }
          |                        ^^^^^^^^^^
        hint: Write it in "R", which judges "C", or add checks.

      2 warnings
      "
    `);
  });

  it("warns of a reviewer that judges nothing", () => {
    const text = `stages:
  A: { work_agent: pm, review_agent: reviewer }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:24 warning WORKFLOW_INVALID: review_agent of stage "A" has no effect: it is not a review stage
        1 | stages:
        2 |   A: { work_agent: pm, review_agent: reviewer }
          |                        ^^^^^^^^^^^^
        hint: Remove it, or add a stage with is_review_stage: true and name it in work_to_review_mapping.

      1 warning
      "
    `);
  });

  it("refuses paths that lead out or do not work everywhere", () => {
    const text = `stages:
  A: { work_agent: pm, artifacts: [../a.md, 'b\\c.md', con.md], prompt_template: /etc/passwd }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:36 error CONFIG_INVALID: "../a.md" cannot be an artifact: it has a part ".."
        1 | stages:
        2 |   A: { work_agent: pm, artifacts: [../a.md, 'b\\c.md', con.md], prompt_template: /etc/passwd }
          |                                    ^^^^^^^
        hint: Use a relative path that stays in the folder and works on every system.

      stages.yaml:2:45 error CONFIG_INVALID: "b\\c.md" cannot be an artifact: write / between its parts
        1 | stages:
        2 |   A: { work_agent: pm, artifacts: [../a.md, 'b\\c.md', con.md], prompt_template: /etc/passwd }
          |                                             ^^^^^^^^
        hint: Use a relative path that stays in the folder and works on every system.

      stages.yaml:2:55 error CONFIG_INVALID: "con.md" cannot be an artifact: "con.md" is a device name on Windows
        1 | stages:
        2 |   A: { work_agent: pm, artifacts: [../a.md, 'b\\c.md', con.md], prompt_template: /etc/passwd }
          |                                                       ^^^^^^
        hint: Use a relative path that stays in the folder and works on every system.

      stages.yaml:2:81 error CONFIG_INVALID: "/etc/passwd" cannot be a prompt template: it is absolute
        1 | stages:
        2 |   A: { work_agent: pm, artifacts: [../a.md, 'b\\c.md', con.md], prompt_template: /etc/passwd }
          |                                                                                 ^^^^^^^^^^^
        hint: Use a relative path that stays in the folder and works on every system.

      4 errors
      "
    `);
  });

  it("gives an artifact to one stage", () => {
    const text = `stages:
  A: { work_agent: pm, artifacts: [a.md, a.md] }
  B: { work_agent: pm, artifacts: [A.md] }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:42 error WORKFLOW_INVALID: stage "A" declares the artifact "a.md" twice
        1 | stages:
        2 |   A: { work_agent: pm, artifacts: [a.md, a.md] }
          |                                          ^^^^
        hint: Remove one of them.

      stages.yaml:3:36 error WORKFLOW_INVALID: the artifact "A.md" of stage "B" belongs to stage "A" (line 2)
        2 |   A: { work_agent: pm, artifacts: [a.md, a.md] }
        3 |   B: { work_agent: pm, artifacts: [A.md] }
          |                                    ^^^^
        hint: Give it another name; only the review stage that judges "A" may share it.

      2 errors
      "
    `);
  });

  it("demands an acceptance stage before what requires it", () => {
    const text = `stages:
  A: { work_agent: pm, requires_acceptance_tests_passed: true }
  T: { work_agent: pm, is_acceptance_test_stage: true }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:24 error WORKFLOW_INVALID: stage "A" requires passed acceptance tests, but no acceptance test stage comes before it
        1 | stages:
        2 |   A: { work_agent: pm, requires_acceptance_tests_passed: true }
          |                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        hint: Write "is_acceptance_test_stage: true" in the stage that runs them, or remove the demand.

      1 error
      "
    `);
  });
});

describe("groups", () => {
  it("names the fix for two members with one agent", () => {
    const text = `stages:
  START: { work_agent: pm }
  A: { work_agent: builder-1, artifacts: [a.md] }
  B: { work_agent: builder-1, artifacts: [b.md] }
  END: { work_agent: pm }
parallel_groups:
  g: { stages: [A, B] }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:4:20 error WORKFLOW_INVALID: "A" (line 3) and "B" of group "g" have the same work_agent "builder-1"
        3 |   A: { work_agent: builder-1, artifacts: [a.md] }
        4 |   B: { work_agent: builder-1, artifacts: [b.md] }
          |                    ^^^^^^^^^
        hint: One agent does one stage at a time: give "B" another one, such as "builder-2", or take it out of the group.

      1 error
      "
    `);
  });

  it("shows the stage where the agent comes from the defaults", () => {
    const text = `defaults: { work_agent: pm, writes: artifacts }
stages: { A: {}, B: {} }
parallel_groups: { g: { stages: [A, B] } }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:18 error WORKFLOW_INVALID: "A" (line 2) and "B" of group "g" have the same work_agent "pm"
        1 | defaults: { work_agent: pm, writes: artifacts }
        2 | stages: { A: {}, B: {} }
          |                  ^
        hint: One agent does one stage at a time: give "B" another one, such as "pm-2", or take it out of the group.

      1 error
      "
    `);
  });

  it("compares after and before with the order", () => {
    const text = `stages:
  START: { work_agent: pm }
  A: { work_agent: builder-1, artifacts: [a.md] }
  B: { work_agent: builder-2, artifacts: [b.md] }
  END: { work_agent: pm }
stage_order: [START, A, B, END]
parallel_groups:
  g:
    after: END
    stages: [A, B]
    before: START
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:9:12 error WORKFLOW_INVALID: after of group "g" is END (line 6), but START (line 6) stands just before A (line 6) in stage_order
        8 |   g:
        9 |     after: END
          |            ^^^
        hint: Write "after: START" or leave it out, or change stage_order.

      stages.yaml:11:13 error WORKFLOW_INVALID: before of group "g" is START (line 6), but END (line 6) stands just behind B (line 6) in stage_order
        10 |     stages: [A, B]
        11 |     before: START
           |             ^^^^^
        hint: Write "before: END" or leave it out, or change stage_order.

      2 errors
      "
    `);
  });

  it("says when nothing stands before or behind a group", () => {
    const text = `stages:
  START: { work_agent: pm }
  A: { work_agent: builder-1, artifacts: [a.md] }
  B: { work_agent: builder-2, artifacts: [b.md] }
  END: { work_agent: pm }
parallel_groups:
  g: { after: B, stages: [START, A] }
  h: { stages: [END], before: A }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:7:15 error WORKFLOW_INVALID: after of group "g" is B (line 4), but nothing stands before START (line 2) in stage_order
        6 | parallel_groups:
        7 |   g: { after: B, stages: [START, A] }
          |               ^
        hint: Remove "after", or change stage_order.

      stages.yaml:8:31 error WORKFLOW_INVALID: before of group "h" is A (line 3), but nothing stands behind END (line 5) in stage_order
        7 |   g: { after: B, stages: [START, A] }
        8 |   h: { stages: [END], before: A }
          |                               ^
        hint: Remove "before", or change stage_order.

      2 errors
      "
    `);
  });

  it("demands members that stand together", () => {
    const text = `stages:
  START: { work_agent: pm }
  A: { work_agent: builder-1, artifacts: [a.md] }
  B: { work_agent: builder-2, artifacts: [b.md] }
  END: { work_agent: pm }
parallel_groups:
  g: { stages: [A, END] }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:7:20 error WORKFLOW_INVALID: the stages of group "g" do not stand together in stage_order: B (line 4) is between A (line 3) and END (line 5)
        6 | parallel_groups:
        7 |   g: { stages: [A, END] }
          |                    ^^^
        hint: Move "B" out of there in stage_order, or add it to the group.

      1 error
      "
    `);
  });

  it("refuses members that are unknown, doubled, shared or terminal", () => {
    const text = `stages:
  START: { work_agent: pm }
  A: { work_agent: builder-1, artifacts: [a.md] }
  B: { work_agent: builder-2, artifacts: [b.md] }
  END: { work_agent: pm }
  LAST: {}
parallel_groups:
  g: { stages: [A, A, BB] }
  h: { stages: [A, B, LAST], after: NOWHERE }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:8:20 error WORKFLOW_INVALID: group "g" names "A" twice
        7 | parallel_groups:
        8 |   g: { stages: [A, A, BB] }
          |                    ^
        hint: A stage is in one group, once.

      stages.yaml:8:23 error WORKFLOW_INVALID: group "g" names stage "BB", which is not defined
        7 | parallel_groups:
        8 |   g: { stages: [A, A, BB] }
          |                       ^^
        hint: Define it under stages.

      stages.yaml:9:17 error WORKFLOW_INVALID: "A" is in group "g" and in group "h"
        8 |   g: { stages: [A, A, BB] }
        9 |   h: { stages: [A, B, LAST], after: NOWHERE }
          |                 ^
        hint: A stage is in one group, once.

      stages.yaml:9:23 error WORKFLOW_INVALID: "LAST" cannot be in group "h": it has no agent and no command, nothing of it runs
        8 |   g: { stages: [A, A, BB] }
        9 |   h: { stages: [A, B, LAST], after: NOWHERE }
          |                       ^^^^
        hint: Take it out of the group, or give it work_agent or run.

      stages.yaml:9:37 error WORKFLOW_INVALID: after of group "h" names stage "NOWHERE", which is not defined
        8 |   g: { stages: [A, A, BB] }
        9 |   h: { stages: [A, B, LAST], after: NOWHERE }
          |                                     ^^^^^^^
        hint: Define it under stages.

      5 errors
      "
    `);
  });

  it("refuses two writers of one tree", () => {
    const text = `stages:
  START: { work_agent: pm }
  A: { work_agent: builder-1, writes: tree }
  B: { work_agent: builder-2 }
  END: { work_agent: pm }
parallel_groups:
  g: { stages: [A, B] }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:7:20 error WORKFLOW_INVALID: "A" and "B" of group "g" may write the working tree at the same time
        6 | parallel_groups:
        7 |   g: { stages: [A, B] }
          |                    ^
        hint: Declare the artifacts of "B" or write "writes: artifacts" if that is all it leaves; write "writes: tree" in each of them to take the risk.

      1 error
      "
    `);
  });
});

describe("reviews", () => {
  it("checks the mapping", () => {
    const text = `stages:
  W: { work_agent: pm }
  V: { work_agent: pm }
  R: { work_agent: pm, review_agent: reviewer, is_review_stage: true }
  X: { work_agent: pm }
work_to_review_mapping:
  W: R
  V: R
  X: R
  R: W
  Z: R
  Y: Q
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:8:6 error WORKFLOW_INVALID: "R" is to judge both "W" (line 7) and "V"
        7 |   W: R
        8 |   V: R
          |      ^
        hint: Give each of them a review stage of its own.

      stages.yaml:9:6 error WORKFLOW_INVALID: "R" cannot judge "X": R (line 4) does not come after X (line 5) in stage_order
        8 |   V: R
        9 |   X: R
          |      ^
        hint: Move the review behind the work.

      stages.yaml:10:6 error WORKFLOW_INVALID: "W", which is to judge "R", is not a review stage
         9 |   X: R
        10 |   R: W
           |      ^
        hint: Write "is_review_stage: true" and a review_agent in "W".

      stages.yaml:11:3 error WORKFLOW_INVALID: work_to_review_mapping names stage "Z", which is not defined
        10 |   R: W
        11 |   Z: R
           |   ^
        hint: Define it under stages.

      stages.yaml:12:3 error WORKFLOW_INVALID: work_to_review_mapping names stage "Y", which is not defined
        11 |   Z: R
        12 |   Y: Q
           |   ^
        hint: Define it under stages.

      stages.yaml:12:6 error WORKFLOW_INVALID: work_to_review_mapping names stage "Q", which is not defined
        11 |   Z: R
        12 |   Y: Q
           |      ^
        hint: Define it under stages.

      6 errors
      "
    `);
  });

  it("does not let a member of a group judge another", () => {
    const text = `stages:
  START: { work_agent: pm }
  A: { work_agent: builder-1, artifacts: [a.md] }
  B: { work_agent: builder-2, review_agent: r, is_review_stage: true, artifacts: [b.md] }
  END: { work_agent: pm }
parallel_groups:
  g: { stages: [A, B] }
work_to_review_mapping: { A: B }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:8:30 error WORKFLOW_INVALID: "B" cannot judge "A": both are in group "g" and run at the same time
        7 |   g: { stages: [A, B] }
        8 | work_to_review_mapping: { A: B }
          |                              ^
        hint: Take "B" out of the group and put it behind it.

      1 error
      "
    `);
  });
});
