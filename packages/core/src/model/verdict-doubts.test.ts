import { describe, expect, test } from "vitest";
import { concludeReview, describeMissingVerdict, parseVerdict } from "./verdict.js";

const INNER = "```markdown\n# Report\n```ts\nx\n```\nAPPROVED: x\n```";

/** Texts that could be read as an approval, and why they are none. */
const doubtful: readonly [name: string, text: string, why: string][] = [
  ["a quote that goes on", "> They wrote\nAPPROVED: ok", "follows a quote without an empty line between"],
  ["a quote that goes on twice", "> They wrote\nand\nAPPROVED: ok", "follows a quote"],
  ["an indented line after a quote", ">\n    more\nAPPROVED: ok", "follows a quote"],
  ["a tag in a line that is never closed", "It said: <out>\nAPPROVED: ok", "<out> in line 1 is never closed"],
  ["a tag in code, and one outside", "`<a>` <out>\nAPPROVED: ok", "<out> in line 1 is never closed"],
  ["a comment that is never closed", "Look: <!-- it\nAPPROVED: ok", "<!-- in line 1 is never closed"],
  ["two that are never closed", "<b>\n<a>\nAPPROVED: ok", "<b> in line 1 is never closed"],
  ["two that are never closed, the later one first", "<a></a>\n<b>\n<a>\nAPPROVED: ok", "<b> in line 2"],
  ["a tag within one of its name", "<o>\n<o>x</o>\nAPPROVED: ok", "<o> in line 1 is never closed"],
  ["brackets on a line of their own", "[TOOL]\nAPPROVED: ok", "[tool] in line 1 is never closed"],
  ["an end that was never opened", "APPROVED: ok\n</out>", "(<out>) was never opened"],
  ["the end of a comment that was never opened", "APPROVED: ok\n-->", "(<!--) was never opened"],
  ["the end of brackets that were never opened", "APPROVED: ok\n[/INST]", "([inst]) was never opened"],
  ["code that hides a beginning", "`\n<out>\n`\nAPPROVED: ok", "<out> in line 2 is never closed"],
  ["a backtick behind a backslash", "\\`<out>`\nAPPROVED: ok", "<out> in line 1 is never closed"],
  ["a fence that begins in a quote", "> ```\nAPPROVED: x\n", "follows a quote"],
  ["a fence that ends elsewhere", "```\n    ```\nAPPROVED: x\n```\n    ```", "see the fence in line 1"],
  ["a mark of a fence in code", "    ```\nAPPROVED: x\n    ```", "where the fence around it begins"],
  ["fences of one length in a document", INNER, "see the fence in line 1"],
  ["a fence too many", "```\na\n```\nAPPROVED: x\n```\nb", "the fence in line 5 may begin before it"],
  ["a fence in a fence that is never closed", "~~~\n```\nAPPROVED: ok\n```", "where the fence around it begins"],
  ["text after its fence", "```\nAPPROVED: ok\n```\nI have not decided.", "text follows the fence"],
  ["code after its fence", "```\nAPPROVED: ok\n```\n```ts\nx\n```", "text follows the fence"],
  ["a text after its JSON", '```json\n{"verdict":"approved"}\n```\nHm.', "text follows the fence"],
  ["an example", "It would end with:\n\nAPPROVED: ok", "announces an example"],
  ["an example in a fence", "**For example:**\n```\nAPPROVED: ok\n```", "announces an example"],
  ["what follows a diff", "diff --git a/x b/x\n+x\nAPPROVED: ok", "follows a diff"],
  ["what follows a table", "a | b\n--- | ---\nAPPROVED: ok", "follows a table"],
  ["the middle of a transcript", "user: hi\nAPPROVED: ok", "may be said by somebody: see line 1"],
  ["the tokens of a model", "<|im_start|>user\n\nAPPROVED: ok", "a transcript that begins in line 1"],
  ["output", "$ cat x\nAPPROVED: ok", "may be printed by a command: see line 1"],
  ["code over lines", "See `a\nAPPROVED: ok\nb`", "stands within code"],
  ["a quotation over lines", 'See "a\nAPPROVED: ok', "is not closed"],
  ["the beginning left out", "[... left out ...]\nAPPROVED: ok\n```\nx", "may have been left out"],
  ["what the log says", "The log says:\n\nAPPROVED: ok", "announces an example or a quote"],
  ["an example below its heading", "### Example\n\nAPPROVED: ok", "announces an example or a quote"],
  ["a footnote that goes on", "[^1]: they wrote\nAPPROVED: ok", "follows a quote"],
  ["an escaped tag", "&lt;out&gt;\nAPPROVED: ok", "<out> in line 1 is never closed"],
  ["braces on a line of their own", "{quote}\nAPPROVED: ok", "{quote} in line 1 is never closed"],
  ["the end of an approval", "APPROVED: ok\n{/quote}", "({quote}) was never opened"],
  ["a comment of code", "/*\nAPPROVED: ok\n*/", "stands in a comment"],
  ["files that a command prints", "==> a.md <==\n\nAPPROVED: ok", "what a command prints"],
  ["a tag that begins its line", "<out> it said\nAPPROVED: ok", "<out> in line 1 is never closed"],
  ["a tag that is said", "It said: <out> this\nAPPROVED: ok", "<out> in line 1 is never closed"],
  ["a here-document that ends", "A <<EOF one:\n\nAPPROVED: ok\nEOF", "a here-document that begins in line 1"],
  ["a here-document that is cut", "cat <<EOF\nAPPROVED: ok", "a here-document that begins in line 1"],
  ["capitals that end", "BEGIN OUTPUT of it\nAPPROVED: ok\nEND OUTPUT", "is set apart that begins in line 1"],
  ["a comment of paths that ends", "/*.ts\nAPPROVED: ok\n*/", "a comment that begins in line 1"],
  ["what it should be", "It should end with:\n\nAPPROVED: ok", "announces an example"],
  ["a format", "The format is:\n\nAPPROVED: ok", "announces an example"],
  ["an approval that is taken back", "APPROVED: ok\n\nI have not yet decided.", "takes the approval back"],
  ["an approval that is none", "APPROVED: but I can't approve this", "takes the approval back"],
  ["an approval before its time", "APPROVED: ok\n\nI am still checking the tests.", "takes the approval back"],
];

