import type { ProgressEvent, RunEvent, TurnResult } from "@troupe/core";
import { describe, expect, test } from "vitest";
import { createFakeHost } from "../test/fake-host.js";
import {
  agentError,
  claimed,
  completed,
  createRunScript,
  failed,
  groupStarts,
  membersEnd,
  output,
  type RunScript,
  reviewRound,
  runEnds,
  START,
  settled,
  started,
  succeeded,
  teamDraft,
  textOf,
} from "../test/run-script.js";
import { createLineReporter } from "./line-reporter.js";
import { createWallClock } from "./wall-clock.js";

function linesOf(...events: readonly ProgressEvent[]): string {
  const host = createFakeHost(START);
  const reporter = createLineReporter(host, { isColoured: false, wallClock: createWallClock("UTC") });
  for (const event of events) reporter.report(event);
  void reporter.close?.();
  expect(host.logged).toEqual([]);
  return `\n${host.streams.stderr.text()}`;
}

test("a whole run, one line per event: members with their group, failures with reason and hint", () => {
  const script = createRunScript(teamDraft);
  const entries = [...reviewRound(script), ...groupStarts(script), ...membersEnd(script), ...runEnds(script)];
  const lines = linesOf(...entries.flatMap((entry) => [entry, output("RESEARCH.1", "not shown here\n")]));
  expect(lines).toMatchInlineSnapshot(`
    "
    15:00:00 run dark-mode-1 started: "Add a dark mode", workflow default, 6 stages
    15:00:00 SPEC: work by analyst started
    15:01:05 SPEC: work ended after 1m 05s, 22.6k tokens, $0.61
    15:01:05 ✓ SPEC completed in 1m 05s
    15:01:05 SPEC_REVIEW: review by reviewer started, round 1/4
    15:01:35 SPEC_REVIEW: review ended after 30s, 22.6k tokens, $0.61
    15:01:35 SPEC_REVIEW: round 1/4 rejected: no acceptance scenarios
    15:01:35 SPEC_REVIEW: fix by analyst started, round 1/4
    15:02:00 SPEC_REVIEW: fix ended after 25s, 22.6k tokens, $0.61
    15:02:00 SPEC_REVIEW: review by reviewer started, round 2/4
    15:02:30 SPEC_REVIEW: review ended after 30s
    15:02:30 SPEC_REVIEW: round 2/4 approved
    15:02:30 ✓ SPEC_REVIEW completed in 1m 25s, approved in round 2
    15:02:30 [analysis] RESEARCH: work by builder started
    15:02:30 [analysis] TEST_STRATEGY: work by tester started
    15:02:30 [analysis] SPIKE: work by hacker started
    15:02:40 [analysis] TEST_STRATEGY: work ended after 10s, 22.6k tokens, $0.61
    15:02:40 ✓ [analysis] TEST_STRATEGY completed in 10s
    15:02:50 [analysis] SPIKE: work failed after 20s
    15:02:50 ✗ [analysis] SPIKE failed after 20s: claude ended with exit code 1 [AGENT_FAILED]; hint: troupe logs dark-mode-1 SPIKE
    15:03:30 [analysis] RESEARCH: work ended after 1m 00s, 22.6k tokens, $0.61
    15:03:30 ✓ [analysis] RESEARCH completed in 1m 00s
    15:03:30 run dark-mode-1 failed: 4/6 stages done, failed: SPIKE, 3m 30s, at least 113k tokens, at least $3.05
    "
  `);
  expect(lines).not.toContain("\u001b");
});

test("a member's end is written the moment its entry is reported, while its siblings run", () => {
  const host = createFakeHost(START);
  const reporter = createLineReporter(host, { isColoured: false, wallClock: createWallClock("UTC") });
  const script = createRunScript(teamDraft);
  for (const entry of [...reviewRound(script), ...groupStarts(script)]) reporter.report(entry);
  const [first] = membersEnd(script);
  if (first === undefined) throw new Error("an entry");
  const before = host.streams.stderr.writes.length;
  reporter.report(first);
  expect(host.streams.stderr.writes.slice(before)).toEqual([
    "15:02:40 [analysis] TEST_STRATEGY: work ended after 10s, 22.6k tokens, $0.61\n",
    "15:02:40 ✓ [analysis] TEST_STRATEGY completed in 10s\n",
  ]);
});

