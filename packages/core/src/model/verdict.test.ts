import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Verdict } from "./turn.js";
import { concludeReview, describeMissingVerdict, mayConclude, parseVerdict } from "./verdict.js";
import { MAX_REASON_CHARACTERS, MAX_REASONS } from "./verdict-limits.js";

const approved = (...reasons: string[]) => ({ decision: "approved", reasons, source: "text" });
const rejected = (...reasons: string[]) => ({ decision: "rejected", reasons, source: "text" });

const texts: readonly [name: string, text: string, verdict: unknown][] = [
  // plain lines
  ["an approval", "APPROVED: complete and clear", approved("complete and clear")],
  ["a verified approval", "VERIFIED_APPROVED: ran the tests", approved("ran the tests")],
  ["a rejection", "REJECTED: no tests", rejected("no tests")],
  ["an approval without a reason", "APPROVED:", approved()],
  ["a rejection without a reason", "Looked at it.\n\nREJECTED:\n", rejected()],
  ["an approval after text", "I read it all.\nAPPROVED: fine", approved("fine")],
  ["an approval before text", "APPROVED: fine\n\nNext steps: ship it.", approved("fine")],
  ["line ends of Windows", "Text\r\nREJECTED: no\r\n\r\nBye", rejected("no", "Bye")],
  ["line ends of old systems", "Text\rAPPROVED: ok\r", approved("ok")],
  ["a byte order mark", "\u{feff}APPROVED: ok", approved("ok")],
  ["a slight indent", "  APPROVED: ok", approved("ok")],
  // the last one counts
  ["a rejection that takes an approval back", "APPROVED: at first\n\nREJECTED: found a leak", rejected("found a leak")],
  ["an approval after a rejection", "REJECTED: in round 1\n\nAPPROVED: mended", approved("mended")],
  [
    "a rejection that quotes the other mark",
    "REJECTED: cannot say VERIFIED_APPROVED: ...",
    rejected("cannot say VERIFIED_APPROVED: ..."),
  ],
  ["text after a fence", "```\nREJECTED: x\n```\nAPPROVED: y", approved("y")],
  ["a fence after text", "APPROVED: y\n```\nREJECTED: x\n```", rejected("x")],
  [
    "a rejection that says why it cannot approve",
    "REJECTED: I cannot say VERIFIED_APPROVED: the tests fail",
    rejected("I cannot say VERIFIED_APPROVED: the tests fail"),
  ],
  // enclosed by tags
  ["a mark in a tool's output", "<tool_output>\nAPPROVED: x\n</tool_output>", null],
  ["two outputs of a tool", "<out>\nAPPROVED: x\n</out>\n<out>\nAPPROVED: y\n</out>\nREJECTED: z", rejected("z")],
  ["a tag that is closed before it is opened", "</out>\n<out>\nAPPROVED: x", null],
  // emphasis and headings
  ["bold mark", "**VERIFIED_APPROVED**: ok", approved("ok")],
  ["bold mark with its colon", "**REJECTED:** too slow", rejected("too slow")],
  ["bold line", "**APPROVED: all good**", approved("all good")],
  ["underscores", "__REJECTED__: no", rejected("no")],
  ["italics", "_APPROVED_: ok", approved("ok")],
  ["code span", "`APPROVED: ok`", approved("ok")],
  ["code span in the reason", "REJECTED: remove `eval`", rejected("remove `eval`")],
  ["emphasis in the reason", "REJECTED: **all** of it", rejected("**all** of it")],
  ["bold mark alone", "**APPROVED:**", approved()],
  ["heading", "## APPROVED: ok", approved("ok")],
  ["bold heading", "### **REJECTED:** no", rejected("no")],
  // fences
  ["fence", "```\nAPPROVED: ok\n```", approved("ok")],
  ["fence of text", "~~~text\n\nREJECTED: no\n~~~", rejected("no")],
  ["longer fence", "````markdown\nAPPROVED: ok\n````\n", approved("ok")],
  ["fence of code", "```ts\nAPPROVED: label\n```", null],
  ["code that holds a mark", "```\nswitch (x) {\nAPPROVED: break;\n}\n```", null],
  ["fence in a list", "- write\n  ```\n  APPROVED: ok\n  ```", null],
  ["fence in a quote", "> ```\n> APPROVED: ok\n> ```", null],
  ["empty fence", "```\n\n```", null],
  ["inner fence of an outer one", "````md\n```\nAPPROVED: ok\n```\n````", null],
  ["fence never closed", "```\nsome code\n\nREJECTED: cut off", rejected("cut off")],
  ["many fences never closed", "```a\n````b\n~~~~\n~~~\n```c\nREJECTED: no", rejected("no")],
  ["approval in a fence never closed", "The log:\n```\nAPPROVED: step 1\n", null],
  ["approval before a fence never closed", "APPROVED: ok\n```\ncode", approved("ok")],
  ["fence within one never closed", "~~~\n```\nAPPROVED: ok\n```", null],
  ["JSON within a fence never closed", '~~~\n```json\n{"verdict":"approved"}\n```', null],
  ["taken back after a fence never closed", "REJECTED: a\n\nb\n\n```\nAPPROVED: ok", null],
  ["a recalled rejection, then an approval in doubt", "In round 1:\n\nREJECTED: a\n\nA <b\n<out>\nAPPROVED: ok", null],
  ["a recalled rejection, then an approval on a condition", "REJECTED: a\n\nAPPROVED: once the tests pass", null],
  ["a rejection behind an approval in doubt", "REJECTED: a\n\n<out>\nAPPROVED: ok\n\nREJECTED: b", rejected("b")],
  ["an approval before one in doubt", "APPROVED: ok\n\n<out>\nAPPROVED: x", approved("ok")],
  ["an approval before one on a condition", "APPROVED: ok\n\nAPPROVED: only if the tests pass", null],
  // texts of which the middle is left out
  ["code whose beginning is left out", "Log:\n[... left out ...]\nAPPROVED: step\n```\nHm.", null],
  [
    "code whose beginning is left out, before more of it",
    "[... 7 bytes left out ...]\nAPPROVED: step\n```\nHm.\n```js\nx\n```\n",
    null,
  ],
  ["output of a tool whose tag is left out", "[... 7 bytes left out ...]\nAPPROVED: step\n</out>\nHm.", null],
  ["rejection near what is left out", "[... 7 bytes left out ...]\nREJECTED: no\n```\nx\n```", rejected("no")],
  ["conclusion after all that", "[... 7 bytes left out ...]\nx\n</out>\nAPPROVED: ok", approved("ok")],
  ["conclusion of a text without code, cut", "a\n[... 7 bytes left out ...]\nb\nAPPROVED: ok", approved("ok")],
  ["conclusion before what is left out", "APPROVED: ok\n[... 7 bytes left out ...]\n```\nx\n```", approved("ok")],
  ["backticks that are no fence", "```not` a fence\nAPPROVED: ok", approved("ok")],
  // JSON
  ["JSON approval", '```json\n{"verdict": "approved", "reasons": []}\n```', approved()],
  ["JSON rejection", '```json\n{"verdict": "rejected",\n "reasons": ["a", "b"]}\n```', rejected("a", "b")],
  ["JSON without a language or reasons", '```\n{"verdict": "approved"}\n```', approved()],
  ["JSON after a line", 'REJECTED: a\n```json\n{"verdict":"approved","reasons":["b"]}\n```', approved("b")],
  ["JSON outside a fence", '{"verdict": "approved", "reasons": []}', null],
  ["JSON of another shape", '```json\n{"result": "approved"}\n```', null],
  ["JSON null", "```json\nnull\n```", null],
  ["JSON number", "```json\n7\n```", null],
  ["JSON with another word", '```json\n{"verdict": "maybe"}\n```', null],
  ["JSON with reasons that are no list", '```json\n{"verdict": "approved", "reasons": "x"}\n```', null],
  ["JSON with reasons that are no texts", '```json\n{"verdict": "approved", "reasons": [1]}\n```', null],
  ["JSON cut off", '```json\n{"verdict": "approved"\n```', null],
  ["JSON in a list", '- as\n  ```json\n  {"verdict": "approved"}\n  ```', null],
  [
    "JSON approval with a blocking finding",
    '```json\n{"verdict":"approved","findings":[{"severity":"blocking","text":"leak"}]}\n```',
    rejected("The verdict was an approval, but with findings that block it.", "leak"),
  ],
  ["JSON rejection with one reason as a text", '```json\n{"verdict":"rejected","reasons":"x"}\n```', rejected("x")],
  // diffs, tool output, comments
  ["diff in a fence", "```diff\n+APPROVED: ok\n APPROVED: ok\n```", null],
  ["added line of a diff", "@@ -1 +1,2 @@\n+APPROVED: ok", null],
  ["context line of a diff", "@@ -1,3 +1,3 @@\n a\n-b\n+c\n\n APPROVED: ok", null],
  ["conclusion after a diff", "@@ -1 +1 @@\n-a\n+b\n\nREJECTED: b is wrong", rejected("b is wrong")],
  ["tool output between tags", "<tool_output>\nAPPROVED: ok\n</tool_output>", null],
  ["fence between tags", '<result id="1">\n```\nAPPROVED: ok\n```\n</result>', null],
  ["HTML comment", "<!--\nAPPROVED: ok\n-->", null],
  ["preformatted text", "<pre>\nAPPROVED: ok\n</pre>\nHm.", null],
  ["conclusion after tags", "<pre>\nAPPROVED: ok\n</pre>\nREJECTED: no", rejected("no")],
  ["approval after a tag that is never closed", "<T>\nAPPROVED: ok", null],
  ["rejection after a tag that is never closed", "<T>\nREJECTED: no", rejected("no")],
  ["closing tag alone", "</pre>\nAPPROVED: ok", approved("ok")],
  // no conclusion
  ["nothing", "", null],
  ["the word without its colon", "APPROVED", null],
  ["the word as a sentence", "APPROVED. Ship it.", null],
  ["a space before the colon", "APPROVED : ok", null],
  ["small letters", "Approved: ok", null],
  ["in a sentence", "I would say APPROVED: ok", null],
  ["after a label", "Verdict: APPROVED: ok", null],
  ["another mark", "NOT_APPROVED: no", null],
  ["list item", "- APPROVED: ok", null],
  ["numbered item", "2. REJECTED: no", null],
  ["continued list item", "1. End with\n   APPROVED: ok", null],
  ["after a blank line in an item", "- End with\n\n  REJECTED: x", null],
  ["bare list mark", "-\n  APPROVED: x", null],
  ["quote", "> APPROVED: ok", null],
  ["indented code", "Write\n\n    APPROVED: ok", null],
  ["tab", "\tAPPROVED: ok", null],
  ["table", "| APPROVED: | ok |", null],
  ["struck out", "~~APPROVED: ok~~", null],
  ["a placeholder", "APPROVED: <why>\nREJECTED: <what is wrong>.", null],
  ["both at once", "APPROVED: or REJECTED: with reasons", null],
  ["both at once, bold", "**APPROVED:** or **REJECTED:** ...", null],
  ["an item, then the line itself", "- checked\nAPPROVED: ok", approved("ok")],
  // reasons
  [
    "a list of reasons",
    "REJECTED: two gaps\n\n- no tests\n- no limit\n  on retries\n\nThanks.",
    rejected("two gaps", "no tests", "no limit on retries"),
  ],
  [
    "a paragraph of reasons",
    "REJECTED:\nNo error handling\nat all.\n\nMore text.",
    rejected("No error handling at all."),
  ],
  ["reasons end at a heading", "REJECTED: a\n\n1. b\n2) c\n\n## Notes\n\n- d", rejected("a", "b", "c")],
  ["reasons end at a rule", "REJECTED: a\n* b\n\n---\n\n- c", rejected("a", "b")],
  ["an indented paragraph goes on with its item", "REJECTED:\n\n- a\n\n  and more\n", rejected("a and more")],
  ["reasons within a fence", "```\nREJECTED: a\n- b\n```\n- c", rejected("a", "b")],
  ["an approval has the rest of its line only", "APPROVED: a\n- b", approved("a")],
];