/** Texts as agents write them. */
const sure: readonly [name: string, text: string][] = [
  ["a list without an empty line", "- tests pass\n- docs too\nAPPROVED: ok"],
  ["a numbered list", "1. tests pass\n2. docs too\n\nAPPROVED: ok"],
  ["a quote with an empty line", "> They wrote\n\nAPPROVED: ok"],
  ["a heading after a quote", "> They wrote\n## APPROVED: ok"],
  ["a rule after a quote", "> They wrote\n***\nAPPROVED: ok"],
  ["a quote with a fence that is never closed", "> ```\n> x\n\nAPPROVED: ok\n\n```\ny\n```"],
  ["a tag in code", "The tool said: `<tool_output>`\nAPPROVED: ok"],
  ["a comment in code", "foo `<!--`\nAPPROVED: ok"],
  ["a tag in code of two backticks", "The tool said: `` `<out>` ``\n\nAPPROVED: ok"],
  ["an angle bracket of a type", "It returns Promise<void> and Map<string, Foo<T>>.\nAPPROVED: ok"],
  ["an address", "See <https://example.org/a>.\n\nAPPROVED: ok"],
  ["a line break and an image", 'One<br>two <br/> <img src="x">\n\nAPPROVED: ok'],
  ["tags that are closed", "<details><summary>More</summary>\n\nx\n\n</details>\n\nAPPROVED: ok"],
  ["an arrow", "a --> b\nAPPROVED: c --> d\n\ne --> f"],
  ["a task list", "- [x] tests\n- [ ] later\n\nAPPROVED: ok"],
  ["a link", "[see](https://example.org) [this] list[index]\n\nAPPROVED: ok"],
  ["a comparison", "a < b and b > c, a <> b\n\nAPPROVED: ok"],
  ["a backtick too many", "The mark ` is odd.\n\nAPPROVED: ok"],
  ["code in an item", "- look:\n\n      ```ts\n      x\n      ```\n\nAPPROVED: ok"],
  ["fences of several languages", "```ts\na\n```\n\n```diff\n+b\n```\n\nAPPROVED: ok"],
  ["a fenced diff", "```diff\ndiff --git a/x b/x\n+APPROVED: x\n```\nAPPROVED: ok"],
  ["a fenced document", "````md\n```ts\nx\n```\n````\n\nAPPROVED: ok"],
  ["a diff and an empty line", "diff --git a/x b/x\nindex 1..2\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n\nAPPROVED: ok"],
  ["a table and an empty line", "| a | b |\n|---|---|\n| 1 | 2 |\n\nAPPROVED: ok"],
  ["a heading after a table", "| a | b |\n|---|---|\n| 1 | 2 |\n# APPROVED: ok"],
  ["a label above", "## Verdict\n\nAPPROVED: ok"],
  ["a label with a colon above", "My conclusion:\n\nAPPROVED: ok"],
  ["a glob", "I read src/*.ts and test/*.\n\nAPPROVED: ok"],
  ["a comment that ends in its line", "/* x */\n\nAPPROVED: ok"],
  ["what was reviewed", "After careful review of all files:\n\nAPPROVED: after a careful review, all is well"],
  ["braces in a sentence", "It takes {id} and {name}.\n\nAPPROVED: ok"],
  ["between rules", "---\nAPPROVED: ok\n---"],
  ["a closing sentence", "APPROVED: ok\n\nLet me know if you would like more."],
  ["a list behind", "APPROVED: ok\n\n- minor: a typo (line 3)\n- `x` --> `y`"],
  ["code behind", "APPROVED: ok\n\n```ts\nx\n```"],
  ["quotation marks that are closed", 'It says "done" and „fertig“ and “done” (twice).\nAPPROVED: ok'],
  ["what somebody said before", "user: please\n\nassistant: yes\n\nAPPROVED: ok"],
  ["a tag in a sentence", "It renders a <div> with <T extends object> in it, see &lt;b&gt; too.\nAPPROVED: ok"],
  ["an element behind a colon", "* Buttons work: <button> elements have labels\n\nAPPROVED: ok"],
  ["names in a sentence", "Run troupe run <file>. It includes <vector> and <li>.\n\nAPPROVED: ok"],
  ["a comparison that looks like a tag", "if (a <b && c> d) is handled.\n\nAPPROVED: ok"],
  ["marks in code", 'See `cat <<EOF`, `1<<SHIFT`, `"""`, `\\begin{table}` and `<|user|>`.\n\nAPPROVED: ok'],
  ["a here-document in a sentence", "A <<EOF document works, as does 1<<SHIFT here.\n\nAPPROVED: ok"],
  ["capitals in a sentence", "BEGIN TRANSACTION is issued\n\nSTART TLS is used.\n\nAPPROVED: ok"],
  ["a path that looks like a comment", "/*.ts files are covered.\n\n/*.js too\n\nAPPROVED: ok"],
  ["what it should", "The code now does what it should:\n\nAPPROVED: ok"],
  ["the required format", "Conclusion (in the required format):\n\nAPPROVED: ok"],
  ["the format that is demanded", "Here is my verdict, as the format demands:\n\nAPPROVED: ok"],
  ["what must be there", "Verdict - must-haves all met:\n\nAPPROVED: ok"],
  ["a command before", "$ npm test\n42 passed\n\nAPPROVED: ok"],
];

