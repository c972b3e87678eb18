import type { ProgressEvent } from "@troupe/core";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import {
  claimed,
  completed,
  createRunScript,
  failed,
  groupStarts,
  membersEnd,
  output,
  reviewRound,
  START,
  settled,
  stageFailed,
  started,
  teamDraft,
} from "../test/run-script.js";
import { createConsoleModel } from "./create-console-model.js";
import { view } from "./view.js";
import { createWallClock } from "./wall-clock.js";

function shown(seconds: number, events: readonly ProgressEvent[], columns = 80, rows = 24): string {
  const model = createConsoleModel(createWallClock("UTC"));
  for (const event of events) model.apply(event);
  return `\n${view(model.at(START + seconds * 1000), { columns, rows }).join("\n")}\n`;
}

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
      ┌ analysis  1 of 3 done, 1 running, 1 failed
      │ ● RESEARCH           35s  work by builder  Reading src/theme.ts and everythin…
      │ ✓ TEST_STRATEGY      10s  completed
      └ ✗ SPIKE              20s  failed: claude ended with exit code 1 [AGENT_FAILED]
      3/6 stages done · 1 failed · 3m 05s of 8h · at least 90.4k tokens · at least $2…
      "
    `);
  });
  test("at 120 columns", () => {
    expect(shown(185, wholeGroup(), 120)).toMatchInlineSnapshot(`
      "
      ┌ analysis  1 of 3 done, 1 running, 1 failed
      │ ● RESEARCH           35s  work by builder  Reading src/theme.ts and everything that imports it
      │ ✓ TEST_STRATEGY      10s  completed
      └ ✗ SPIKE              20s  failed: claude ended with exit code 1 [AGENT_FAILED]
      3/6 stages done · 1 failed · 3m 05s of 8h · at least 90.4k tokens · at least $2.44
      "
    `);
  });
  test("at 40 columns", () => {
    expect(shown(185, wholeGroup(), 40)).toMatchInlineSnapshot(`
      "
      ┌ analysis  1 of 3 done, 1 running, 1 f…
      │ ● RESEARCH           35s  work by bui…
      │ ✓ TEST_STRATEGY      10s  completed
      └ ✗ SPIKE              20s  failed: cla…
      3/6 stages done · 1 failed · 3m 05s of …
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
    ○ LIMITED      30s  waits until 16:00 to try again
    ○ LATER        30s  waits until 2025-11-23 15:00 to try again
    ○ ASKED        10s  waits for approval
    ○ QUEUED       30s  waits for a slot: work by builder
    ● TESTED       30s  fix by e, round 1/4, last: checks failed
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

describe("64 stages at once", () => {
  function crowd(): readonly ProgressEvent[] {
    const ids = Array.from({ length: 64 }, (_, n) => `S${n + 1}`);
    const script = createRunScript({ stages: ids.map((id) => ({ id, workAgent: id })) });
    return [script.entry(0, claimed(), ...ids.map((id) => started(`${id}.1`)))];
  }

  test("never take more rows than there are, and the rest is counted", () => {
    expect(shown(5, crowd(), 40, 8)).toMatchInlineSnapshot(`
      "
      ● S1       5s  work by builder
      ● S2       5s  work by builder
      ● S3       5s  work by builder
      ● S4       5s  work by builder
      ● S5       5s  work by builder
      ● S6       5s  work by builder
        + 58 more
      0/64 stages done · 5s of 8h
      "
    `);
    for (let rows = 0; rows <= 70; rows += 1) {
      const lines = shown(5, crowd(), 80, rows).trim().split("\n");
      expect(lines.length).toBe(rows === 0 ? 1 : Math.min(rows, 65));
    }
  });
});

test("of a group that is too long, members that have not started and those that are over go first", () => {
  const ids = Array.from({ length: 9 }, (_, n) => `M${n + 1}`);
  const script = createRunScript({
    stages: ids.map((id) => ({ id, workAgent: id })),
    groups: [{ name: "crowd", stages: ids, maxConcurrent: 4 }],
  });
  const events = [
    script.entry(0, claimed(), ...ids.slice(0, 6).map((id) => started(`${id}.1`))),
    script.entry(10, settled("M1.1"), completed("M1"), settled("M3.1", failed()), stageFailed("M3")),
  ];
  expect([11, 10, 8, 6, 3, 2, 1].map((rows) => shown(12, events, 60, rows)).join("")).toMatchInlineSnapshot(`
    "
    ┌ crowd  1 of 9 done, 4 running, 1 failed
    │ ✓ M1      10s  completed
    │ ● M2      12s  work by builder
    │ ✗ M3      10s  failed: claude ended with exit code 1 [AGE…
    │ ● M4      12s  work by builder
    │ ● M5      12s  work by builder
    │ ● M6      12s  work by builder
    │ · M7           not started
    │ · M8           not started
    └ · M9           not started
    1/9 stages done · 1 failed · 12s of 8h · at least 22.6k tok…

    ┌ crowd  1 of 9 done, 4 running, 1 failed
    │ ✓ M1      10s  completed
    │ ● M2      12s  work by builder
    │ ✗ M3      10s  failed: claude ended with exit code 1 [AGE…
    │ ● M4      12s  work by builder
    │ ● M5      12s  work by builder
    │ ● M6      12s  work by builder
    └ · M7           not started
      + 2 more
    1/9 stages done · 1 failed · 12s of 8h · at least 22.6k tok…

    ┌ crowd  1 of 9 done, 4 running, 1 failed
    │ ● M2      12s  work by builder
    │ ✗ M3      10s  failed: claude ended with exit code 1 [AGE…
    │ ● M4      12s  work by builder
    │ ● M5      12s  work by builder
    └ ● M6      12s  work by builder
      + 4 more
    1/9 stages done · 1 failed · 12s of 8h · at least 22.6k tok…

    ┌ crowd  1 of 9 done, 4 running, 1 failed
    │ ● M2      12s  work by builder
    │ ● M4      12s  work by builder
    └ ● M5      12s  work by builder
      + 6 more
    1/9 stages done · 1 failed · 12s of 8h · at least 22.6k tok…

    ─ crowd  1 of 9 done, 4 running, 1 failed
      + 9 more
    1/9 stages done · 1 failed · 12s of 8h · at least 22.6k tok…

      + 9 more
    1/9 stages done · 1 failed · 12s of 8h · at least 22.6k tok…

    1/9 stages done · 1 failed · 12s of 8h · at least 22.6k tok…
    "
  `);
});

test("of a group of hundreds only the members at work are rows", () => {
  const ids = Array.from({ length: 300 }, (_, n) => `M${n + 1}`);
  const script = createRunScript({
    stages: ids.map((id) => ({ id, workAgent: id })),
    groups: [{ name: "crowd", stages: ids }],
  });
  const events = [
    script.entry(0, claimed(), ...["M1", "M2", "M299"].map((id) => started(`${id}.1`))),
    script.entry(10, settled("M2.1"), completed("M2"), started("M3.1")),
  ];
  expect(shown(12, events, 60)).toMatchInlineSnapshot(`
    "
    ┌ crowd  1 of 300 done, 3 running
    │ ● M1        12s  work by builder
    │ ● M3         2s  work by builder
    └ ● M299      12s  work by builder
    1/300 stages done · 12s of 8h · 22.6k tokens · $0.61
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
    "\u001b[2m│ \u001b[22m\u001b[32m✓ \u001b[39m\u001b[1mTEST_STRATEGY\u001b[22m\u001b[2m      10s  \u001b[22m\u001b[32mcompleted\u001b[39m",
  );
});
