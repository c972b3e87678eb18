import { describe, expect, it } from "vitest";
import { fixture, parse } from "../test/objective-fixtures.js";

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
