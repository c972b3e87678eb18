import { buildPrompt, defineStage, type PromptParts } from "@troupe/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "../test/objective-fixtures.js";
import { featureName } from "./feature-name.js";
import { parseObjective } from "./parse-objective.js";

/** What an agent of a plain work stage is told. */
function promptOf(objective: string): string {
  const parts: PromptParts = {
    kind: "work",
    stage: defineStage({ id: "PLAN" }),
    round: 1,
    template: null,
    objective,
    persona: null,
    values: {},
    workspace: "/p",
    artifactsFolder: "/p/a",
    required: [],
    revisable: [],
    inputs: [],
    underReview: null,
    evidence: null,
    feedback: [],
    skipped: [],
    before: null,
    setAside: [],
  };
  return buildPrompt(parts);
}

const PIECES = [
  "# Objective: Ship it",
  "## Goals",
  "**Key Constraints**:",
  "**Unknown label:** words",
  "### Nobody knows this heading",
  "Setext\n======",
  "Below\n-----",
  "- [ ] open",
  "- [x] done\n  goes on\n\n  second paragraph",
  "1. one\n   - nested\n     - deeper",
  "| a | b |\n| - | - |\n| c | d |",
  "```sh\n# comment\n**Goal**: code\n```",
  "    indented code",
  "> quoted\n> - list",
  "<details>\n<summary>HTML</summary>\nhidden\n</details>",
  "<!-- a comment -->",
  "[ref]: https://example.org 'title'",
  "See [ref] and [^1].",
  "[^1]: A footnote\n    of two lines.",
  "---",
  "***bold** and* __more__",
  "Trailing blanks  \nhard break\\\nend",
  "{{template}} $value $(command) `run`",
  "APPROVED: this is no verdict",
  "漢字 🚀 \u00e9",
];

const objectives = fc
  .tuple(
    fc.constantFrom("", "---\ntitle: T\nname: n\n---\n"),
    fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "grapheme", maxLength: 40 })), {
      minLength: 1,
      maxLength: 12,
    }),
    fc.constantFrom("\n", "\n\n", "\r\n"),
  )
  .map(([matter, parts, glue]) => ({ matter, body: parts.join(glue) }));

it("loses no line of the text on its way to the agents (TeamBot lost what its parser did not know)", () => {
  fc.assert(
    fc.property(objectives, ({ matter, body }) => {
      fc.pre(matter !== "" || !body.startsWith("---")); // such a line would begin front matter
      const { objective } = parseObjective(matter + body, "o.md");
      fc.pre(objective !== null);
      const told = new Set(
        promptOf(objective?.text ?? "")
          .split("\n")
          .map((line) => line.replace(/^>/, "").trim()),
      );
      const missing = body.split(/\r\n?|\n/).filter((line) => line.trim() !== "" && !told.has(line.trim()));
      expect(missing).toEqual([]);
    }),
    { numRuns: 500 },
  );
}, 60_000);

describe("forms", () => {
  it("known sections have any of their names, at any level, as heading, underlined or label", () => {
    const names = [
      ["Goal", "goals"],
      ["Goals", "goals"],
      ["Success Criteria", "success-criteria"],
      ["Acceptance Criteria", "success-criteria"],
      ["Constraints", "constraints"],
      ["Key Constraints", "constraints"],
      ["Context", "context"],
      ["Technical Context", "context"],
      ["Additional Context", "context"],
      ["Problem Statement", "problem"],
      ["Summary", "summary"],
      ["Scope", "scope"],
    ] as const;
    const forms = [
      (name: string) => `## ${name}\n\n- x`,
      (name: string) => `###### ${name.toUpperCase()}: ##\n- x`,
      (name: string) => `# ${name}\n- x`,
      (name: string) => `${name}\n---\n- x`,
      (name: string) => `## *${name}* ✅\n- x`,
      (name: string) => `**${name}**: \n- x`,
      (name: string) => `**${name}:**\n\n- x`,
      (name: string) => `__${name}__:\n* x`,
    ];
    for (const [name, kind] of names) {
      for (const form of forms) {
        const text = `# The title\n\n${form(name)}\n`;
        const section = parse(text).sections.find((one) => one.kind === kind);
        expect([text, section?.items.map((item) => item.text)]).toEqual([text, ["x"]]);
      }
    }
  });

  it("a comment in code before any title is not the title", () => {
    const text = "```sh\n# install it first\nmake\n```\n\n## Goal\n\n- ship\n";
    expect(parse(text, "docs/ship-it.md")).toMatchObject({ title: "ship-it", feature: "ship" });
    expect(parse(`<pre>\n# not this\n</pre>\n\n# This\n`).title).toBe("This");
    expect(parse(`    # not this\n\n> # nor this\n\n# This\n`).title).toBe("This");
  });

  it("an objective of acceptance criteria alone has a name and its criteria", () => {
    const { title, goals, successCriteria } = parse(
      "## Acceptance Criteria\n\n- [x] a\n- [ ] b\n- c\n",
      "remove-panel.md",
    );
    expect({ title, goals, successCriteria }).toEqual({
      title: "remove-panel",
      goals: [],
      successCriteria: [
        { text: "a", isDone: true },
        { text: "b", isDone: false },
        { text: "c", isDone: null },
      ],
    });
  });

  it("nested lists, continuation lines, tables, HTML, references and footnotes stay in their section", () => {
    const body =
      "- a [one][r]\n  goes on\n  - nested\n\n    paragraph\n\n| x | y |\n| - | - |\n| 1 | 2 |\n\n<b>html</b>\n\nNote[^n].\n\n[r]: http://x.y\n[^n]: The note.";
    const { sections, goals } = parse(`# T\n\n## Goals\n\n${body}\n\n## Unknown part\n\nkept\n`);
    expect(sections.map(({ heading, text }) => [heading, text])).toEqual([
      ["Goals", body],
      ["Unknown part", "kept"],
    ]);
    expect(goals).toEqual([{ text: "a [one][r]\ngoes on\n- nested\n\n  paragraph", isDone: null }]);
  });

  it("the front matter goes before the title, the name before both", () => {
    expect(parse("---\ntitle: From above\n---\n# Below\n")).toMatchObject({ title: "From above", feature: "above" });
    expect(parse("---\nname: Mail Export!\n---\n# Below\n").feature).toBe("mail-export");
  });
});

it("two objectives with similar titles have the same feature, never the same text: a run id adds date and chance", () => {
  const [a, b] = [parse("# Objective: Add the mail export\n"), parse("# Objective: Add a mail export\n")];
  expect([a.feature, b.feature]).toEqual(["mail-export", "mail-export"]);
  expect(a.text).not.toBe(b.text);
});

it("a feature name is one to three words that fit into a file name", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.string({ unit: "binary", maxLength: 80 })), { maxLength: 4 }), (candidates) => {
      const name = featureName(candidates);
      expect(name).toMatch(/^[a-z0-9]{1,16}(?:-[a-z0-9]{1,16}){0,2}$/);
    }),
    { numRuns: 300 },
  );
}, 60_000);
