import { expect, test } from "vitest";
import { defined, EDIT_CASES, edit, FIRST } from "../../test/edit-cases.js";
import { definitionOf, HandRun } from "../../test/hand-run.js";
import { planResume } from "./plan-resume.js";
import type { ResumeChoices, ResumePlan } from "./plan-types.js";

/** All but END is finished, and somebody has stopped it there. */
function nearlyDone(): HandRun {
  const run = new HandRun(defined(FIRST));
  run
    .succeed("PLAN.1", { files: ["plan.md"] })
    .succeed("A.1")
    .succeed("C.1")
    .succeed("B.1")
    .judge("B.2", "approved");
  run.tell({ type: "run.stop-requested", by: "SIGINT" }).interrupt("GATE.1", "stopped");
  run.claim().succeed("GATE.2");
  expect(run.state.status).toBe("succeeded");
  run.state.status = "interrupted"; // the same stages, in a run that may go on
  return run;
}

function again({ stages }: ResumePlan): readonly string[] {
  return stages.filter(({ action, reason }) => action === "run" && reason !== "new stage").map(({ stage }) => stage);
}

test.each(EDIT_CASES)("an edit of $name runs again what it reaches, and nothing else", ({ draft, again: expected }) => {
  const { state } = nearlyDone();
  const definition = defined(draft);
  const plan = planResume(state, definition, { changed: "rerun" });
  expect(again(plan).filter((id) => id !== "END")).toEqual(expected);
  const resets = plan.events.flatMap((event) => (event.type === "stage.reset" ? [event.stage] : []));
  expect(resets).toEqual(again(plan));
  expect(again(planResume(state, definition, { changed: "keep" }))).toEqual([]);
  const isTouched = again(plan).some((id) => id !== "EXTRA") || plan.vanished.length > 0;
  expect(planResume(state, definition).asks).toBe(isTouched);
});

test("each reason is told apart, with what was before and what is now", () => {
  const { state } = nearlyDone();
  const reasonOf = (draft: typeof FIRST, stage: string, choices: ResumeChoices = {}) => {
    const one = planResume(state, defined(draft), choices).stages.find((each) => each.stage === stage);
    return one === undefined ? null : [one.reason, one.changes, one.upstream];
  };
  expect(reasonOf(edit("A", { description: "new" }), "A")).toEqual([
    "definition changed",
    [{ part: "definition", key: "description", before: "", after: "new" }],
    [],
  ]);
  expect(reasonOf({ ...FIRST, template: "new" }, "A")).toEqual([
    "prompt changed",
    [{ part: "prompt", key: "prompt_template", before: "sha256 of as A", after: "sha256 of new" }],
    [],
  ]);
  expect(reasonOf({ ...FIRST, model: "new" }, "A")?.[0]).toBe("agent changed");
  expect(reasonOf({ ...FIRST, inputs: { MODE: "new" } }, "GATE")?.[0]).toBe("inputs changed");
  expect(reasonOf(edit("A", { description: "new" }), "GATE")).toEqual(["upstream ran again", [], ["A"]]);
  expect(reasonOf(edit("A", { description: "new" }), "A", { changed: "keep" })?.[0]).toBe("finished");
  expect(reasonOf(FIRST, "B", { from: "B" })?.[0]).toBe("forced");
});

test("from a stage: it and everything after it that depends on it, whatever is finished, and nobody is asked", () => {
  const { state } = nearlyDone();
  const plan = planResume(state, null, { from: "B" });
  expect([again(plan), plan.asks]).toEqual([["B", "GATE", "END"], false]);
  expect(() => planResume(state, null, { from: "GATES" })).toThrow('the workflow has no stage "GATES"');
  expect(() => planResume(state, null, { from: "GATES" })).toThrow(
    expect.objectContaining({ hint: expect.stringContaining("Did you mean GATE?") }),
  );
});

test("from a stage answers only for what it reaches: another finished stage that changed is still asked for", () => {
  const { state } = nearlyDone();
  const plan = planResume(state, defined(edit("A", { description: "new" })), { from: "B" });
  expect(plan.stages.filter(({ asks }) => asks).map(({ stage }) => stage)).toEqual(["A"]);
});

