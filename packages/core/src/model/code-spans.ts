/** A block of text without its code within lines, so that nothing in that is taken for markup. */
export interface MaskedText {
  /** As long as the text itself, line ends in their places; for each character of code stands {@link CODE}. */
  readonly text: string;
  /** Numbers of the lines of the block that begin within code, from 0. */
  readonly broken: readonly number[];
}

const CODE = "\ufffc";

interface Run {
  readonly index: number;
  /** Where the next run that is as long ends; -1 = there is none. */
  readonly closedAt: number;
}

/** By CommonMark's rule: a run of backticks ends at the next run of the same length; one without an end is text. */
export function maskCode(text: string): MaskedText {
  const parts: string[] = [];
  const broken: number[] = [];
  let from = 0;
  let line = 0;
  for (const { index, closedAt } of findRuns(text)) {
    if (index < from || closedAt === -1 || text[index - 1] === "\\") continue;
    const before = text.slice(from, index);
    const code = text.slice(index, closedAt).split("\n");
    const first = line + before.split("\n").length - 1;
    line = first + code.length - 1;
    for (let at = first + 1; at <= line; at += 1) broken.push(at);
    parts.push(before, code.map((part) => CODE.repeat(part.length)).join("\n"));
    from = closedAt;
  }
  return { text: [...parts, text.slice(from)].join(""), broken };
}

function findRuns(text: string): readonly Run[] {
  const next = new Map<number, number>();
  const runs = [...text.matchAll(/`+/gu)].toReversed().map(({ 0: { length }, index }) => {
    const closedAt = next.get(length) ?? -1;
    next.set(length, index + length);
    return { index, closedAt };
  });
  return runs.reverse();
}
