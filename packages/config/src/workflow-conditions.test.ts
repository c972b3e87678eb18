import { describe, expect, it } from "vitest";
import { diagnose, parse, stageOf } from "../test/workflow-fixtures.js";

describe("when", () => {
  it("reaches the model as it is written", () => {
    const workflow = parse(`inputs: { MODE: { default: full } }
stages:
  A: { work_agent: pm, optional: true, when: { input: MODE, equals: full } }
  B: { work_agent: pm }
  C:
    work_agent: pm
    optional: true
    when:
      all:
        - { stage: A, is: completed }
        - any: [{ input: MODE, equals: "" }, { not: { stage: A, is: skipped } }]
`);
    expect(stageOf(workflow, "A").when).toEqual({ input: "MODE", equals: "full" });
    expect("when" in stageOf(workflow, "B")).toBe(false);
    expect(stageOf(workflow, "C").when).toEqual({
      all: [
        { stage: "A", is: "completed" },
        { any: [{ input: "MODE", equals: "" }, { not: { stage: "A", is: "skipped" } }] },
      ],
    });
  });

  it("is for optional stages, which may be so by the defaults", () => {
    const text = `inputs: { MODE: }
stages:
  A: { work_agent: pm, when: { input: MODE, equals: full } }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:3:24 error WORKFLOW_INVALID: stage "A" has a condition and is not optional
        2 | stages:
        3 |   A: { work_agent: pm, when: { input: MODE, equals: full } }
          |                        ^^^^
        hint: Write "optional: true" in it: only an optional stage may be skipped.

      1 error
      "
    `);
    expect(diagnose(`defaults: { optional: true }\n${text}`)).toBe("");
  });

  it("names only declared inputs and stages upstream", () => {
    const text = `inputs: { MODE: }
defaults: { optional: true, writes: artifacts }
stages:
  ALPHA: { work_agent: pm }
  B: { work_agent: ba, when: { input: MOED, equals: x } }
  C: { work_agent: pm, when: { all: [{ stage: ALHPA, is: skipped }, { stage: C, is: completed }] } }
  D: { work_agent: d, needs: [ALPHA], when: { not: { stage: C, is: completed } } }
  E: { work_agent: pm, needs: [B], when: { any: [{ stage: LAST, is: completed }, { input: X, equals: y }] } }
  LAST: { work_agent: pm }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:5:39 error WORKFLOW_INVALID: when of stage "B" names input "MOED", which is not declared
        4 |   ALPHA: { work_agent: pm }
        5 |   B: { work_agent: ba, when: { input: MOED, equals: x } }
          |                                       ^^^^
        hint: did you mean "MODE"?

      stages.yaml:6:47 error WORKFLOW_INVALID: when of stage "C" names stage "ALHPA", which is not defined
        5 |   B: { work_agent: ba, when: { input: MOED, equals: x } }
        6 |   C: { work_agent: pm, when: { all: [{ stage: ALHPA, is: skipped }, { stage: C, is: completed }] } }
          |                                               ^^^^^
        hint: did you mean "ALPHA"?

      stages.yaml:6:78 error WORKFLOW_INVALID: when of stage "C" looks at "C" itself
        5 |   B: { work_agent: ba, when: { input: MOED, equals: x } }
        6 |   C: { work_agent: pm, when: { all: [{ stage: ALHPA, is: skipped }, { stage: C, is: completed }] } }
          |                                                                              ^
        hint: A condition is decided before its stage starts: name a stage that comes before.

      stages.yaml:7:61 error WORKFLOW_INVALID: when of stage "D" looks at "C", which "D" does not wait for
        6 |   C: { work_agent: pm, when: { all: [{ stage: ALHPA, is: skipped }, { stage: C, is: completed }] } }
        7 |   D: { work_agent: d, needs: [ALPHA], when: { not: { stage: C, is: completed } } }
          |                                                             ^
        hint: Let "D" come after "C", by the order or by needs.

      stages.yaml:8:20 error WORKFLOW_INVALID: "C" (line 6) and "E" may run at the same time and have the same work_agent "pm"
        7 |   D: { work_agent: d, needs: [ALPHA], when: { not: { stage: C, is: completed } } }
        8 |   E: { work_agent: pm, needs: [B], when: { any: [{ stage: LAST, is: completed }, { input: X, equals: y }] } }
          |                    ^^
        hint: One agent does one stage at a time: give "E" another one, such as "pm-2", or let one of them need the other.

      stages.yaml:8:59 error WORKFLOW_INVALID: when of stage "E" looks at "LAST", which "E" does not wait for
        7 |   D: { work_agent: d, needs: [ALPHA], when: { not: { stage: C, is: completed } } }
        8 |   E: { work_agent: pm, needs: [B], when: { any: [{ stage: LAST, is: completed }, { input: X, equals: y }] } }
          |                                                           ^^^^
        hint: Let "E" come after "LAST", by the order or by needs.

      stages.yaml:8:91 error WORKFLOW_INVALID: when of stage "E" names input "X", which is not declared
        8 | … stage: LAST, is: completed }, { input: X, equals: y }] } }
          |                                          ^
        hint: Declare it: inputs: { X: {} }.

      stages.yaml:9:23 error WORKFLOW_INVALID: "C" (line 6) and "LAST" may run at the same time and have the same work_agent "pm"
        8 |   E: { work_agent: pm, needs: [B], when: { any: [{ stage: LAST, is: completed }, { input: X, equals: y }] } }
        9 |   LAST: { work_agent: pm }
          |                       ^^
        hint: One agent does one stage at a time: give "LAST" another one, such as "pm-2", or let one of them need the other.

      8 errors
      "
    `);
  });

  it("must be able to come out both ways: a stage that could never run is an error", () => {
    const text = `inputs: { MODE: }
stages:
  A: { work_agent: pm }
  O: { work_agent: pm, optional: true }
  B: { work_agent: pm, optional: true, when: { stage: A, is: skipped } }
  C: { work_agent: pm, optional: true, when: { all: [{ input: MODE, equals: x }, { not: { stage: A, is: completed } }] } }
  D: { work_agent: pm, optional: true, when: { any: [{ stage: O, is: completed }, { stage: A, is: completed }] } }
  E: { work_agent: pm, optional: true, when: { any: [{ stage: O, is: completed }, { stage: A, is: skipped }] } }
  F: { work_agent: pm, optional: true, when: { any: [{ stage: A, is: skipped }, { stage: A, is: skipped }] } }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:5:40 error WORKFLOW_INVALID: stage "B" can never run: its condition never holds
        4 |   O: { work_agent: pm, optional: true }
        5 |   B: { work_agent: pm, optional: true, when: { stage: A, is: skipped } }
          |                                        ^^^^
        hint: "A" is not optional, so it is always completed and never skipped here. Change the condition, or remove the stage.

      stages.yaml:6:40 error WORKFLOW_INVALID: stage "C" can never run: its condition never holds
        5 |   B: { work_agent: pm, optional: true, when: { stage: A, is: skipped } }
        6 |   C: { work_agent: pm, optional: true, when: { all: [{ input: MODE, equals: x }, { not: { stage: A, is: comple…
          |                                        ^^^^
        hint: "A" is not optional, so it is always completed and never skipped here. Change the condition, or remove the stage.

      stages.yaml:7:40 warning WORKFLOW_INVALID: the condition of stage "D" always holds
        6 |   C: { work_agent: pm, optional: true, when: { all: [{ input: MODE, equals: x }, { not: { stage: A, is: comple…
        7 |   D: { work_agent: pm, optional: true, when: { any: [{ stage: O, is: completed }, { stage: A, is: completed }]…
          |                                        ^^^^
        hint: "A" is not optional, so it is always completed and never skipped here. Remove it, or change it.

      stages.yaml:9:40 error WORKFLOW_INVALID: stage "F" can never run: its condition never holds
        8 |   E: { work_agent: pm, optional: true, when: { any: [{ stage: O, is: completed }, { stage: A, is: skipped }] }…
        9 |   F: { work_agent: pm, optional: true, when: { any: [{ stage: A, is: skipped }, { stage: A, is: skipped }] } }
          |                                        ^^^^
        hint: "A" is not optional, so it is always completed and never skipped here. Change the condition, or remove the stage.

      3 errors, 1 warning
      "
    `);
  });

  it("says what the form of a condition is", () => {
    const text = `inputs: { MODE: }
defaults: { optional: true }
stages:
  A: { work_agent: pm, when: MODE == full }
  B: { work_agent: pm, when: { input: MODE } }
  C: { work_agent: pm, when: { stage: A } }
  D: { work_agent: pm, when: { stage: A, is: done } }
  E: { work_agent: pm, when: { input: MODE, equals: x, stage: A, is: skipped } }
  F: { work_agent: pm, when: {} }
  G: { work_agent: pm, when: { all: [] } }
  H: { work_agent: pm, when: { input: MODE, equals: true } }
  I: { work_agent: pm, when: { any: [{ stge: A, is: skipped }] } }
  J: { work_agent: pm, when: { equals: x } }
  K: { work_agent: pm, when: { not: [] } }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:4:30 error CONFIG_INVALID: stages.A.when must be a condition: { input: NAME, equals: VALUE }, { stage: ID, is: completed or skipped }, { all: [...] }, { any: [...] } or { not: ... }, not "MODE == full"
        3 | stages:
        4 |   A: { work_agent: pm, when: MODE == full }
          |                              ^^^^^^^^^^^^

      stages.yaml:5:24 error CONFIG_INVALID: stages.B.when has no "equals"
        4 |   A: { work_agent: pm, when: MODE == full }
        5 |   B: { work_agent: pm, when: { input: MODE } }
          |                        ^^^^
        hint: It must be a text.

      stages.yaml:6:24 error CONFIG_INVALID: stages.C.when has no "is"
        5 |   B: { work_agent: pm, when: { input: MODE } }
        6 |   C: { work_agent: pm, when: { stage: A } }
          |                        ^^^^
        hint: It must be "completed" or "skipped".

      stages.yaml:7:46 error CONFIG_INVALID: stages.D.when.is must be "completed" or "skipped", not "done"
        6 |   C: { work_agent: pm, when: { stage: A } }
        7 |   D: { work_agent: pm, when: { stage: A, is: done } }
          |                                              ^^^^

      stages.yaml:8:30 error CONFIG_INVALID: stages.E.when must be one condition; all: [...] or any: [...] joins several, not a map
        7 |   D: { work_agent: pm, when: { stage: A, is: done } }
        8 |   E: { work_agent: pm, when: { input: MODE, equals: x, stage: A, is: skipped } }
          |                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

      stages.yaml:9:30 error CONFIG_INVALID: stages.F.when must be a condition: { input: NAME, equals: VALUE }, { stage: ID, is: completed or skipped }, { all: [...] }, { any: [...] } or { not: ... }, not a map
        8 |   E: { work_agent: pm, when: { input: MODE, equals: x, stage: A, is: skipped } }
        9 |   F: { work_agent: pm, when: {} }
          |                              ^^

      stages.yaml:10:37 error CONFIG_INVALID: stages.G.when.all must be a list of at least one condition, not an empty list
         9 |   F: { work_agent: pm, when: {} }
        10 |   G: { work_agent: pm, when: { all: [] } }
           |                                     ^^

      stages.yaml:11:53 error CONFIG_INVALID: stages.H.when.equals must be a text, not true
        10 |   G: { work_agent: pm, when: { all: [] } }
        11 |   H: { work_agent: pm, when: { input: MODE, equals: true } }
           |                                                     ^^^^
        hint: Put it in quotes: "true".

      stages.yaml:12:40 error CONFIG_INVALID: unknown key "stge" in stages.I.when.any[1]
        11 |   H: { work_agent: pm, when: { input: MODE, equals: true } }
        12 |   I: { work_agent: pm, when: { any: [{ stge: A, is: skipped }] } }
           |                                        ^^^^
        hint: did you mean "stage"?

      stages.yaml:13:30 error CONFIG_INVALID: stages.J.when must be a condition: { input: NAME, equals: VALUE }, { stage: ID, is: completed or skipped }, { all: [...] }, { any: [...] } or { not: ... }, not a map
        12 |   I: { work_agent: pm, when: { any: [{ stge: A, is: skipped }] } }
        13 |   J: { work_agent: pm, when: { equals: x } }
           |                              ^^^^^^^^^^^^^

      stages.yaml:14:37 error CONFIG_INVALID: stages.K.when.not must be a condition: { input: NAME, equals: VALUE }, { stage: ID, is: completed or skipped }, { all: [...] }, { any: [...] } or { not: ... }, not an empty list
        13 |   J: { work_agent: pm, when: { equals: x } }
        14 |   K: { work_agent: pm, when: { not: [] } }
           |                                     ^^
        hint: "not" is a key of what stands in stages.K.when: indent it one step further.

      11 errors
      "
    `);
  });
});
