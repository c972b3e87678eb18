import assert from "node:assert/strict";
import { test } from "node:test";
import { textWidth, wrap } from "../src/index.js";

const TEXT = "Refund the deposit for the bottles before Friday.";

test("fills each line as far as it goes", () => {
  assert.equal(wrap(TEXT, { width: 24 }), "Refund the deposit for\nthe bottles before\nFriday.");
});

test("indents every line of a paragraph but its first, within the width", () => {
  assert.equal(wrap(TEXT, { width: 24, indent: "  " }), "Refund the deposit for\n  the bottles before\n  Friday.");
});

test("uses a width to its last column", () => {
  assert.equal(wrap("ab cd", { width: 5 }), "ab cd");
  assert.equal(wrap("ab cd", { width: 4 }), "ab\ncd");
});

test("keeps paragraphs and joins the lines of one", () => {
  assert.equal(wrap("one\ntwo\n \nthree\n\nfour"), "one two\n\nthree\n\nfour");
});

test("leaves a word whole that is wider than a line", () => {
  assert.equal(wrap("a incomprehensible b", { width: 5 }), "a\nincomprehensible\nb");
});

test("counts columns as a terminal does", () => {
  assert.equal(wrap("日本 한글", { width: 8 }), "日本\n한글");
  assert.equal(wrap("\u001b[31mred\u001b[0m ink", { width: 7 }), "\u001b[31mred\u001b[0m ink");
});

test("keeps every line within any width", () => {
  for (let width = 10; width <= 60; width += 1) {
    const lines = wrap(`${TEXT} ${TEXT}`, { width }).split("\n");
    assert.ok(Math.max(...lines.map(textWidth)) <= width, `width ${width}`);
    assert.equal(lines.join(" "), `${TEXT} ${TEXT}`);
  }
});

test("wraps at 80 columns unless told otherwise", () => {
  assert.deepEqual(wrap("x ".repeat(60)).split("\n").map(textWidth), [79, 39]);
});

test("takes an empty text", () => {
  assert.equal(wrap(""), "");
});

test("refuses a width that is none", () => {
  for (const width of [0, -1, 1.5, Number.NaN, "80"]) assert.throws(() => wrap("text", { width }), RangeError);
});