describe("every other event has its line", () => {
  function oneStage(): RunScript {
    return createRunScript({
      stages: [
        { id: "A", name: "Alpha", workAgent: "a", checks: [{ shell: "npm test" }], approval: true, optional: true },
        { id: "B", kind: "command", run: { argv: ["true"] } },
      ],
    });
  }
  const broken = { command: "npm test", passed: false, exitCode: 1, durationMs: 5 };
  const killed = { command: "npm run lint", passed: false, exitCode: null, durationMs: 5 };
  const checks = [broken, killed, { ...broken, command: "make", exitCode: 0, problem: "its report is old" }];

  test("retries, checks, approvals, resets, requests and a resume", () => {
    const script = oneStage();
    const entries = [
      script.entry(0, claimed(), started("A.1"), started("B.1", { agent: null })),
      script.entry(4.21, settled("A.1", failed({ notBefore: START + 3_600_000 })), settled("B.1")),
      script.entry(3600, started("A.2", { attempt: 2 })),
      script.entry(3601, settled("A.2"), started("A.3", { kind: "check", agent: null })),
      script.entry(3602, settled("A.3", succeeded({ checks })), started("A.4", { kind: "fix" })),
      script.entry(3603, settled("A.4"), started("A.5", { kind: "check", round: 2, agent: null })),
      script.entry(3604, settled("A.5", succeeded({ checks: [{ ...broken, passed: true }] })), {
        type: "approval.requested",
        stage: "A",
        turn: "A.5",
      }),
      script.entry(3605, {
        type: "approval.denied",
        stage: "A",
        turn: "A.5",
        by: "kim",
        message: textOf("more\ntests"),
      }),
      script.entry(3606, started("A.6", { kind: "fix", round: 3 }), completed("B")),
      script.entry(3607, { type: "run.stop-requested", by: "SIGINT" }),
      script.entry(
        3608,
        settled("A.6", { status: "interrupted", reason: "stopped", log: null, usage: null, session: null }),
        { type: "run.finished", outcome: "interrupted", limit: null },
      ),
      script.entry(3700, claimed(2), { type: "run.reconfigured", definition: script.state.definition }),
      script.entry(3701, { type: "run.cancel-requested", by: "kim", message: "too dear" }),
      script.entry(
        3702,
        { type: "stage.cancelled", stage: "A", cause: { by: "request" } },
        { type: "run.finished", outcome: "cancelled", limit: null },
      ),
      script.entry(3800, claimed(3), { type: "stage.reset", stage: "A", cause: "cancelled" }),
      script.entry(3801, { type: "stage.skipped", stage: "A", by: "flag" }),
    ];
    expect(linesOf(...entries)).toMatchInlineSnapshot(`
      "
      15:00:00 run dark-mode-1 started: "Add a dark mode", workflow default, 2 stages
      15:00:00 Alpha (A): work by builder started, round 1/4
      15:00:00 B: command started
      15:00:04 Alpha (A): work failed after 4.2s: claude ended with exit code 1 [AGENT_FAILED]; hint: troupe logs dark-mode-1 SPIKE; waits until 16:00
      15:00:04 B: command ended after 4.2s
      15:00:04 nothing else can go on before 16:00. Ctrl+C stops the run and keeps it, troupe resume dark-mode-1 goes on with it; troupe cancel dark-mode-1 gives it up
      16:00:00 Alpha (A): work by builder started, round 1/4, attempt 2
      16:00:01 Alpha (A): work ended after 1.0s, 22.6k tokens, $0.61
      16:00:01 Alpha (A): check started, round 1/4
      16:00:02 Alpha (A): check failed after 1.0s: npm test (exit code 1), npm run lint (no exit code), make (its report is old)
      16:00:02 Alpha (A): fix by builder started, round 1/4
      16:00:03 Alpha (A): fix ended after 1.0s, 22.6k tokens, $0.61
      16:00:03 Alpha (A): check started, round 2/4
      16:00:04 Alpha (A): check passed after 1.0s: 1 of 1
      16:00:04 ○ Alpha (A) waits for the approval of A.5
      16:00:05 · Alpha (A) rejected by kim: more tests
      16:00:06 Alpha (A): fix by builder started, round 3/4
      16:00:06 ✓ B completed in 1h 00m
      16:00:07 asked to stop (SIGINT): turns are being ended
      16:00:08 Alpha (A): fix interrupted after 2.0s: stopped
      16:00:08 run dark-mode-1 interrupted: 1/2 stages done, 10s, at least 45.2k tokens, at least $1.22
      16:01:40 run dark-mode-1 taken up again: "Add a dark mode", workflow default, 2 stages: 1/2 stages done before
      16:01:40 the run goes on with changed settings
      16:01:41 cancelled by kim: too dear
      16:01:42 ■ Alpha (A) cancelled on request
      16:01:42 run dark-mode-1 cancelled: 1/2 stages done, 1 cancelled, 10s, at least 45.2k tokens, at least $1.22
      16:03:20 run dark-mode-1 taken up again: "Add a dark mode", workflow default, 2 stages: 1/2 stages done before
      16:03:20 Alpha (A): starts anew (cancelled)
      16:03:21 - Alpha (A) skipped as asked
      "
    `);
  });

  test("a turn that a crash cut off has no duration: how long it ran is not known", () => {
    const script = oneStage();
    script.entry(0, claimed());
    const crashed: TurnResult = { status: "interrupted", reason: "crashed", log: null, usage: null, session: null };
    const entries = [
      script.entry(1, started("B.1", { agent: null })),
      script.entry(3600, claimed(2)),
      script.entry(3600.3, settled("B.1", crashed)),
    ];
    expect(linesOf(...entries)).toContain("16:00:00 B: command interrupted: crashed\n");
  });

  test("also in forms that a run has rarely", () => {
    const script = oneStage();
    const events: readonly RunEvent[] = [
      { type: "run.created", runId: "dark-mode-1", definition: script.state.definition },
      { type: "run.cancel-requested", by: "kim", message: null },
      { type: "approval.deferred", stage: "A", turn: "A.1", by: "kim" },
      { type: "approval.granted", stage: "A", turn: "A.1", by: "kim", message: "fine" },
      { type: "stage.skipped", stage: "A", by: "condition" },
      { type: "stage.cancelled", stage: "A", cause: { by: "stage", stage: "B" } },
      { type: "stage.failed", stage: "A", turn: null, error: { ...agentError, hint: null } },
      { type: "stage.completed", stage: "GONE", turn: null },
      {
        type: "turn.started",
        turn: "GONE.1",
        stage: "GONE",
        kind: "work",
        round: 1,
        attempt: 1,
        agent: null,
        fingerprint: "",
        inputs: [],
        session: null,
      },
      { type: "turn.settled", turn: "GONE.1", result: succeeded() },
      {
        type: "review.concluded",
        stage: "GONE",
        round: 1,
        turn: "GONE.1",
        verdict: { decision: "approved", reasons: [], source: "text" },
      },
      { type: "run.finished", outcome: "limited", limit: "duration" },
    ];
    const { entry, state } = script.entry(0, claimed());
    expect(linesOf({ type: "entry", entry: { ...entry, events }, state })).toMatchInlineSnapshot(`
      "
      15:00:00 cancelled by kim
      15:00:00 · Alpha (A) left for later by kim
      15:00:00 · Alpha (A) approved by kim: fine
      15:00:00 - Alpha (A) skipped by its condition
      15:00:00 ■ Alpha (A) cancelled because B failed
      15:00:00 ✗ Alpha (A) failed: claude ended with exit code 1 [AGENT_FAILED]
      15:00:00 ✓ GONE completed
      15:00:00 GONE: work started
      15:00:00 GONE: turn ended, 22.6k tokens, $0.61
      15:00:00 GONE: round 1 approved
      15:00:00 run dark-mode-1 limited by its time limit: 0/2 stages done, 0.0s
      "
    `);
  });

  test("a failure report is named where the stage fails", () => {
    const script = createRunScript({ stages: [{ id: "A", workAgent: "a" }] });
    const failureReport = "/project/.troupe/runs/dark-mode-1/failures/1-A.md";
    script.entry(0, claimed(), started("A.1"));
    const event = script.entry(1, settled("A.1", succeeded({ failureReport })), {
      type: "stage.failed",
      stage: "A",
      turn: "A.1",
      error: { code: "REVIEW_REJECTED", message: "rejected in round 4", hint: "Read the report." },
    });
    expect(linesOf(event)).toMatchInlineSnapshot(`
      "
      15:00:01 A: turn ended, 22.6k tokens, $0.61
      15:00:01 ✗ A failed after 1.0s: rejected in round 4 [REVIEW_REJECTED]; hint: Read the report.; report: /project/.troupe/runs/dark-mode-1/failures/1-A.md
      "
    `);
  });
});