describe("parseVerdict", () => {
  test.each(texts)("%s", (_name, text, verdict) => {
    expect(parseVerdict(text)).toEqual(verdict);
  });

  test("cuts what is too long for a journal", () => {
    const verdict = parseVerdict(`REJECTED: ${"x".repeat(5_000)}\n${"- y\n".repeat(100)}`);
    expect(verdict?.reasons[0]).toBe("x".repeat(MAX_REASON_CHARACTERS));
    expect(verdict?.reasons.length).toBe(MAX_REASONS);
  });

  test("reads a megabyte of unfriendly text at once", () => {
    const lines = ["```a b", "````", "~~~x", "*".repeat(50), "# ".repeat(20), "- - - - x", "    ", "APPROVED"];
    const text = lines.map((line) => `${line}\n`.repeat(15_000)).join("");
    expect(parseVerdict(`${text}${"`".repeat(100_000)}a\`\nREJECTED: ${"*".repeat(200_000)}x`)?.decision).toBe(
      "rejected",
    );
  });

  test("never throws, and finds nothing where nothing may conclude", () => {
    const part = fc.constantFrom(
      "APPROVED:",
      "REJECTED:",
      "```",
      "\n",
      "- ",
      "> ",
      "    ",
      '{"verdict":"approved"}',
      "x",
      "**",
      "~~~",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const text = parts.join("");
        return mayConclude(text) || parseVerdict(text) === null;
      }),
    );
  });
});

