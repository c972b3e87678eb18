import { parseCsv } from "./csv.js";
import { parseCents } from "./money.js";

const COLUMNS = "date,payer,amount,for,note";

/** A mistake in a ledger, with the line that a person has to look at. */
export class LedgerError extends Error {
  constructor(line, message) {
    super(message);
    this.line = line;
  }
}

/**
 * The entries of a ledger: who paid how many cents for whom. A negative amount is a refund, which the payer received.
 * Throws a LedgerError at the first mistake.
 */
export function parseLedger(text) {
  const [header, ...rows] = parseCsv(text);
  if (header?.fields.join(",") !== COLUMNS) throw new LedgerError(1, `the first line must be ${COLUMNS}`);
  return rows.map(({ line, fields }) => parseEntry(line, fields));
}

function parseEntry(line, fields) {
  if (fields.length !== 5) throw new LedgerError(line, `expected 5 fields, found ${fields.length}`);
  const [date, payer, amount, people, note] = fields;
  if (payer === "") throw new LedgerError(line, "the payer is missing");
  const cents = parseCents(amount);
  if (cents === null) throw new LedgerError(line, `"${amount}" is not an amount like 12.50`);
  const names = people.split("+").map((name) => name.trim());
  if (names.includes("")) throw new LedgerError(line, `a name is missing in "${people}"`);
  if (new Set(names).size < names.length) throw new LedgerError(line, `a name stands twice in "${people}"`);
  return { date, payer, cents, for: names, note };
}