describe("a sign of life", () => {
  test("comes each minute while the run is open, and not after", async () => {
    const host = createFakeHost(START);
    const reporter = createLineReporter(host, { isColoured: false, wallClock: createWallClock("UTC") });
    const ids = Array.from({ length: 7 }, (_, n) => `S${n + 1}`);
    const script = createRunScript({ stages: [...ids, "LAST"].map((id) => ({ id, workAgent: id })) });
    reporter.report(script.entry(0, claimed(), ...ids.map((id) => started(`${id}.1`))));
    host.streams.stderr.writes.length = 0;
    await host.clock.advance(120_000);
    for (const id of ids.slice(2)) reporter.report(script.entry(130, settled(`${id}.1`), completed(id)));
    await host.clock.advance(60_000);
    for (const id of ids.slice(0, 2)) reporter.report(script.entry(190, settled(`${id}.1`), completed(id)));
    await host.clock.advance(60_000);
    const beats = host.streams.stderr.writes.filter((line) => line.includes(" of 8h"));
    expect(`\n${beats.join("")}`).toMatchInlineSnapshot(`
      "
      15:01:00 in progress: S1 (work by builder, 1m 00s); S2 (work by builder, 1m 00s); S3 (work by builder, 1m 00s); S4 (work by builder, 1m 00s); S5 (work by builder, 1m 00s); 2 more - 0/8 stages done, 1m 00s of 8h
      15:02:00 in progress: S1 (work by builder, 2m 00s); S2 (work by builder, 2m 00s); S3 (work by builder, 2m 00s); S4 (work by builder, 2m 00s); S5 (work by builder, 2m 00s); 2 more - 0/8 stages done, 2m 00s of 8h
      15:03:00 in progress: S1 (work by builder, 3m 00s); S2 (work by builder, 3m 00s) - 5/8 stages done, 3m 00s of 8h, 113k tokens, $3.05
      15:04:00 nothing is running right now - 7/8 stages done, 3m 10s of 8h, 158.2k tokens, $4.27
      "
    `);
    reporter.report(script.entry(240, { type: "run.finished", outcome: "limited", limit: "duration" }));
    await host.clock.advance(600_000);
    expect(host.streams.stderr.writes.filter((line) => line.includes(" of 8h"))).toHaveLength(4);
    expect(host.clock.waiting).toBe(0);
  });

  test("stops with the reporter", async () => {
    const host = createFakeHost(START);
    const reporter = createLineReporter(host, { isColoured: false, wallClock: createWallClock("UTC") });
    const script = createRunScript({ stages: [{ id: "A", workAgent: "a" }] });
    reporter.report(script.entry(0, claimed(), started("A.1")));
    await reporter.close?.();
    expect(host.clock.waiting).toBe(0);
  });
});

test("notices have their level, and colours when they are wanted", () => {
  const host = createFakeHost(START);
  const reporter = createLineReporter(host, { isColoured: true, wallClock: createWallClock("UTC") });
  for (const level of ["info", "warning", "error"] as const)
    reporter.report({ type: "notice", level, message: "12 MB left" });
  expect(host.streams.stderr.writes).toEqual([
    "\u001b[2m15:00:00 \u001b[22minfo: 12 MB left\n",
    "\u001b[2m15:00:00 \u001b[22m\u001b[33mwarning: 12 MB left\u001b[39m\n",
    "\u001b[2m15:00:00 \u001b[22m\u001b[31merror: 12 MB left\u001b[39m\n",
  ]);
});
