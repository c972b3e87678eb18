import assert from "node:assert/strict";
import { test } from "node:test";
import { formatCents, parseCents } from "../src/money.js";

test("reads amounts as whole cents", () => {
  assert.deepEqual(
    ["12.50", "3", "-3", "-0.05", "0.00", "1000000.01"].map(parseCents),
    [1250, 300, -300, -5, 0, 100000001],
  );
});

test("refuses what is not an amount", () => {
  for (const text of ["", "12,50", "12.5", "12.505", "1e3", ".50", "+3", "12.50 EUR"]) {
    assert.equal(parseCents(text), null, text);
  }
});

test("writes cents with two decimals", () => {
  assert.deepEqual([1250, 300, -300, -5, 0, 7].map(formatCents), ["12.50", "3.00", "-3.00", "-0.05", "0.00", "0.07"]);
});
