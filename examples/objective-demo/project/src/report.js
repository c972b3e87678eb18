import { formatCents } from "./money.js";

/** What each person has paid, by name, and the total, as lines for a person to read. */
export function reportLines(entries) {
  const paid = new Map();
  for (const { payer, cents } of entries) paid.set(payer, (paid.get(payer) ?? 0) + cents);
  const rows = [...paid].sort(([a], [b]) => (a < b ? -1 : 1));
  rows.push(["total", entries.reduce((sum, { cents }) => sum + cents, 0)]);
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, cents]) => `${name.padEnd(width)}${formatCents(cents).padStart(12)}`);
}
