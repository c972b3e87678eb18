import { expect, test } from "vitest";
import { plain, review } from "../../test/prompt-fixtures.js";
import { defineStage } from "./define.js";
import { buildPrompt } from "./prompt.js";
import type { PromptParts } from "./prompt-parts.js";

const BUILD = defineStage({ id: "BUILD", parallelAgents: ["ann", "bob", "cid"], artifacts: ["notes.md"] });

/** The sections of a prompt with these words in their titles. */
function sections(parts: PromptParts, ...titles: readonly string[]): string {
  const all = buildPrompt(parts).split(/\n(?=## )/);
  return all.filter((section) => titles.some((title) => section.startsWith(`## ${title}`))).join("\n");
}

function partOf(part: NonNullable<PromptParts["part"]>): PromptParts {
  return { ...plain, stage: BUILD, required: ["notes.md"], part };
}

test("each of several agents learns who it is, what is its part, and what those before it have answered", () => {
  const others = [{ agent: "ann", output: { text: "The parser is done.", path: null } }];
  const parts = partOf({ agent: "bob", agents: ["ann", "bob", "cid"], atOnce: 1, others });
  expect(sections(parts, "Your part", "Required")).toMatchInlineSnapshot(`
    "## Your part

    You are \`bob\`, number 2 of 3 agents that do the work of this stage, each in a turn of its own. The others are \`ann\`, \`cid\`.

    You take your turns one after another: what those before you have done is there already.

    Where the stage, the plan or the objective says who does what, do what is yours. Otherwise count its tasks in their order: yours are number 2, 5 and so on. Do not do the others' part.

    What ann answered:

    > The parser is done.

    ## Required artifacts

    When all agents of this stage are done, these files must lie in the artifacts folder, complete. Write those that fall to you, and of a file that is there already a new version only where your part of it is missing:

    - \`notes.md\`
    "
  `);
});

test("two that work at the same time are told to leave each other's work alone", () => {
  const parts = partOf({ agent: "ann", agents: ["ann", "bob"], atOnce: 2, others: [] });
  expect(sections(parts, "Your part")).toMatchInlineSnapshot(`
    "## Your part

    You are \`ann\`, number 1 of 2 agents that do the work of this stage, each in a turn of its own. The other is \`bob\`.

    They may be at work at this very moment, in the same folders: change only what belongs to your part, and leave alone what others have just written.

    Where the stage, the plan or the objective says who does what, do what is yours. Otherwise count its tasks in their order: yours are number 1, 3 and so on. Do not do the others' part.
    "
  `);
});

test("an agent that is alone has no part of its own", () => {
  expect(sections(partOf({ agent: "ann", agents: ["ann"], atOnce: 1, others: [] }), "Your part")).toBe("");
});

test("what several agents answered carries their names, for those who come after and for a reviewer", () => {
  const output = { text: "Done.", path: null };
  const inputs: PromptParts["inputs"] = [{ stage: "BUILD", agent: "ann", name: null, output }];
  expect(sections({ ...plain, inputs }, "From earlier")).toContain("What ann of BUILD answered:");
  const underReview = { stage: "BUILD", name: "BUILD", outputs: [{ agent: "bob", ...output }], artifacts: [] };
  expect(sections({ ...review, underReview }, "Work under review")).toContain("What bob answered:");
});

test.each([
  [{ passed: 1, failed: 0, skipped: 0 }, "1 test passed, 0 failed"],
  [{ passed: 3, failed: 1, skipped: 2 }, "3 tests passed, 1 failed, 2 skipped"],
])("a check with a report tells how many tests passed: %j", (tests, told) => {
  const check = { command: "npm test", passed: true, exitCode: 0, durationMs: 1, tests };
  expect(buildPrompt({ ...review, evidence: { changes: "", checks: [check] } })).toContain(told);
});
