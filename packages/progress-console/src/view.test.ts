import type { ProgressEvent } from "@troupe/core";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import {
  claimed,
  createRunScript,
  failed,
  groupStarts,
  membersEnd,
  output,
  reviewRound,
  START,
  settled,
  started,
  teamDraft,
} from "../test/run-script.js";
import { shown } from "../test/show-view.js";
import { createConsoleModel } from "./create-console-model.js";
import { view } from "./view.js";
import { createWallClock } from "./wall-clock.js";

function wholeGroup(): readonly ProgressEvent[] {
  const script = createRunScript(teamDraft);
  return [
    ...reviewRound(script),
    ...groupStarts(script),
    output("RESEARCH.1", "Looking for prior art\n"),
    output("RESEARCH.1", "Reading src/theme.ts and everything that imports it"),
    ...membersEnd(script),
  ];
}

test("nothing is shown before there is a run", () => {
  expect(view(createConsoleModel(createWallClock("UTC")).at(START), { columns: 80, rows: 24 })).toEqual([]);
});

describe("a group with one member running, one finished and one failed", () => {
  test("at 80 columns", () => {
    expect(shown(185, wholeGroup())).toMatchInlineSnapshot(`
      "
      ┌ analysis  1 of 3 done, 1 failed, 1 running
      │ ● RESEARCH           35s  work by builder  Reading src/theme.ts and everythin…
      │ ✓ TEST_STRATEGY      10s  completed  22.6k tok $0.61
      └ ✗ SPIKE              20s  failed: claude ended with exit code 1 [AGENT_FAILED]
      3/6 done · 1 failed · 3m 05s/8h · 90.4k+ tok · $2.44+
      "
    `);
  });
  test("at 120 columns", () => {
    expect(shown(185, wholeGroup(), 120)).toMatchInlineSnapshot(`
      "
      ┌ analysis  1 of 3 done, 1 failed, 1 running
      │ ● RESEARCH           35s  work by builder  Reading src/theme.ts and everything that imports it
      │ ✓ TEST_STRATEGY      10s  completed  22.6k tokens, $0.61
      └ ✗ SPIKE              20s  failed: claude ended with exit code 1 [AGENT_FAILED]
      3/6 stages done · 1 failed · 3m 05s of 8h · at least 90.4k tokens · at least $2.44
      "
    `);
  });
  test("at 40 columns", () => {
    expect(shown(185, wholeGroup(), 40)).toMatchInlineSnapshot(`
      "
      ┌ analysis  1/3 done, 1 failed
      │ ● RESEARCH       35s  work by builder
      │ ✓ TEST_STRATEGY  10s  completed
      └ ✗ SPIKE          20s  failed: claude …
      3/6 done · 1 failed · 3m 05s/8h · $2.44+
      "
    `);
  });
});

test("a review in its second half of round 1 says what the last verdict was", () => {
  expect(shown(100, reviewRound(createRunScript(teamDraft)))).toMatchInlineSnapshot(`
    "
    ● SPEC_REVIEW      35s  fix by analyst, round 1/4, last: rejected
    1/6 stages done · 1m 40s of 8h · 45.2k tokens · $1.22
    "
  `);
});

