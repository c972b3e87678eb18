import assert from "node:assert/strict";
import { test } from "node:test";
import { LedgerError, parseLedger } from "../src/ledger.js";

const HEADER = "date,payer,amount,for,note\n";

test("reads entries and refunds", () => {
  assert.deepEqual(parseLedger(`${HEADER}2026-09-01,anna,12.50,anna + ben,Bread\n\n2026-09-02,ben,-3,ben,`), [
    { date: "2026-09-01", payer: "anna", cents: 1250, for: ["anna", "ben"], note: "Bread" },
    { date: "2026-09-02", payer: "ben", cents: -300, for: ["ben"], note: "" },
  ]);
});

test("reads a ledger without entries", () => {
  assert.deepEqual(parseLedger(HEADER), []);
});

const MISTAKES = [
  ["", 1, "the first line must be date,payer,amount,for,note"],
  ["date,payer,amount\n", 1, "the first line must be date,payer,amount,for,note"],
  [`${HEADER}2026-09-01,anna,12.50,ben\n`, 2, "expected 5 fields, found 4"],
  [`${HEADER}\n2026-09-01,,12.50,ben,\n`, 3, "the payer is missing"],
  [`${HEADER}2026-09-01,anna,"12,50",ben,\n`, 2, '"12,50" is not an amount like 12.50'],
  [`${HEADER}2026-09-01,anna,12.50,anna+,\n`, 2, 'a name is missing in "anna+"'],
  [`${HEADER}2026-09-01,anna,12.50,ben+ben,\n`, 2, 'a name stands twice in "ben+ben"'],
];

for (const [text, line, message] of MISTAKES) {
  test(`says in which line the mistake is: ${message} (${JSON.stringify(text)})`, () => {
    assert.throws(
      () => parseLedger(text),
      (error) => {
        assert.ok(error instanceof LedgerError);
        assert.deepEqual({ line: error.line, message: error.message }, { line, message });
        return true;
      },
    );
  });
}