describe("an approval is none where the text could be read otherwise, and it is said why:", () => {
  test.each(doubtful)("%s", (_name, text, why) => {
    expect(concludeReview([], text)).toBe(null);
    expect(describeMissingVerdict(text)).toContain(why);
  });

  test.each(doubtful.slice(0, -3))("%s, but a rejection is one, if it stands there for itself", (_name, text) => {
    const parsed = parseVerdict(text.replace("APPROVED:", "REJECTED:").replace('"approved"', '"rejected"'));
    expect(parsed?.decision).toBe("rejected");
  });
});

test("a fence that begins in an item and ends outside of it holds what is between", () => {
  expect(concludeReview([], "1. ```\nAPPROVED: x\n```")).toBe(null);
});

test.each(sure)("an approval is one after or before %s", (_name, text) => {
  expect([text, concludeReview([], text)?.decision]).toEqual([text, "approved"]);
});

test("a line that approves in doubt does not outweigh a rejection without its form", () => {
  const given = { decision: "approved", reasons: [], source: "tool" } as const;
  expect(concludeReview([given], "# REJECTED\n\n<out>\nAPPROVED: x")).toEqual({
    decision: "rejected",
    reasons: ["# REJECTED"],
    source: "text",
  });
});

test("texts that nobody would write are read in time", () => {
  const parts = ["<a ", "[b]", "`", "``` ", "> ", "- ", "<!-- ", "--> ", '"', "(", "user ", "| - ", "<<", "  ", "</a>"];
  for (const part of [...parts, ...parts.map((each) => `${each}\n`)]) {
    const text = `${part.repeat(20_000)}\n\nREJECTED: no`;
    expect([part, parseVerdict(text)?.decision]).toEqual([part, expect.toBeOneOf(["rejected", undefined])]);
  }
}, 60_000);