test("retry waits, approvals, queued turns, checks, fixes and commands are said in words", () => {
  const script = createRunScript({
    stages: [
      { id: "LIMITED", workAgent: "a" },
      { id: "LATER", workAgent: "b" },
      { id: "ASKED", workAgent: "c", approval: true },
      { id: "QUEUED", workAgent: "d" },
      { id: "TESTED", workAgent: "e", checks: [{ shell: "npm test" }] },
      { id: "LINT", kind: "command", run: { argv: ["eslint", "."] } },
      { id: "AGAIN", workAgent: "f" },
    ],
    definition: { limits: { durationMs: null, costUsd: 5, tokens: 1_000_000, waitMs: null, concurrency: null } },
  });
  const broken = { command: "npm test", passed: false, exitCode: 1, durationMs: 5 };
  const entries = [
    script.entry(
      0,
      claimed(),
      ...["LIMITED", "LATER", "ASKED", "QUEUED", "TESTED", "AGAIN"].map((stage) => started(`${stage}.1`)),
      started("LINT.1", { agent: null }),
    ),
    script.entry(
      10,
      settled("LIMITED.1", failed({ notBefore: START + 3_600_000 })),
      settled("LATER.1", failed({ notBefore: START + 24 * 3_600_000 })),
      settled("ASKED.1"),
      { type: "approval.requested", stage: "ASKED", turn: "ASKED.1" },
      settled("TESTED.1"),
      started("TESTED.2", { kind: "check", agent: null }),
      settled("AGAIN.1", failed({ notBefore: null })),
      started("AGAIN.2", { attempt: 2, agent: "f" }),
    ),
    script.entry(
      20,
      settled("TESTED.2", {
        status: "succeeded",
        output: { sha256: "", bytes: 0, text: "" },
        artifacts: [],
        checks: [broken],
        log: null,
        usage: null,
        session: null,
      }),
      started("TESTED.3", { kind: "fix", agent: "e" }),
    ),
  ];
  const queued = { type: "progress", turn: "QUEUED.1", update: { type: "queued" } } as const;
  expect(shown(30, [...entries, queued], 100)).toMatchInlineSnapshot(`
    "
    ○ LIMITED      30s  waits until 16:00: claude ended with exit code 1 [AGENT_FAILED]
    ○ LATER        30s  waits until 2025-11-23 15:00: claude ended with exit code 1 [AGENT_FAILED]
    ○ ASKED        10s  waits for approval  22.6k tokens, $0.61
    ○ QUEUED       30s  waits for a slot: work by builder
    ● TESTED       30s  fix by e, round 1/4, last: checks failed  22.6k tokens, $0.61
    ● LINT         30s  command
    ● AGAIN        30s  work by f, attempt 2
    0/7 stages done · 30s · at least 45.2k of 1M tokens · at least $1.22 of $5.00
    "
  `);
});

test("after a takeover turns of the earlier runner are being ended; the run's time stands still meanwhile", () => {
  const script = createRunScript({ stages: [{ id: "A", workAgent: "a" }] });
  const entries = [script.entry(0, claimed(), started("A.1")), script.entry(20, claimed(2))];
  expect(shown(90, entries)).toMatchInlineSnapshot(`
    "
    ○ A   1m 30s  ending what an earlier runner left
    0/1 stages done · 0s of 8h
    "
  `);
});

test("no line is wider than the terminal, whatever is in it", () => {
  const names = ["研究と調査の段階", "👩‍👩‍👧‍👦 family 🇫🇷", "e\u0301tude\u0301", "plain", "\u001b[31mred\u001b[0m"];
  const script = createRunScript({
    stages: names.map((name, n) => ({ id: `S${n}`, name, workAgent: `agent-${n}` })),
    groups: [{ name: "wide", stages: ["S0", "S1"] }],
  });
  const events = [
    script.entry(0, claimed(), ...names.map((_, n) => started(`S${n}.1`))),
    ...names.map((name, n) => output(`S${n}.1`, `${name} `.repeat(20))),
  ];
  expect(shown(5, events, 60)).toMatchInlineSnapshot(`
    "
    ┌ wide  0 of 2 done, 2 running
    │ ● 研究と調査の段階       5s  work by builder  研究と調査…
    └ ● 👩‍👩‍👧‍👦 family 🇫🇷           5s  work by builder  👩‍👩‍👧‍👦 family …
    ● étudé                  5s  work by builder  étudé étudé é…
    ● plain                  5s  work by builder  plain plain p…
    ● red                    5s  work by builder  red red red r…
    0/5 stages done · 5s of 8h
    "
  `);
  for (let columns = 1; columns <= 130; columns += 1) {
    const widths = shown(5, events, columns)
      .slice(1, -1)
      .split("\n")
      .map((line) => stringWidth(line));
    expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
  }
});

test("colours change nothing but colours", () => {
  const model = createConsoleModel(createWallClock("UTC"));
  for (const event of wholeGroup()) model.apply(event);
  const size = { columns: 80, rows: 24 };
  const coloured = view(model.at(START + 185_000), { ...size, isColoured: true });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes are what is looked for
  const plain = coloured.map((line) => line.replace(/\u001b\[\d+m/g, ""));
  expect(plain).toEqual(view(model.at(START + 185_000), size));
  expect(coloured[2]).toBe(
    "\u001b[2m│ \u001b[22m\u001b[32m✓ \u001b[39m\u001b[1mTEST_STRATEGY\u001b[22m\u001b[2m      10s  \u001b[22m\u001b[32mcompleted\u001b[39m\u001b[2m  22.6k tok $0.61\u001b[22m",
  );
});
