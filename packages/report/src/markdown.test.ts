import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { expect, test } from "vitest";
import { hostile, PAYLOADS, UNSEEN } from "../test/hostile-run.js";
import { RecordedRun } from "../test/recorded-run.js";
import { createReport, renderGithubSummary, renderMarkdown } from "./index.js";
import { code, plain, table } from "./markdown-text.js";

type Nodes = ReturnType<typeof fromMarkdown> | ReturnType<typeof fromMarkdown>["children"][number];

function parse(markdown: string): Nodes {
  return fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}

/** The tree without its texts. An address that GitHub makes a link to itself hides nothing. */
function shapeOf(node: Nodes): unknown {
  if (node.type === "link" && textOf(node) === node.url) return "text";
  if (!("children" in node)) return node.type;
  const children = node.children.map((child: Nodes) => shapeOf(child));
  return [node.type, ...children.filter((child, index) => child !== "text" || children[index - 1] !== "text")];
}

function textOf(node: Nodes): string {
  if ("value" in node) return node.value;
  return "children" in node ? node.children.map((child: Nodes) => textOf(child)).join("") : "";
}

test.each(
  PAYLOADS.flatMap((payload) => [
    { payload, name: "markdown", render: renderMarkdown },
    { payload, name: "the summary", render: renderGithubSummary },
  ]),
)("foreign text stays text in $name: $payload", ({ payload, render }) => {
  const of = (text: string): string => {
    const run = hostile(text);
    return render(createReport(run.entries, { now: run.now, holder: null }));
  };
  expect(of(payload)).not.toMatch(UNSEEN);
  expect(shapeOf(parse(of(payload)))).toEqual(shapeOf(parse(of("harmless"))));
});

test.each([
  ["a | b \\| c \\\\| d", "a | b \\| c \\\\| d"],
  ["1. one", "1. one"],
  ["- x", "- x"],
  ["*a* _b_ <c> [d](e) & &amp; ~~f~~", "*a* _b_ <c> [d](e) & &amp; ~~f~~"],
  ["#12 and @ada", "#12 and @ada"],
  ["two\nlines", "two lines"],
])("what stands in %j is read as %j, in a line, a list and a table", (text, read) => {
  expect(textOf(parse(plain(text)))).toBe(read);
  expect(textOf(parse(`- ${plain(text)}`))).toBe(read);
  expect(textOf(parse(table(["h"], [[plain(text)]])))).toBe(`h${read}`);
});

test.each(["a`b``c", "`", "``", " x ", "", "a|b"])("%j is a code span of just that, in a table too", (text) => {
  const of = (markdown: string): string => textOf(parse(markdown)).trim();
  expect(of(`x ${code(text)}`)).toBe(`x ${text.trim()}`.trim());
  expect(of(table(["h"], [[code(text)]]))).toBe(`h${text.trim()}`);
});

test("a long text says how much of it is missing, and no character is cut in half", () => {
  expect(plain(`${"x".repeat(9)}\u{1f600}${"y".repeat(90)}`, 10)).toBe("xxxxxxxxx… (92 more characters)");
});

test("the summary of a large run stays below GitHub's limit, and says what it left out", () => {
  const stages = Array.from({ length: 1_500 }, (_, index) => ({ id: `S${index}`, workAgent: `a${index}` }));
  const run = new RecordedRun({ title: "Large", stages });
  for (const { id } of stages) run.after(1_000).fail(`${id}.1`, "broken ".repeat(300));
  const summary = renderGithubSummary(createReport(run.entries, { now: run.now, holder: null }));
  expect(Buffer.byteLength(summary)).toBeLessThan(1_048_576);
  expect(summary).toContain("more rows left out here: `troupe report --format json` has all of them.");
});
