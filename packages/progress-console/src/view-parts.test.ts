import type { ProgressEvent } from "@troupe/core";
import { expect, test } from "vitest";
import {
  claimed,
  createRunScript,
  failed,
  output,
  type ScriptDraft,
  START,
  settled,
  started,
} from "../test/run-script.js";
import { shown } from "../test/show-view.js";

const stage = { id: "BUILD", parallelAgents: ["ann", "bob", "cid", "dan", "eve"] };

function atWork(draft: ScriptDraft): readonly ProgressEvent[] {
  const script = createRunScript(draft);
  const [first, ...others] = stage.parallelAgents.map((agent, n) => started(`BUILD.${n + 1}`, { agent, kind: "work" }));
  return [
    script.entry(0, claimed(), ...(first === undefined ? [] : [first]), ...others.slice(0, 3)),
    output("BUILD.1", "Reading the plan\n"),
    script.entry(20, settled("BUILD.2")),
    script.entry(30, settled("BUILD.3", failed({ notBefore: START + 3_600_000 }))),
    { type: "progress", turn: "BUILD.4", update: { type: "queued" } },
  ];
}

test("the agents that share the work of a stage stand side by side below it", () => {
  expect(shown(65, atWork({ stages: [stage] }))).toMatchInlineSnapshot(`
    "
    ● BUILD   1m 05s  work by ann, dan  22.6k+ tok $0.61+
      ● ann   1m 05s  works  Reading the plan
      ✓ bob      20s  done
      ○ cid      30s  waits until 16:00 to try again
      ○ dan   1m 05s  waits for a slot
      · eve           not started
    0/1 stages done · 1m 05s of 8h · at least 22.6k tokens · at least $0.61
    "
  `);
});

test("in a group they stand within its bracket, and where there is no room the stage stays", () => {
  const draft = {
    stages: [stage, { id: "SIDE", workAgent: "sue" }],
    groups: [{ name: "g", stages: ["BUILD", "SIDE"] }],
  };
  expect(shown(65, atWork(draft))).toMatchInlineSnapshot(`
    "
    ┌ g  0 of 2 done, 1 running
    │ ● BUILD   1m 05s  work by ann, dan  22.6k+ tok $0.61+
    │   ● ann   1m 05s  works  Reading the plan
    │   ✓ bob      20s  done
    │   ○ cid      30s  waits until 16:00 to try again
    │   ○ dan   1m 05s  waits for a slot
    │   · eve           not started
    └ · SIDE            not started
    0/2 stages done · 1m 05s of 8h · at least 22.6k tokens · at least $0.61
    "
  `);
  expect(shown(65, atWork(draft), 60, 6)).toMatchInlineSnapshot(`
    "
    ┌ g  0 of 2 done, 1 running
    │ ● BUILD   1m 05s  work by ann, dan  22.6k+ tok $0.61+
    │   ● ann   1m 05s  works  Reading the plan
    └   ○ cid      30s  waits until 16:00 to try again
      + 1 more
    0/2 done · 1m 05s/8h · 22.6k+ tok · $0.61+
    "
  `);
});

test("once all are done the stage is one row again", () => {
  const draft = {
    stages: [{ id: "BUILD", parallelAgents: ["ann", "bob"], workAgent: "ann", checks: [{ argv: ["test"] }] }],
  };
  const script = createRunScript(draft);
  const events = [
    script.entry(0, claimed(), started("BUILD.1", { agent: "ann" }), started("BUILD.2", { agent: "bob" })),
    script.entry(9, settled("BUILD.2"), settled("BUILD.1"), started("BUILD.3", { kind: "check", agent: null })),
  ];
  expect(shown(12, events)).toMatchInlineSnapshot(`
    "
    ● BUILD      12s  check, round 1/4  45.2k tok $1.22
    0/1 stages done · 12s of 8h · 45.2k tokens · $1.22
    "
  `);
});
