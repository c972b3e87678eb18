import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCsv } from "../src/csv.js";

test("numbers the lines as an editor does and leaves out blank ones", () => {
  assert.deepEqual(parseCsv("a,b\r\n\n c , d\n"), [
    { line: 1, fields: ["a", "b"] },
    { line: 3, fields: ["c", "d"] },
  ]);
});

test("keeps commas and quotes of a quoted field, and empty fields", () => {
  assert.deepEqual(parseCsv('"x, y","say ""hi""",,z,'), [{ line: 1, fields: ["x, y", 'say "hi"', "", "z", ""] }]);
});

test("takes a quote that does not enclose the field as a letter", () => {
  assert.deepEqual(parseCsv('"a"b,5" pipe'), [{ line: 1, fields: ['"a"b', '5" pipe'] }]);
});
