import assert from "node:assert/strict";
import { test } from "node:test";
import { textWidth } from "../src/index.js";

test("counts letters, not code units", () => {
  assert.deepEqual(["", "word", "naïve", "nai\u0308ve"].map(textWidth), [0, 4, 5, 5]);
});

test("counts wide letters twice", () => {
  assert.deepEqual(["日本", "한글", "🙂"].map(textWidth), [4, 4, 2]);
});

test("does not count colours", () => {
  assert.equal(textWidth("\u001b[1;31mred\u001b[0m"), 3);
});