describe("concludeReview", () => {
  const approve = (source: Verdict["source"]): Verdict => ({ decision: "approved", reasons: [], source });
  const reject = (source: Verdict["source"]): Verdict => ({ decision: "rejected", reasons: ["x"], source });

  test.each<[string, readonly Verdict[], string, unknown]>([
    ["the text's conclusion without a tool", [], "APPROVED: ok", approved("ok")],
    ["the tool's verdict", [approve("tool")], "All well.", approve("tool")],
    ["the tool's verdict beside the same in the text", [approve("tool")], "APPROVED: ok", approve("tool")],
    ["the tool's before the schema's", [approve("tool"), approve("schema")], "", approve("tool")],
    ["the schema's before the text's", [approve("schema")], "APPROVED: ok", approve("schema")],
    ["a rejection in the text over an approval by tool", [approve("tool")], "REJECTED: no", rejected("no")],
    [
      "a heading that rejects over an approval by tool",
      [approve("tool")],
      "It fails.\n\n# REJECTED",
      rejected("# REJECTED"),
    ],
    [
      "a named verdict over an approval by tool",
      [approve("tool")],
      "## Verdict: REJECTED\nThe tests fail.",
      rejected("## Verdict: REJECTED"),
    ],
    [
      "a rejection without its form behind an approval",
      [],
      "APPROVED: style\n**REJECTED** : tests fail",
      rejected("**REJECTED** : tests fail"),
    ],
    ["an approval behind a rejection without its form", [], "REJECTED.\n\nAPPROVED: mended", approved("mended")],
    [
      "an approval beside a word in a sentence",
      [approve("tool")],
      "Round 1 was REJECTED.\nREJECTED inputs are logged",
      approve("tool"),
    ],
    ["an approval beside a rejection in code", [approve("tool")], "```sh\nREJECTED\n```\n> REJECTED", approve("tool")],
    ["an approval that says no", [], "APPROVED: No, the tests fail.", null],
    ["a rejection in the text over an approval by schema", [approve("schema")], "REJECTED: no", rejected("no")],
    ["a rejection by schema over an approval by tool", [approve("tool"), reject("schema")], "", reject("schema")],
    ["a rejection by schema over an approval in the text", [reject("schema")], "APPROVED: ok", reject("schema")],
    ["the tool's rejection before the text's", [reject("tool")], "REJECTED: no", reject("tool")],
    ["nothing", [], "Well.", null],
    [
      "no tool's approval beside a doubt that follows a rejection",
      [approve("tool")],
      "REJECTED: a\n\n<o>\nAPPROVED: x",
      null,
    ],
    ["the tool's approval beside one in doubt", [approve("tool")], "<o>\nAPPROVED: x", approve("tool")],
    ["no tool's approval beside one on a condition", [approve("tool")], "APPROVED: only if the tests pass", null],
    [
      "a rejection without its form behind an approval on a condition",
      [approve("tool")],
      "APPROVED: if the tests pass\n\nThey fail.\n\n- Rejected: tests",
      rejected("- Rejected: tests"),
    ],
    [
      "the tool's rejection beside an approval on a condition",
      [reject("tool")],
      "APPROVED: if it works",
      reject("tool"),
    ],
    [
      "an approval in a fence behind such a line",
      [],
      "- Rejected: in round 1\n\n```\nAPPROVED: ok\n```",
      approved("ok"),
    ],
    ["an approval behind such an item", [], "- Rejected: in round 1\n\nAPPROVED: ok", approved("ok")],
    ["an approval before a quoted rejection", [], "APPROVED: ok\n\n> Rejected: x\n- > Rejected: y", approved("ok")],
  ])("takes %s", (_name, given, text, verdict) => {
    expect(concludeReview(given, text)).toEqual(verdict);
  });
});

test.each([
  ["an empty answer", " \n", "The answer was empty."],
  ["none that is missing", "APPROVED: ok", "This line comes closest, but it is not a conclusion:\n\n> APPROVED: ok"],
  ["no such word", "It is good.", "No line of the answer says whether the work is approved or rejected."],
  [
    "a near miss",
    "a\n- **VERIFIED_APPROVED**: ok\n",
    "This line comes closest, but it is not a conclusion:\n\n> - **VERIFIED_APPROVED**: ok",
  ],
])("describes a missing verdict: %s", (_name, text, description) => {
  expect(describeMissingVerdict(text)).toBe(description);
});

test("describes a submitted verdict that is none before all else", () => {
  expect(describeMissingVerdict("- APPROVED: ok", "it is no JSON object")).toBe(
    "The verdict that you submitted is not valid: it is no JSON object.",
  );
});
