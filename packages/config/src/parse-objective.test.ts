import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { formatDiagnostics } from "./format-diagnostic.js";
import { type Objective, parseObjective } from "./parse-objective.js";

function parse(text: string, fileName: string | null = "objective.md"): Objective {
  const { objective, diagnostics } = parseObjective(text, fileName);
  if (objective === null) throw new Error(formatDiagnostics(diagnostics, new Map()));
  return objective;
}

async function fixture(name: string): Promise<Objective> {
  return parse(await readFile(new URL(`../test/fixtures/${name}`, import.meta.url), "utf8"), name);
}

describe("sections", () => {
  it("are cut at headings and bold labels, and lose nothing", async () => {
    const { text: _text, ...objective } = await fixture("label-sections.md");
    expect(objective).toMatchInlineSnapshot(`
      {
        "constraints": [
          {
            "isDone": null,
            "text": "No new dependency",
          },
          {
            "isDone": null,
            "text": "Works without a network in tests",
          },
        ],
        "feature": "send-mail-owner",
        "goals": [
          {
            "isDone": null,
            "text": "Owners learn of an export without looking at the queue.",
          },
          {
            "isDone": null,
            "text": "The mail names the report:
      - its title,
      - and the size of the file,
        in megabytes.

      It is sent once.",
          },
        ],
        "inputs": {},
        "limits": {},
        "sections": [
          {
            "heading": "Objective",
            "items": [
              {
                "isDone": null,
                "text": "Send a mail to the owner of a report when it has been exported.",
              },
            ],
            "kind": "objective",
            "line": 1,
            "text": "- Send a mail to the owner of a report when it has been exported.",
          },
          {
            "heading": "Goal",
            "items": [
              {
                "isDone": null,
                "text": "Owners learn of an export without looking at the queue.",
              },
              {
                "isDone": null,
                "text": "The mail names the report:
      - its title,
      - and the size of the file,
        in megabytes.

      It is sent once.",
              },
            ],
            "kind": "goals",
            "line": 5,
            "text": "- Owners learn of an export without looking at the queue.
      - The mail names the report:
        - its title,
        - and the size of the file,
          in megabytes.

        It is sent once.",
          },
          {
            "heading": "Success Criteria",
            "items": [
              {
                "isDone": false,
                "text": "A mail arrives within a minute.",
              },
              {
                "isDone": true,
                "text": "No mail is sent for a failed export.",
              },
            ],
            "kind": "success-criteria",
            "line": 15,
            "text": "- [ ] A mail arrives within a minute.
      - [x] No mail is sent for a failed export.

      ---",
          },
          {
            "heading": "Technical Context",
            "items": [
              {
                "isDone": null,
                "text": "\`src/export/\`",
              },
            ],
            "kind": "context",
            "line": 22,
            "text": "**Target Codebase**:

      - \`src/export/\`",
          },
          {
            "heading": "Key Constraints",
            "items": [
              {
                "isDone": null,
                "text": "No new dependency",
              },
              {
                "isDone": null,
                "text": "Works without a network in tests",
              },
            ],
            "kind": "constraints",
            "line": 28,
            "text": "- No new dependency
      - Works without a network in tests

      ---",
          },
          {
            "heading": "Additional Context",
            "items": [],
            "kind": "context",
            "line": 35,
            "text": "| Part  | Owner    |
      | ----- | -------- |
      | queue | platform |

      \`\`\`python
      # Goal: not a heading
      **Goal**: not a label
      \`\`\`",
          },
        ],
        "skip": [],
        "successCriteria": [
          {
            "isDone": false,
            "text": "A mail arrives within a minute.",
          },
          {
            "isDone": true,
            "text": "No mail is sent for a failed export.",
          },
        ],
        "title": "Send a mail to the owner of a report when it has been exported.",
      }
    `);
  });

  it("are cut at labels within one paragraph and at known names below other headings", async () => {
    const { title, feature, sections } = await fixture("inline-labels.md");
    expect({ title, feature, sections }).toMatchInlineSnapshot(`
      {
        "feature": "shorten-guide-newcomers",
        "sections": [
          {
            "heading": "Objective",
            "items": [],
            "kind": "objective",
            "line": 3,
            "text": "",
          },
          {
            "heading": "Goal",
            "items": [
              {
                "isDone": null,
                "text": "Cut the guide from 900 lines to 100.",
              },
            ],
            "kind": "goals",
            "line": 5,
            "text": "Cut the guide from 900 lines to 100.",
          },
          {
            "heading": "Problem Statement",
            "items": [
              {
                "isDone": null,
                "text": "Nobody reads it.",
              },
            ],
            "kind": "problem",
            "line": 6,
            "text": "Nobody reads it.",
          },
          {
            "heading": "Success Criteria",
            "items": [
              {
                "isDone": false,
                "text": "Links work",
              },
            ],
            "kind": "success-criteria",
            "line": 8,
            "text": "- [ ] Links work",
          },
          {
            "heading": "Rollout",
            "items": [],
            "kind": "other",
            "line": 12,
            "text": "",
          },
          {
            "heading": "Constraints",
            "items": [
              {
                "isDone": null,
                "text": "No page is lost",
              },
              {
                "isDone": null,
                "text": "Links stay relative",
              },
            ],
            "kind": "constraints",
            "line": 14,
            "text": "1. No page is lost
      2. Links stay relative",
          },
          {
            "heading": "Later",
            "items": [
              {
                "isDone": null,
                "text": "Whatever comes after.",
              },
            ],
            "kind": "other",
            "line": 19,
            "text": "Whatever comes after.",
          },
        ],
        "title": "Shorten the guide for newcomers",
      }
    `);
  });

  it("do not begin in code", async () => {
    const { title, feature, goals, successCriteria, sections } = await fixture("criteria-only.md");
    expect([title, feature, goals]).toEqual(["Remove the legacy panel", "remove-legacy-panel", []]);
    expect(successCriteria).toEqual([
      { text: "`panel.py` is gone", isDone: null },
      { text: "Help does not mention it", isDone: null },
    ]);
    expect(sections[0]).toEqual({ kind: "other", heading: "", line: 1, text: "```sh\n# not a title\n```", items: [] });
  });

  it("are paragraphs where there is no list", () => {
    const { goals, sections } = parse("Before.\n\n## 1. Goals:\n\nOne.\n\nTwo,\nstill two.\n");
    expect(goals).toEqual([
      { text: "One.", isDone: null },
      { text: "Two,\nstill two.", isDone: null },
    ]);
    expect(sections.map((section) => [section.kind, section.heading, section.line, section.text])).toEqual([
      ["other", "", 1, "Before."],
      ["goals", "Goals:", 3, "One.\n\nTwo,\nstill two."],
    ]);
  });

  it("end a label at a label that nobody knows", () => {
    const { sections } = parse("**Goals:**\n- a\n\n**Notes**: b\n\nNot **a label**: c\n\n** **\n\n__Scope__ : d\n");
    expect(sections.map((section) => [section.kind, section.heading, section.text])).toEqual([
      ["goals", "Goals", "- a"],
      ["other", "Notes", "b\n\nNot **a label**: c\n\n** **"],
      ["scope", "Scope", "d"],
    ]);
  });
});

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

    o.md:3:21 error CONFIG_INVALID: limits.duration must be a duration like "90s", "15m" or "2h", longer than nothing and at most 365d, not "2 hours"
      2 | titel: x
      3 | limits: { duration: 2 hours }
        |                     ^^^^^^^

    o.md:3:21 error CONFIG_INVALID: limits.duration must be a duration like "90s", "15m" or "2h", not "2 hours"
      2 | titel: x
      3 | limits: { duration: 2 hours }
        |                     ^^^^^^^

    o.md:4:7 error CONFIG_INVALID: skip must be a list of stage ids, not "A"
      3 | limits: { duration: 2 hours }
      4 | skip: A
        |       ^
      hint: Write a list: ["A"].

    o.md:5:7 error CONFIG_INVALID: the quote is not closed
      4 | skip: A
      5 | name: 'open
        |       ^

    5 errors
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