test("of ten independent stages an edit of one runs that one and what depends on it", () => {
  const ids = Array.from({ length: 10 }, (_, index) => `S${index}`);
  const stages = [...ids.map((id) => ({ id, workAgent: id })), { id: "LAST", workAgent: "l", needs: ["S4"] }];
  const run = new HandRun(definitionOf(stages));
  for (const id of ids) run.succeed(`${id}.1`);
  run.fail("LAST.1");
  const edited = stages.map((stage) => (stage.id === "S4" ? { ...stage, description: "edited" } : stage));
  const plan = planResume(run.state, definitionOf(edited), { changed: "rerun" });
  expect(again(plan)).toEqual(["S4", "LAST"]);
  run.lines();
  run.claim({ definition: definitionOf(edited), changed: "rerun" });
  run.succeed("S4.2").succeed("LAST.2");
  expect(run.lines().filter((line) => line.includes("work"))).toEqual([
    "S4.2 work round 1 attempt 1",
    "LAST.2 work round 1 attempt 1",
  ]);
});

test("a stage that vanished is named with the stage that it has become: the one that does the same, else the nearest id", () => {
  const stages = [
    { id: "BUILD", workAgent: "b", description: "builds" },
    { id: "END", workAgent: "e", needs: ["BUILD"] },
  ];
  const run = new HandRun(definitionOf(stages));
  run.succeed("BUILD.1").fail("END.1");
  const vanished = (draft: { readonly id: string; readonly description: string }) => {
    const definition = definitionOf([
      { ...draft, workAgent: "b" },
      { id: "END", workAgent: "e", needs: [draft.id] },
    ]);
    const plan = planResume(run.state, definition);
    return [plan.asks, plan.vanished];
  };
  const gone = { stage: "BUILD", status: "completed", asks: true };
  expect(vanished({ id: "BUILDS", description: "other" })).toEqual([true, [{ ...gone, nearest: "BUILDS" }]]);
  expect(vanished({ id: "COMPILE", description: "builds" })).toEqual([true, [{ ...gone, nearest: "COMPILE" }]]);
  expect(vanished({ id: "WRITE", description: "other" })).toEqual([true, [{ ...gone, nearest: null }]]);
});

test("a stage that was there before is not the new name of one that vanished", () => {
  const both = [
    { id: "BUILD", workAgent: "b", description: "one" },
    { id: "BUILDS", workAgent: "b", description: "other" },
  ];
  const run = new HandRun(definitionOf(both));
  run.succeed("BUILD.1").fail("BUILDS.1");
  const { vanished } = planResume(run.state, definitionOf(both.slice(1)));
  expect(vanished).toEqual([{ stage: "BUILD", status: "completed", asks: true, nearest: null }]);
});

test("a stage in progress whose definition changed starts anew; told to keep, it goes on unless others do its turns", () => {
  const stage = { id: "A", kind: "review", workAgent: "w", reviewAgent: "r" } as const;
  const run = new HandRun(definitionOf([stage]));
  run.succeed("A.1").tell({ type: "run.stop-requested", by: "SIGINT" }).interrupt("A.2", "stopped");
  const planned = (change: object, changed: "ask" | "keep") => {
    const { stages, asks } = planResume(run.state, definitionOf([{ ...stage, ...change }]), { changed });
    return [stages[0]?.reason, stages[0]?.from, asks];
  };
  expect(planned({}, "ask")).toEqual(["interrupted", { round: 1 }, false]);
  expect(planned({ description: "new" }, "ask")).toEqual(["definition changed", "start", false]);
  expect(planned({ description: "new" }, "keep")).toEqual(["interrupted", { round: 1 }, false]);
  expect(planned({ reviewAgent: "s" }, "keep")).toEqual(["agent changed", "start", false]);
});

