import { expect, test } from "vitest";
import { createFakeHost } from "../test/fake-host.js";
import { claimed, createRunScript, output, START, started, succeeded } from "../test/run-script.js";
import { createNdjsonReporter } from "./ndjson-reporter.js";

test("each event of an entry is one line of JSON on stdout, with the entry's place and time", () => {
  const host = createFakeHost(START);
  const reporter = createNdjsonReporter(host);
  const script = createRunScript({ stages: [{ id: "A", workAgent: "a" }] });
  const events = [claimed(), started("A.1")] as const;
  reporter.report(script.entry(1, ...events));
  reporter.report(output("A.1", "not in the journal"));
  const lines = host.streams.stdout.text().trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { v: 1, type: "run.claimed", seq: 2, at: START + 1000, event: events[0] },
    { v: 1, type: "turn.started", seq: 2, at: START + 1000, event: events[1] },
  ]);
  expect(host.streams.stderr.writes).toEqual([]);
});

test("notices are no part of it: they go to stderr, safe to show", () => {
  const host = createFakeHost(START);
  createNdjsonReporter(host).report({ type: "notice", level: "warning", message: "\u001b[2Jdisk\nfull" });
  expect([host.streams.stdout.text(), host.streams.stderr.text()]).toEqual(["", "warning: disk full\n"]);
});

test("what a terminal would obey is spelled out, and the value stays the same", () => {
  const host = createFakeHost(START);
  const reporter = createNdjsonReporter(host);
  const script = createRunScript({ stages: [{ id: "A", workAgent: "a" }] });
  const text = "\u001b]52;c;x\u0007\u009b2J\u202egnp.exe\u2028\u007f";
  const { entry, state } = script.entry(0, claimed());
  const result = succeeded({ output: { sha256: "", bytes: 1, text } });
  const event = { type: "turn.settled", turn: "A.1", result } as const;
  reporter.report({ type: "entry", entry: { ...entry, events: [event] }, state });
  const line = host.streams.stdout.text();
  expect(JSON.parse(line).event.result.output.text).toBe(text);
  expect([...line.trimEnd()].filter((letter) => letter < " " || /[\u007f-\u009f\u2028-\u202e]/.test(letter))).toEqual(
    [],
  );
});

test("takes its leave without a word", async () => {
  const host = createFakeHost(START);
  const reporter = createNdjsonReporter(host);
  await reporter.close?.();
  await reporter.close?.();
  expect(host.streams.stdout.writes).toEqual([]);
});
