import type { ProgressEvent, ProgressReporter } from "@troupe/core";
import { expect, test } from "vitest";
import { createFakeHost, createFakeSink, type FakeHost } from "../test/fake-host.js";
import {
  claimed,
  completed,
  createRunScript,
  failed,
  type RunScript,
  START,
  settled,
  stageFailed,
  started,
} from "../test/run-script.js";
import { shown } from "../test/show-view.js";
import { createLineReporter } from "./line-reporter.js";
import { createLiveReporter } from "./live-reporter.js";
import { createNdjsonReporter } from "./ndjson-reporter.js";
import { createWallClock } from "./wall-clock.js";

const LIMITS = { durationMs: 3_600_000, costUsd: 0.7, tokens: null, waitMs: 7_200_000, concurrency: null };
const WARNING = { type: "limit.neared", limit: "cost", used: 0.61, of: 0.7, isAtLeast: false } as const;

function createScript(): RunScript {
  const stages = [
    { id: "A", workAgent: "a" },
    { id: "B", workAgent: "b" },
  ];
  return createRunScript({ stages, definition: { limits: LIMITS } });
}

/** A run that warns, reaches its limit while a stage fails, and ends. */
function warned(script: RunScript): readonly ProgressEvent[] {
  return [
    script.entry(0, claimed(), started("A.1"), started("B.1")),
    script.entry(5, settled("A.1"), completed("A"), WARNING),
    script.entry(6, settled("B.1", failed()), stageFailed("B"), {
      type: "run.finished",
      outcome: "failed",
      limit: "cost",
    }),
  ];
}

function report(host: FakeHost, reporter: ProgressReporter, events: readonly ProgressEvent[]): string {
  for (const event of events) reporter.report(event);
  void reporter.close?.();
  expect(host.logged).toEqual([]);
  return `\n${host.streams.stderr.text()}`;
}

const lines = { isColoured: false, wallClock: createWallClock("UTC") };

test("plain lines warn with figures, tell what each turn used, and name the limit beside the failure", () => {
  const host = createFakeHost(START);
  expect(report(host, createLineReporter(host, lines), warned(createScript()))).toMatchInlineSnapshot(`
    "
    15:00:00 run dark-mode-1 started: "Add a dark mode", workflow default, 2 stages
    15:00:00 A: work by builder started
    15:00:00 B: work by builder started
    15:00:05 A: work ended after 5.0s, 22.6k tokens, $0.61
    15:00:05 ✓ A completed in 5.0s
    15:00:05 warning: 87% of the cost limit is used: $0.61 of $0.70
    15:00:06 B: work failed after 6.0s
    15:00:06 ✗ B failed after 6.0s: claude ended with exit code 1 [AGENT_FAILED]; hint: troupe logs dark-mode-1 SPIKE
    15:00:06 run dark-mode-1 failed and stopped by its cost limit: 1/2 stages done, failed: B, 6.0s, at least 22.6k tokens, at least $0.61 of $0.70 (87%)
    "
  `);
});

test("a live view keeps the warning above its rows, and its footer tells the share", () => {
  const host = createFakeHost(START, createFakeSink(true));
  const [first, second] = warned(createScript());
  if (first === undefined || second === undefined) throw new Error("two entries");
  expect(shown(8, [first, second])).toMatchInlineSnapshot(`
    "
    ● B       8s  work by builder
    1/2 stages done · 8s of 1h · 22.6k tokens · $0.61 of $0.70 (87%)
    "
  `);
  const text = report(host, createLiveReporter(host, lines), [first, second]);
  expect(text.split("\n").filter((line) => line.includes("warning"))).toEqual([
    "warning: 87% of the cost limit is used: $0.61 of $0.70",
  ]);
});

test("NDJSON has the warning as an event, and stderr as a notice", () => {
  const host = createFakeHost(START);
  const text = report(host, createNdjsonReporter(host), warned(createScript()));
  expect(text).toBe("\nwarning: 87% of the cost limit is used: $0.61 of $0.70\n");
  const events = host.streams.stdout
    .text()
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events.find(({ type }) => type === "limit.neared")).toEqual({
    v: 1,
    type: "limit.neared",
    seq: 3,
    at: START + 5_000,
    event: WARNING,
  });
});

