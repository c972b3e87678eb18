/** Longer names are not compared: nobody mistypes one letter of them, and hostile files are full of them. */
const MAX_LENGTH = 64;
const MAX_DISTANCE = 4;

/**
 * The candidate that was probably meant, or null when none is near: at most a third of the letters and four differ, or
 * the name is the beginning of just one of them.
 */
export function nearestName(name: string, candidates: readonly string[]): string | null {
  const wanted = normalise(name);
  if (wanted.length === 0 || wanted.length > MAX_LENGTH) return null;
  let best: string | null = null;
  let bestDistance = Math.min(Math.floor(wanted.length / 3), MAX_DISTANCE) + 1;
  for (const candidate of candidates) {
    const other = normalise(candidate);
    if (other.length > MAX_LENGTH || Math.abs(other.length - wanted.length) >= bestDistance) continue;
    const distance = editDistance(wanted, other, bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best ?? completed(wanted, candidates) ?? undoubled(wanted, candidates);
}

/** A name of one letter, with a key that was pressed twice: "BB" is B. */
function undoubled(wanted: string, candidates: readonly string[]): string | null {
  const [letter = "", ...rest] = wanted;
  if (rest.length === 0 || rest.some((other) => other !== letter)) return null;
  return candidates.find((one) => normalise(one) === letter) ?? null;
}

function completed(wanted: string, candidates: readonly string[]): string | null {
  if (wanted.length < 4) return null;
  const longer = candidates.filter((one) => one.length <= MAX_LENGTH && normalise(one).startsWith(wanted));
  return longer.length === 1 ? (longer[0] ?? null) : null;
}

/** `did you mean "x"?`, or null. */
export function didYouMean(name: string, candidates: readonly string[]): string | null {
  const nearest = nearestName(name, candidates);
  return nearest === null ? null : `did you mean "${nearest}"?`;
}

function normalise(name: string): string {
  return name.toLowerCase().replace(/[-_. ]+/g, "_");
}

/**
 * Optimal string alignment: insert, delete, replace, swap of neighbours cost one each. Looks only at the band where the
 * distance can be below `limit`; anything else is `limit`.
 */
function editDistance(a: string, b: string, limit: number): number {
  let beforeLast = new Uint8Array(b.length + 2).fill(limit);
  let last = new Uint8Array(b.length + 2).map((_, index) => Math.min(index, limit));
  let row = new Uint8Array(b.length + 2);
  for (let i = 1; i <= a.length; i++) {
    row.fill(limit);
    row[0] = Math.min(i, limit);
    let best = row[0];
    for (let j = Math.max(1, i - limit); j <= Math.min(b.length, i + limit); j++) {
      const replaced = (last[j - 1] ?? limit) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(replaced, (last[j] ?? limit) + 1, (row[j - 1] ?? limit) + 1, limit);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? limit) + 1);
      }
      row[j] = cost;
      best = Math.min(best, cost);
    }
    if (best >= limit) return limit;
    [beforeLast, last, row] = [last, row, beforeLast];
  }
  return last[b.length] ?? limit;
}