test("a result that waits for a person is as finished as one that does not", () => {
  const stage = { id: "A", workAgent: "w", approval: true };
  const run = new HandRun(definitionOf([stage]));
  run.succeed("A.1");
  const definition = definitionOf([{ ...stage, description: "new" }]);
  expect(planResume(run.state, definition).asks).toBe(true);
  expect(planResume(run.state, definition, { changed: "keep" }).stages[0]?.action).toBe("wait");
  run.tell({ type: "approval.granted", stage: "A", turn: "A.1", by: "ann", message: null });
  expect(planResume(run.state).stages[0]?.action).toBe("keep");
});

test("what was kept stays kept: the next resume does not ask again", () => {
  const stages = [
    { id: "A", workAgent: "a" },
    { id: "B", workAgent: "b", needs: ["A"] },
    { id: "C", workAgent: "c", needs: ["B"] },
  ];
  const run = new HandRun(definitionOf(stages));
  run.succeed("A.1").succeed("B.1").fail("C.1");
  const moved = definitionOf([
    { id: "NEW", workAgent: "n" },
    { id: "A", workAgent: "a", needs: ["NEW"] },
    ...stages.slice(1),
  ]);
  expect(planResume(run.state, moved).asks).toBe(true);
  run.claim({ definition: moved, changed: "keep" }).fail("NEW.1").fail("C.2");
  const plan = planResume(run.state, moved);
  expect([again(plan), plan.asks]).toEqual([["NEW", "C"], false]);
});

test("a stage that a flag skipped runs when the flag is gone, and what relied on that is asked for", () => {
  const stages = [
    { id: "A", workAgent: "a", optional: true },
    { id: "B", workAgent: "b", needs: ["A"] },
    { id: "C", workAgent: "c", needs: ["B"] },
  ];
  const run = new HandRun(definitionOf(stages, [], { skip: ["A"] }));
  run.succeed("B.1").fail("C.1");
  const plan = planResume(run.state, definitionOf(stages));
  expect(plan.stages.map(({ reason, asks }) => [reason, asks])).toEqual([
    ["no longer skipped", false],
    ["upstream ran again", true],
    ["failed", false],
  ]);
});

test("what was kept skipped stays so for the conditions of others too, at every later resume", () => {
  const stages = [
    { id: "A", workAgent: "a", when: { input: "MODE", equals: "slow" } },
    { id: "B", workAgent: "b", needs: ["A"], when: { not: { stage: "A", is: "skipped" } } },
    { id: "C", workAgent: "c", needs: ["B"] },
    { id: "D", workAgent: "d", needs: ["C"] },
  ] as const;
  const run = new HandRun(definitionOf(stages, [], { inputs: { MODE: "fast" } }));
  run.succeed("C.1").fail("D.1");
  const slow = definitionOf(stages, [], { inputs: { MODE: "slow" } });
  expect(again(planResume(run.state, slow, { changed: "rerun" }))).toEqual(["A", "B", "C", "D"]);
  run.claim({ definition: slow, changed: "keep" }).fail("D.2");
  const asItIs = definitionOf(stages, [], { inputs: { MODE: "slow" } });
  expect(again(planResume(run.state, asItIs, { changed: "rerun" }))).toEqual(["D"]);
});

test("a stage that is not started and will be skipped is expected so by the conditions of others", () => {
  const flow = (isNamed: boolean, is: "skipped" | "completed") =>
    definitionOf(
      [
        { id: "NEW", workAgent: "n", when: { input: "MODE", equals: "slow" } },
        {
          id: "A",
          workAgent: "a",
          ...(isNamed ? { needs: ["NEW"] } : {}),
          when: isNamed ? { stage: "NEW", is } : { input: "MODE", equals: "slow" },
        },
        { id: "B", workAgent: "b" },
      ].slice(isNamed ? 0 : 1),
      [],
      { inputs: { MODE: "fast" } },
    );
  const run = new HandRun(flow(false, "completed"));
  run.fail("B.1");
  expect(again(planResume(run.state, flow(true, "completed"), { changed: "rerun" }))).toEqual(["B"]);
  expect(again(planResume(run.state, flow(true, "skipped"), { changed: "rerun" }))).toEqual(["A", "B"]);
});
