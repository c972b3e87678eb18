import assert from "node:assert/strict";
import type { ProgressEvent, ProgressReporter, RunEvent, TurnProgress } from "@troupe/core";
import type { ConformanceCase } from "./conformance-case.js";
import { entryOf, everyEvent, freshRun } from "./run-view.js";
import { within } from "./within.js";

/** What a reporter's author hands in: a fresh reporter for each case. */
export interface ReporterSubject {
  readonly reporter: ProgressReporter;
  /** All that it wrote so far for a person or a program to read; the empty text where it writes nothing. */
  written(): string;
}

/** What `close` may take, in milliseconds. */
const CLOSE_MS = 2000;

/** The contract of `ProgressReporter`. */
export const reporterCases: readonly ConformanceCase<ReporterSubject>[] = [
  {
    name: "passes on no control sequence from names, output, errors or notices",
    rule: "TurnProgress: Output of the agent or command, raw: sanitise before showing.",
    run: passesNoControls,
  },
  {
    name: "takes every kind of journal event without throwing",
    rule: "ProgressReporter: Never throws",
    run: takesEveryEvent,
  },
  {
    name: "takes events of stages and turns that it has not heard of",
    rule: "ProgressReporter: Never throws",
    run: takesUnknownStages,
  },
  {
    name: "takes progress of every kind, also of a turn it has not heard of",
    rule: "ProgressReporter: Never throws",
    run: takesProgress,
  },
  {
    name: "takes notices of every level, before there is a run too",
    rule: "ProgressReporter: Never throws",
    run: takesNotices,
  },
  {
    name: "ignores events of types that it does not know",
    rule: "ProgressReporter: ignores types it does not know",
    run: ignoresUnknownTypes,
  },
  {
    name: "does not block: 2,000 pieces of news take less than 2 s",
    rule: "ProgressReporter: never blocks",
    run: doesNotBlock,
  },
  {
    name: "closes within 2 s, in the middle of a run, and takes what comes later",
    rule: "ProgressReporter: `close` has 2 s",
    run: closes,
  },
  {
    name: "closes within 2 s when it was never told anything",
    rule: "ProgressReporter: `close` has 2 s",
    run: ({ reporter }) => close(reporter),
  },
];

async function takesEveryEvent({ reporter }: ReporterSubject): Promise<void> {
  for (const event of wholeRun("STAGE")) report(reporter, event);
  await close(reporter);
}

async function takesUnknownStages({ reporter }: ReporterSubject): Promise<void> {
  const state = freshRun("STAGE");
  const events = everyEvent(state, "NOT_IN_THE_WORKFLOW");
  report(reporter, { type: "entry", entry: entryOf(state, 1, events), state });
  for (const [index, event] of events.entries()) {
    report(reporter, { type: "entry", entry: entryOf(state, index + 2, [event]), state });
  }
  await close(reporter);
}

async function takesProgress({ reporter }: ReporterSubject): Promise<void> {
  const updates: TurnProgress[] = [
    { type: "queued" },
    { type: "launched" },
    { type: "output", text: "half a line" },
    { type: "output", text: "\u001b[2J\u001b]8;;http://x\u0007and\r\n\u009b31mmore\u202e\n\n" },
    { type: "tool", phase: "start" },
    { type: "tool", phase: "end" },
    { type: "process", pid: 1 },
  ];
  const started = wholeRun("STAGE").slice(0, 6);
  for (const event of [null, ...started]) {
    if (event !== null) report(reporter, event);
    for (const turn of ["STAGE.1", "NEVER_STARTED.7", ""]) {
      for (const update of updates) report(reporter, { type: "progress", turn, update });
    }
  }
  await close(reporter);
}

/** A terminal would ring, open a link, set its clipboard, change colour, or write backwards. */
async function passesNoControls({ reporter, written }: ReporterSubject): Promise<void> {
  const payloads = [
    "\u001b]52;c;aGk=\u0007",
    "\u001b]8;;http://kit.invalid\u001b\\",
    "\u001b[31mSTAGE",
    "\u009b31m",
    "\u202e",
  ];
  const text = `kit ${payloads.join(" ")}\n`;
  const events = wholeRun("STAGE", text);
  for (const event of events.slice(0, 6)) report(reporter, event);
  report(reporter, { type: "progress", turn: "STAGE.1", update: { type: "output", text } });
  for (const level of ["info", "warning", "error"] as const) report(reporter, { type: "notice", level, message: text });
  for (const event of events.slice(6)) report(reporter, event);
  await close(reporter);
  const passed = payloads.filter((payload) => written().includes(payload));
  assert.deepEqual(passed, [], "control sequences that were passed on");
}

async function takesNotices({ reporter }: ReporterSubject): Promise<void> {
  const levels = ["info", "warning", "error"] as const;
  for (const level of levels) report(reporter, { type: "notice", level, message: "before" });
  for (const event of wholeRun("STAGE")) report(reporter, event);
  for (const level of levels) report(reporter, { type: "notice", level, message: "\u001b[31mafter\u0007" });
  await close(reporter);
}

async function ignoresUnknownTypes({ reporter }: ReporterSubject): Promise<void> {
  const state = freshRun("STAGE");
  const later: ProgressEvent = JSON.parse('{"type":"from-a-later-version","payload":[1]}');
  const laterUpdate: TurnProgress = JSON.parse('{"type":"from-a-later-version"}');
  const laterEvent: RunEvent = JSON.parse('{"type":"from.a-later-version","stage":7}');
  for (const event of [later, ...wholeRun("STAGE"), later]) report(reporter, event);
  report(reporter, { type: "progress", turn: "STAGE.1", update: laterUpdate });
  report(reporter, { type: "entry", entry: entryOf(state, 99, [laterEvent]), state });
  await close(reporter);
}

async function doesNotBlock({ reporter }: ReporterSubject): Promise<void> {
  for (const event of wholeRun("STAGE").slice(0, 6)) report(reporter, event);
  const before = performance.now();
  for (let n = 0; n < 2000 && performance.now() - before < 2000; n += 1) {
    report(reporter, { type: "progress", turn: "STAGE.1", update: { type: "output", text: `line ${n}\n` } });
  }
  const tookMs = performance.now() - before;
  assert.ok(tookMs < 2000, `2,000 pieces of news took ${Math.round(tookMs)} ms`);
  await close(reporter);
}

async function closes({ reporter }: ReporterSubject): Promise<void> {
  const events = wholeRun("STAGE");
  for (const event of events.slice(0, 6)) report(reporter, event);
  await close(reporter);
  for (const event of events.slice(6)) report(reporter, event);
}

/** A run's entries, one event each. */
function wholeRun(stage: string, message?: string): readonly ProgressEvent[] {
  const state = freshRun(stage);
  const events = everyEvent(state, stage, message);
  return events.map((event, index) => ({ type: "entry", entry: entryOf(state, index + 1, [event]), state }));
}

function report(reporter: ProgressReporter, event: ProgressEvent): void {
  assert.doesNotThrow(() => reporter.report(event), `report threw on ${JSON.stringify(event).slice(0, 200)}`);
}

async function close(reporter: ProgressReporter): Promise<void> {
  await within(CLOSE_MS, "close", Promise.resolve(reporter.close?.()));
}
