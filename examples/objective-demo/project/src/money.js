// Amounts are whole cents everywhere in this program: sums of fractions do not come out even.

const AMOUNT = /^(-?)(\d+)(?:\.(\d\d))?$/;

/** "12.50" becomes 1250 and "-3" becomes -300; null when the text is not an amount. */
export function parseCents(text) {
  const match = AMOUNT.exec(text);
  if (match === null) return null;
  const [, sign, whole, fraction = "00"] = match;
  return Number(`${sign}${whole}${fraction}`);
}

/** 1250 becomes "12.50". */
export function formatCents(cents) {
  const digits = String(Math.abs(cents)).padStart(3, "0");
  const sign = cents < 0 ? "-" : "";
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