test("while a run only waits for an agent's limit, each sign of life says until when and why", async () => {
  const host = createFakeHost(START);
  const reporter = createLineReporter(host, lines);
  const script = createScript();
  const resetAt = START + 5_400_000;
  reporter.report(script.entry(0, claimed(), started("A.1"), started("B.1")));
  reporter.report(script.entry(5, settled("A.1", failed({ notBefore: resetAt })), settled("B.1"), completed("B")));
  await host.clock.advance(120_000);
  await reporter.close?.();
  expect(`\n${host.streams.stderr.text()}`).toMatchInlineSnapshot(`
    "
    15:00:00 run dark-mode-1 started: "Add a dark mode", workflow default, 2 stages
    15:00:00 A: work by builder started
    15:00:00 B: work by builder started
    15:00:05 A: work failed after 5.0s: claude ended with exit code 1 [AGENT_FAILED]; hint: troupe logs dark-mode-1 SPIKE; waits until 16:30
    15:00:05 B: work ended after 5.0s, 22.6k tokens, $0.61
    15:00:05 ✓ B completed in 5.0s
    15:00:05 nothing else can go on before 16:30. Ctrl+C stops the run and keeps it, troupe resume dark-mode-1 goes on with it; troupe cancel dark-mode-1 gives it up
    15:01:00 only waiting: A (waits until 16:30: claude ended with exit code 1 [AGENT_FAILED], 1m 00s) - 1/2 stages done, 5s of 1h, at least 22.6k tokens, at least $0.61 of $0.70 (87%). Ctrl+C stops the run and keeps it
    15:02:00 only waiting: A (waits until 16:30: claude ended with exit code 1 [AGENT_FAILED], 2m 00s) - 1/2 stages done, 5s of 1h, at least 22.6k tokens, at least $0.61 of $0.70 (87%). Ctrl+C stops the run and keeps it
    "
  `);
});

test("a run that is taken up within a wait says until when and why, once, and how to stop it", () => {
  const host = createFakeHost(START);
  const script = createScript();
  script.entry(0, claimed(), started("A.1"), started("B.1"));
  script.entry(5, settled("A.1", failed({ notBefore: START + 5_400_000 })), settled("B.1"), completed("B"));
  const again = [
    script.entry(60, claimed(2)),
    script.entry(61, WARNING),
    script.entry(5_400, started("A.2", { attempt: 2 })),
  ];
  expect(report(host, createLineReporter(host, lines), again)).toMatchInlineSnapshot(`
    "
    15:01:00 run dark-mode-1 taken up again: "Add a dark mode", workflow default, 2 stages: 1/2 stages done before
    15:01:00 A: waits until 16:30: claude ended with exit code 1 [AGENT_FAILED]
    15:01:00 nothing else can go on before 16:30. Ctrl+C stops the run and keeps it, troupe resume dark-mode-1 goes on with it; troupe cancel dark-mode-1 gives it up
    15:01:01 warning: 87% of the cost limit is used: $0.61 of $0.70
    16:30:00 A: work by builder started, attempt 2
    "
  `);
});

test("a wait beside a turn says how to stop when the turn has ended, and not for a moment's wait", () => {
  const host = createFakeHost(START);
  const script = createScript();
  const entries = [
    script.entry(0, claimed(), started("A.1"), started("B.1")),
    script.entry(5, settled("A.1", failed({ notBefore: START + 5_400_000 }))),
    script.entry(8, settled("B.1", failed({ notBefore: START + 20_000 }))),
    script.entry(20, started("B.2", { attempt: 2 })),
    script.entry(21, settled("B.2"), completed("B")),
  ];
  expect(report(host, createLineReporter(host, lines), entries)).toMatchInlineSnapshot(`
    "
    15:00:00 run dark-mode-1 started: "Add a dark mode", workflow default, 2 stages
    15:00:00 A: work by builder started
    15:00:00 B: work by builder started
    15:00:05 A: work failed after 5.0s: claude ended with exit code 1 [AGENT_FAILED]; hint: troupe logs dark-mode-1 SPIKE; waits until 16:30
    15:00:08 B: work failed after 8.0s: claude ended with exit code 1 [AGENT_FAILED]; hint: troupe logs dark-mode-1 SPIKE; waits until 15:00:20
    15:00:20 B: work by builder started, attempt 2
    15:00:21 B: work ended after 1.0s, 22.6k tokens, $0.61
    15:00:21 ✓ B completed in 21s
    15:00:21 nothing else can go on before 16:30. Ctrl+C stops the run and keeps it, troupe resume dark-mode-1 goes on with it; troupe cancel dark-mode-1 gives it up
    "
  `);
});
