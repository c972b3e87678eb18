import { reporterCases } from "@troupe/conformance";
import { PLUGIN_API, type ProgressEvent } from "@troupe/core";
import { describe, expect, test } from "vitest";
import { createFakeHost, createFakeSink } from "../test/fake-host.js";
import {
  agentError,
  claimed,
  createRunScript,
  output,
  START,
  settled,
  started,
  succeeded,
} from "../test/run-script.js";
import { wantsColour } from "./colour.js";
import { createConsoleReporter } from "./console-reporter.js";
import plugin from "./plugin.js";
import { chooseMode } from "./reporter-options.js";

const MODES = ["live", "lines", "plain", "github", "ndjson"] as const;

describe.each(MODES)("the contract of reporters, %s", (mode) => {
  test.each(reporterCases)("$name", async ({ run }) => {
    const sink = createFakeSink(mode === "live");
    const reporter = createConsoleReporter({ mode }, createFakeHost(START, sink));
    await run({ reporter, written: () => sink.text() });
  });
});

describe("terminal injection", () => {
  const payloads = [
    "\u001b]52;c;aGk=\u0007",
    "\u001b]8;;http://evil\u001b\\",
    "\u001b[2J\u001b[H",
    "\u009b31m",
    "\u202egnp.exe",
    "\u0007\u0008\r",
    "\u001bc",
  ];
  const evil = payloads.join("x");

  function evilEvents(): readonly ProgressEvent[] {
    const script = createRunScript({
      stages: [
        { id: "A", name: `A${evil}`, workAgent: `a${evil}` },
        { id: "B", name: `B${evil}`, workAgent: "b" },
      ],
      groups: [{ name: "g", stages: ["A", "B"] }],
    });
    const error = { ...agentError, message: `broke ${evil}`, hint: `try ${evil}` };
    const end = { log: null, usage: null, session: null };
    const reasons = [`because ${evil}`];
    const checks = [{ command: `npm ${evil}`, passed: false, exitCode: 1, durationMs: 1 }];
    return [
      script.entry(0, claimed(), started("A.1", { agent: `a${evil}` }), started("B.1", { agent: `b${evil}` })),
      output("A.1", `${evil} first\n${evil} second`),
      { type: "notice", level: "warning", message: `note ${evil}` },
      script.entry(1, settled("A.1", { status: "failed", error, retry: "never", output: null, ...end })),
      script.entry(2, { type: "stage.failed", stage: "A", turn: "A.1", error }),
      script.entry(
        3,
        settled("B.1", succeeded({ checks })),
        {
          type: "review.concluded",
          stage: "B",
          round: 1,
          turn: "B.1",
          verdict: { decision: "rejected", reasons, source: "text" },
        },
        { type: "run.cancel-requested", by: `kim${evil}`, message: evil },
      ),
    ];
  }

  test.each(["live", "lines", "plain", "github"] as const)("does not survive, %s", async (mode) => {
    const host = createFakeHost(START, createFakeSink(true, 500, 50));
    const reporter = createConsoleReporter({ mode, color: false }, host);
    for (const event of evilEvents()) {
      reporter.report(event);
      await host.clock.advance(200);
    }
    await reporter.close?.();
    const text = host.streams.stderr.text();
    expect(text).toContain("broke");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences that we write ourselves
    const foreign = text.replace(/\u001b\[(?:\?25[hl]|\?2026[hl]|2K|K|G|\d*[AB])/g, "");
    expect(
      [...foreign].filter((letter) => (letter < " " && letter !== "\n") || /[\u007f-\u009f\u202a-\u202e]/.test(letter)),
    ).toEqual([]);
    expect(host.logged).toEqual([]);
  });
});

describe("the mode", () => {
  const terminal = createFakeSink(true);
  test.each([
    ["live in a terminal", terminal, {}, "live"],
    ["lines where nobody watches", createFakeSink(false), {}, "lines"],
    ["lines in a dumb terminal", terminal, { TERM: "dumb" }, "lines"],
    ["lines in CI", terminal, { CI: "true" }, "lines"],
    [
      "lines with annotations in GitHub Actions",
      createFakeSink(false),
      { CI: "true", GITHUB_ACTIONS: "true" },
      "github",
    ],
    ["live where CI is switched off", terminal, { CI: "false" }, "live"],
    ["live where CI is empty", terminal, { CI: "" }, "live"],
  ])("auto is %s", (_what, sink, environment, mode) => {
    expect(chooseMode("auto", createFakeHost(START, sink, environment))).toBe(mode);
  });

  test.each(MODES)("%s is taken as asked for", (mode) => {
    expect(chooseMode(mode, createFakeHost(START, createFakeSink(false)))).toBe(mode);
  });

  test("auto by default; progress goes to stderr", () => {
    const host = createFakeHost(START);
    createConsoleReporter({}, host).report({ type: "notice", level: "info", message: "hello" });
    expect(host.streams.stderr.text()).toMatch(/^\d\d:\d\d:\d\d info: hello\n$/);
    expect(host.streams.stdout.text()).toBe("");
  });
});

describe("colours", () => {
  test.each([
    ["in a terminal", true, {}, undefined, true],
    ["not elsewhere", false, {}, undefined, false],
    ["not with NO_COLOR", true, { NO_COLOR: "1" }, undefined, false],
    ["with an empty NO_COLOR", true, { NO_COLOR: "" }, undefined, true],
    ["not in a dumb terminal", true, { TERM: "dumb" }, undefined, false],
    ["elsewhere with FORCE_COLOR", false, { FORCE_COLOR: "1", NO_COLOR: "1" }, undefined, true],
    ["not with FORCE_COLOR=0", true, { FORCE_COLOR: "0" }, undefined, false],
    ["when asked for", false, { NO_COLOR: "1" }, true, true],
    ["not when refused", true, { FORCE_COLOR: "1" }, false, false],
  ])("%s", (_what, isTerminal, environment, asked, isColoured) => {
    expect(wantsColour(createFakeHost(START, createFakeSink(isTerminal), environment), asked)).toBe(isColoured);
  });
});

describe("the plugin", () => {
  test("is a reporter for this version's interface", async () => {
    expect([plugin.kind, plugin.apiVersion]).toEqual(["reporter", PLUGIN_API.reporter]);
    const host = createFakeHost(START);
    const reporter = await plugin.create({ mode: "plain", timeZone: "UTC" }, host);
    reporter.report({ type: "notice", level: "info", message: "hello" });
    expect(host.streams.stderr.text()).toBe("15:00:00 info: hello\n");
  });

  const { validate } = plugin.options["~standard"];

  test.each([[undefined], [null], [{}]])("%j means the defaults", async (given) => {
    expect(await validate(given)).toEqual({ value: {} });
  });

  test("takes a mode, colours and a time zone", async () => {
    const value = { mode: "plain", color: false, timeZone: "Europe/Rome" };
    expect(await validate(value)).toEqual({ value });
  });

  test("refuses what it does not understand, every problem at once", async () => {
    const given = { mode: "loud", color: "red", timeZone: "Mars/Base", size: 3 };
    expect(await validate(given)).toEqual({
      issues: [
        { message: "expected one of auto, live, lines, plain, github, ndjson", path: ["mode"] },
        { message: "expected true or false", path: ["color"] },
        { message: 'expected the name of a time zone, such as "UTC" or "Europe/Rome"', path: ["timeZone"] },
        { message: "unknown option; there are mode, color and timeZone", path: ["size"] },
      ],
    });
    expect(await validate(["live"])).toEqual({ issues: [{ message: "expected a map of options" }] });
    expect(await validate("live")).toEqual({ issues: [{ message: "expected a map of options" }] });
  });
});
