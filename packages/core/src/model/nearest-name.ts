/** Longer names are not compared: nobody mistypes one letter of them. */
const MAX_LENGTH = 64;

/** The candidate that was probably meant: at most a third of its letters differ, else the only one that begins alike. */
export function nearestName(name: string, candidates: Iterable<string>): string | null {
  const wanted = normalise(name);
  if (wanted.length === 0 || wanted.length > MAX_LENGTH) return null;
  const beginnings: string[] = [];
  let best: string | null = null;
  let bestDistance = Math.floor((wanted.length + 1) / 3) + 1;
  for (const candidate of candidates) {
    const other = normalise(candidate);
    if (other.length > MAX_LENGTH || other === "") continue;
    const isLong = Math.min(wanted.length, other.length) >= 3;
    if (isLong && (other.startsWith(wanted) || wanted.startsWith(other))) beginnings.push(candidate);
    const distance = editDistance(wanted, other);
    if (distance >= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  const [only, ...others] = beginnings;
  return best ?? (only !== undefined && others.length === 0 ? only : null);
}

function normalise(name: string): string {
  return name.toLowerCase().replace(/[-_. ]+/g, "_");
}

/** Levenshtein's distance: insert, delete and replace cost one each. */
function editDistance(a: string, b: string): number {
  // of the beginnings of a as long as the row before to those of b of 1, 2, ... letters
  let row = Array.from({ length: b.length }, (_, index) => index + 1);
  let distance = b.length;
  for (const [index, letter] of a.split("").entries()) {
    let diagonal = index;
    distance = index + 1;
    row = row.map((above, at) => {
      distance = Math.min(diagonal + (letter === b[at] ? 0 : 1), above + 1, distance + 1);
      diagonal = above;
      return distance;
    });
  }
  return distance;
}
