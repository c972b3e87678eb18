import type { RunEvent, SerializedError, StageDraft } from "@troupe/core";
import { expect, test } from "vitest";
import { createFakeHost } from "../test/fake-host.js";
import { claimed, createRunScript, START, settled, started } from "../test/run-script.js";
import { shown } from "../test/show-view.js";
import { UNICODE_GLYPHS } from "./glyphs.js";
import { createLineReporter } from "./line-reporter.js";
import { createWallClock } from "./wall-clock.js";

const STAGES: readonly StageDraft[] = [
  { id: "BUILD", run: { argv: ["make"] }, kind: "command" },
  { id: "DOCS", workAgent: "writer" },
];
const error: SerializedError = {
  code: "COMMAND_FAILED",
  message: "make ended with exit code 2; the end of its output:\ncc main.c\ncc view.c\nmake: *** [view.o] Error 1",
  hint: "troupe logs dark-mode-1 BUILD",
};
const stageFailed: RunEvent = { type: "stage.failed", stage: "BUILD", turn: "BUILD.1", error };
const brokenTurn = (): RunEvent =>
  settled("BUILD.1", { status: "failed", error, retry: "never", output: null, log: null, usage: null, session: null });

test("of a program's output a failure has the last line, and it is said once", () => {
  const host = createFakeHost(START);
  const reporter = createLineReporter(host, {
    isColoured: false,
    wallClock: createWallClock("UTC"),
    glyphs: UNICODE_GLYPHS,
  });
  const script = createRunScript({ stages: STAGES });
  reporter.report(script.entry(0, claimed(), started("BUILD.1", { agent: null }), started("DOCS.1")));
  reporter.report(script.entry(3, brokenTurn(), stageFailed));
  reporter.close?.();
  expect(host.streams.stderr.text().split("\n").slice(3, -1)).toEqual([
    "15:00:03 BUILD: command failed after 3.0s",
    "15:00:03 ✗ BUILD failed after 3.0s: make ended with exit code 2; the end of its output: … make: *** [view.o] Error 1 [COMMAND_FAILED]; hint: troupe logs dark-mode-1 BUILD",
  ]);
});

test("a row begins with what the failed program said last", () => {
  const script = createRunScript({
    stages: STAGES,
    groups: [{ name: "both", stages: ["BUILD", "DOCS"], after: null, before: null }],
  });
  const entries = [
    script.entry(0, claimed(), started("BUILD.1", { agent: null }), started("DOCS.1")),
    script.entry(3, brokenTurn(), stageFailed),
  ];
  expect(shown(5, entries, 80).split("\n").slice(1, 4)).toEqual([
    "┌ both  0 of 2 done, 1 failed, 1 running",
    "│ ✗ BUILD       3s  failed: make: *** [view.o] Error 1 [COMMAND_FAILED]",
    "└ ● DOCS        5s  work by builder",
  ]);
});

test("a wait that is near is shown to the second, a far one to the minute", () => {
  const { until } = createWallClock("UTC");
  expect([40_000, 599_999, 600_000, 86_400_000].map((ms) => until(START + ms, START))).toEqual([
    "15:00:40",
    "15:09:59",
    "15:10",
    "2025-11-23 15:00",
  ]);
  expect(until(Date.UTC(2025, 10, 23, 0, 0, 30), Date.UTC(2025, 10, 22, 23, 59, 50))).toBe("2025-11-23 00:00:30");
});

test("a stage whose result a person judges has rounds", () => {
  const script = createRunScript({ stages: [{ id: "SPEC", workAgent: "ba", approval: true }] });
  const entries = [script.entry(0, claimed(), started("SPEC.1", { kind: "fix", round: 2, agent: "ba" }))];
  expect(shown(5, entries, 70)).toContain("● SPEC       5s  fix by ba, round 2/4\n");
});
