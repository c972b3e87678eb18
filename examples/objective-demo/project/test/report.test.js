import assert from "node:assert/strict";
import { test } from "node:test";
import { reportLines } from "../src/report.js";

test("adds up what each person has paid, by name, with the total last", () => {
  const entries = [
    { payer: "ben", cents: 3900 },
    { payer: "annalisa", cents: 123456 },
    { payer: "ben", cents: -800 },
  ];
  assert.deepEqual(reportLines(entries), ["annalisa     1234.56", "ben            31.00", "total        1265.56"]);
});

test("reports a total of nothing for a ledger without entries", () => {
  assert.deepEqual(reportLines([]), ["total        0.00"]);
});
