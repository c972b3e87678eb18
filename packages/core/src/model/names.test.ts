import { expect, test } from "vitest";
import { defineStage, defineWorkflow } from "./define.js";
import { inputVariable, isId, stageOfTurn, turnId } from "./ids.js";
import { interruptReason } from "./interrupt.js";
import { lookUp } from "./look-up.js";
import { pathProblem } from "./path-name.js";
import { RUN_TRANSITIONS, STAGE_TRANSITIONS, satisfiesNeed } from "./status.js";
import { DEFAULT_MAX_ROUNDS, DEFAULT_RETRY } from "./workflow.js";

test("an id is short, plain and begins with a letter or a digit", () => {
  expect(["A", "9", "a.b_c-D", "x".repeat(64)].map(isId)).toEqual([true, true, true, true]);
  expect(["", ".a", "-a", "a b", "a/b", "ä", "x".repeat(65), "a\n"].map(isId)).toEqual(Array(8).fill(false));
});

test("a turn id leads back to its stage, also when the stage's id has dots", () => {
  expect(turnId("A", 1)).toBe("A.1");
  expect([turnId("A", 1), turnId("A.1", 12)].map(stageOfTurn)).toEqual(["A", "A.1"]);
});

test("the variable of an input is one that every shell takes", () => {
  expect(["a", "a-b", "A.b_9"].map(inputVariable)).toEqual([
    "TROUPE_INPUT_A",
    "TROUPE_INPUT_A_B",
    "TROUPE_INPUT_A_B_9",
  ]);
});

test("a reason that no engine gives means that somebody stopped the process", () => {
  expect(["crashed", "fail-fast", "SIGTERM", undefined].map((reason) => interruptReason({ reason }))).toEqual([
    "crashed",
    "fail-fast",
    "stopped",
    "stopped",
  ]);
});

test("completed and skipped stages satisfy a need, nothing else does", () => {
  const statuses = ["pending", "running", "waiting", "failed", "cancelled", "completed", "skipped"] as const;
  expect(statuses.filter(satisfiesNeed)).toEqual(["completed", "skipped"]);
});

test("the tables of legal transitions", () => {
  expect(STAGE_TRANSITIONS).toEqual({
    pending: ["running", "completed", "skipped", "failed", "cancelled"],
    running: ["completed", "failed", "cancelled", "waiting", "pending"],
    waiting: ["completed", "running", "cancelled", "pending"],
    failed: ["pending"],
    cancelled: ["pending"],
    completed: ["pending"],
    skipped: ["pending"],
  });
  expect(RUN_TRANSITIONS).toEqual({
    running: ["waiting", "interrupted", "limited", "failed", "cancelled", "succeeded", "running"],
    waiting: ["running"],
    interrupted: ["running"],
    limited: ["running"],
    failed: ["running"],
    cancelled: ["running"],
    succeeded: [],
  });
});

test.each([
  ["plan.md", null],
  ["docs/plan v2.md", null],
  [".hidden/ünïcode.md", null],
  ["", "it is empty"],
  ["a\0b", "it has a NUL character"],
  ["/etc/passwd", "it is absolute"],
  ["\\\\server\\share", "it is absolute"],
  ["C:\\x", "it is absolute"],
  ["c:x", "it is absolute"],
  ["a//b", "it has an empty part"],
  ["a/", "it has an empty part"],
  ["../x", 'it has a part ".."'],
  ["a\\..\\x", 'it has a part ".."'],
  ["./x", 'it has a part "."'],
  ["aux", '"aux" is a device name on Windows'],
  ["x/COM1.txt", '"COM1.txt" is a device name on Windows'],
  ["a?b", '"a?b" has a character that Windows forbids'],
  ["a\tb", '"a\tb" has a character that Windows forbids'],
  ["a./b", '"a." ends in a dot or a space, which Windows drops'],
  ["a ", '"a " ends in a dot or a space, which Windows drops'],
  ["é".repeat(128), "a part is longer than 255 bytes"],
])("the path %j: %s", (path, problem) => {
  expect(pathProblem(path)).toBe(problem);
});

test("a stage has the defaults of the file, and whatever its draft says instead", () => {
  expect(defineStage({ id: "A", name: "First", maxRounds: 2 })).toEqual({
    id: "A",
    name: "First",
    description: "",
    kind: "work",
    workAgent: null,
    reviewAgent: null,
    run: null,
    reviews: null,
    checks: [],
    artifacts: [],
    exitCriteria: [],
    optional: false,
    includeObjective: true,
    promptTemplate: null,
    writes: "artifacts",
    approval: false,
    needs: [],
    group: null,
    maxRounds: 2,
    timeoutMs: null,
    idleTimeoutMs: null,
    retry: DEFAULT_RETRY,
    requiresAcceptance: [],
  });
  expect(DEFAULT_MAX_ROUNDS).toBe(4);
});

test("the members of a group get its name; a group that says nothing continues after a failure, without a limit", () => {
  const workflow = defineWorkflow({
    name: "w",
    stages: [{ id: "A" }, { id: "B" }, { id: "C", group: "own" }],
    groups: [{ name: "g", stages: ["A"] }],
  });
  expect(workflow.stages.map(({ group }) => group)).toEqual(["g", null, "own"]);
  expect(workflow.groups).toEqual([
    { name: "g", stages: ["A"], after: null, before: null, maxConcurrent: null, onFailure: "continue" },
  ]);
  expect(defineWorkflow({ name: "w", stages: [{ id: "A" }] })).toMatchObject({ version: 1, groups: [], inputs: [] });
});

test("what an index lacks is a mistake of Troupe, not nothing", () => {
  const index = new Map([["A", 1]]);
  expect(lookUp(index, "A")).toBe(1);
  expect(() => lookUp(index, "Z")).toThrow("nothing is known of Z");
});
