import type { ProgressEvent, ProgressReporter } from "@troupe/core";
import { describe, expect, test } from "vitest";
import { reporterCases } from "./reporter-cases.js";

const quiet: ProgressReporter = { report: () => {} };
const written = (): string => "";

/** A reporter that fails on the events for which `isBad` says so. */
function failingOn(isBad: (event: ProgressEvent) => boolean): ProgressReporter {
  return {
    report(event) {
      if (isBad(event)) throw new Error("broken");
    },
  };
}

describe("a reporter that keeps the contract", () => {
  test.each(reporterCases)("$name", ({ run }) => run({ reporter: quiet, written }));
});

describe("a planted bug is caught", () => {
  const known = ["entry", "progress", "notice"];
  let isClosed = false;
  test.each<[string, string, ProgressReporter]>([
    ["throws on an event", "every kind of journal event", failingOn((event) => isEntryWith(event, "stage.failed"))],
    ["looks a stage up blindly", "stages and turns that it has not heard of", failingOn(namesUnknownStage)],
    ["throws on a process", "progress of every kind", failingOn((event) => isProgressWith(event, "process"))],
    ["throws on an error", "notices", failingOn((event) => event.type === "notice" && event.level === "error")],
    ["throws on an unknown event", "types that it does not know", failingOn((event) => !known.includes(event.type))],
    ["blocks", "does not block", { report: spin }],
    ["never closes", "never told anything", { ...quiet, close: () => new Promise(() => {}) }],
    [
      "throws after close",
      "takes what comes later",
      {
        ...failingOn(() => isClosed),
        close: async () => {
          isClosed = true;
        },
      },
    ],
  ])("%s", async (_bug, part, reporter) => {
    const found = reporterCases.find(({ name }) => name.includes(part));
    await expect(found?.run({ reporter, written })).rejects.toThrow();
  });
});

test.each(["notice", "progress", "entry"])("a reporter that passes on what a %s holds is caught", async (type) => {
  const found = reporterCases.find(({ name }) => name.includes("control sequence"));
  let text = "";
  const reporter: ProgressReporter = {
    report(event) {
      if (event.type !== type) return;
      JSON.stringify(event, (_key, value) => {
        if (typeof value === "string") text += value;
        return value instanceof Map ? [...value] : value;
      });
    },
  };
  await expect(found?.run({ reporter, written: () => text })).rejects.toThrow("control sequences that were passed on");
});

function isEntryWith(event: ProgressEvent, type: string): boolean {
  return event.type === "entry" && event.entry.events.some((each) => each.type === type);
}

function isProgressWith(event: ProgressEvent, type: string): boolean {
  return event.type === "progress" && event.update.type === type;
}

function namesUnknownStage(event: ProgressEvent): boolean {
  if (event.type !== "entry") return false;
  return event.entry.events.some((each) => "stage" in each && !event.state.stages.has(each.stage));
}

function spin(): void {
  const end = performance.now() + 2;
  while (performance.now() < end);
}
