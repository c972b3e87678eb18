import { test } from "vitest";
import { definitionOf } from "../../test/hand-run.js";
import { journalOf } from "../../test/instant-run.js";
import { expectPlanIsDone } from "../../test/planned-resume.js";
import type { RunDefinition, StageDraft } from "../index.js";

const STAGES: readonly StageDraft[] = [
  { id: "START", workAgent: "s", artifacts: ["start.md"] },
  { id: "A1", workAgent: "a1", needs: ["START"] },
  { id: "A2", workAgent: "a2", needs: ["START"] },
  { id: "JOIN", workAgent: "j", needs: ["A1", "A2"] },
  { id: "B1", kind: "review", workAgent: "b1", reviewAgent: "r", needs: ["JOIN"] },
  { id: "B2", workAgent: "b2", needs: ["JOIN"] },
  { id: "B3", kind: "command", run: { argv: ["make"] }, needs: ["JOIN"] },
  { id: "GATE", workAgent: "g", needs: ["B1", "B2", "B3"] },
  { id: "C1", workAgent: "c1", needs: ["GATE"] },
  { id: "C2", workAgent: "c2", needs: ["GATE"] },
];

const GROUPS = [
  { name: "first", stages: ["A1", "A2"] },
  { name: "second", stages: ["B1", "B2", "B3"] },
  { name: "third", stages: ["C1", "C2"] },
];

function flow(edited: string | null, change: Partial<StageDraft> = {}): RunDefinition {
  return definitionOf(
    STAGES.map((stage) => (stage.id === edited ? { ...stage, ...change } : stage)),
    GROUPS,
  );
}

const UNEDITED = await journalOf(flow(null));
const WITH_FAILURE = await journalOf(flow(null), ["B2.1"]);
const EDITS = STAGES.flatMap(({ id = "" }) => [
  { id, what: "what it is to do", change: { description: "something else" } },
  { id, what: "its name and its patience", change: { name: "other", timeoutMs: 5 } },
]);

test.each(EDITS)(
  "three groups, killed at any entry, $what of $id edited: what was planned runs",
  async ({ id, change }) => {
    await expectPlanIsDone(UNEDITED, UNEDITED.length - 1, flow(id, change));
    await expectPlanIsDone(WITH_FAILURE, WITH_FAILURE.length, flow(id, change));
  },
);
