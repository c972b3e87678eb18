import { describe, expect, it } from "vitest";
import { parse } from "../test/objective-fixtures.js";
import { formatDiagnostics } from "./format-diagnostic.js";
import { parseObjective } from "./parse-objective.js";

describe("title", () => {
  it.each([
    ["# Objective: Ship *it*\n\n## Goals\n- x", "Ship it"],
    ["---\ntitle: From the front matter\n---\n# Other", "From the front matter"],
    ["Setext title\n============\n\ntext", "Setext title"],
    ["```\n# no\n```\n\n# Yes", "Yes"],
    ["## Objective\n\nFirst line of it\nand a second", "First line of it"],
    ["# Objective\n\n- the **one** thing", "the one thing"],
    ["## Objective: Two levels down\n\nx", "Two levels down"],
    ["## Objective\n\n## Goals\n\n- x", "my-objective"],
    ["just text", "my-objective"],
    [`# ${"long ".repeat(40)}`, `${"long ".repeat(24).trimEnd().slice(0, 119)}…`],
  ])("of %j", (text, title) => {
    expect(parse(text, "docs/my-objective.md").title).toBe(title);
  });

  it("of a text without a file is its first goal, else its first line", () => {
    expect(parse("**Goal**: make it *fast*", null).title).toBe("make it fast");
    expect(parse("Make it fast.\nPlease.", null)).toMatchObject({
      title: "Make it fast.",
      feature: "fast",
    });
  });
});

it("reads the front matter, and leaves it out of the text", () => {
  const text =
    '---\nname: Faster Mail\nskip: [BUSINESS_PROBLEM]\nlimits: { duration: 2h, cost: 1.5, tokens: 1000, wait: 10m, concurrency: 2 }\ninputs: { TICKET: "12" }\n---\n\n# Title\r\n\r\nBody\r\n';
  const { sections, ...objective } = parse(`\ufeff${text}`);
  expect(sections).toEqual([
    { kind: "other", heading: "", line: 10, text: "Body", items: [{ text: "Body", isDone: null }] },
  ]);
  expect(objective).toEqual({
    title: "Title",
    feature: "faster-mail",
    skip: ["BUSINESS_PROBLEM"],
    limits: { durationMs: 7_200_000, costUsd: 1.5, tokens: 1000, waitMs: 600_000, concurrency: 2 },
    inputs: { TICKET: "12" },
    goals: [],
    successCriteria: [],
    constraints: [],
    text: "# Title\n\nBody\n",
  });
});

it("reports what is wrong with the front matter at its place in the file", () => {
  const text = "---\ntitel: x\nlimits: { duration: 2 hours }\nskip: A\nname: 'open\n---\n# T\n";
  const { objective, diagnostics } = parseObjective(text, "o.md");
  expect(objective).toBeNull();
  expect(formatDiagnostics(diagnostics, new Map([["o.md", text]]))).toMatchInlineSnapshot(`
    "o.md:2:1 error CONFIG_INVALID: unknown key "titel"
      1 | ---
      2 | titel: x
        | ^^^^^
      hint: did you mean "title"?

    o.md:3:21 error CONFIG_INVALID: limits.duration must be a duration like "90s", "15m" or "2h", not "2 hours"
      2 | titel: x
      3 | limits: { duration: 2 hours }
        |                     ^^^^^^^
      hint: Write "2h".

    o.md:4:7 error CONFIG_INVALID: skip must be a list of stage ids, not "A"
      3 | limits: { duration: 2 hours }
      4 | skip: A
        |       ^
      hint: Write a list: ["A"].

    o.md:5:7 error CONFIG_INVALID: the quote is not closed
      4 | skip: A
      5 | name: 'open
        |       ^
      hint: Write ' at the end of the text.

    4 errors
    "
  `);
});

it.each([
  ["", "the objective is empty"],
  ["---\ntitle: x\n---\n\n", "the objective is empty"],
  ["a\0b", "the file has a NUL character"],
  ["a\n".repeat(2_001), "the objective has more than 2000 lines"],
  ["ab".repeat(70_000), "the objective is larger than 128 KiB"],
  [`${"> ".repeat(65)}a`, "quotes and lists are nested deeper than 64 levels"],
])("refuses %#", (text, message) => {
  const { objective, diagnostics } = parseObjective(text, null);
  expect(objective).toBeNull();
  expect(diagnostics.map((diagnostic) => diagnostic.message)).toEqual([message]);
});

it("takes an empty front matter", () => {
  expect(parse("---\n---\n# T").title).toBe("T");
});
