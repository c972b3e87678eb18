import { withoutContainers } from "./fence-readings.js";
import { type LineDoubt, lineAt, type NumberedText } from "./text-lines.js";

interface Region {
  readonly opens: RegExp;
  /** By what the opener has caught, or by its own form. */
  readonly closes: (line: string, caught: string) => boolean;
  readonly what: string;
  /** Without it an opener may be words of a sentence, and counts only if its end follows. */
  readonly isSure?: RegExp;
}

/** Ways to set a text apart that are no markdown. */
const REGIONS: readonly Region[] = [
  {
    opens: /^[ \t]*(?:[-=~+<>]{3,}[ \t]*|#\+)(?:begin|start)/iu,
    closes: closedBy(/^[ \t]*(?:[-=~+<>]{3,}[ \t]*|#\+)end/iu),
    what: "a text that is set apart",
  },
  {
    opens: /^[ \t]*(?:BEGIN|START)[ _][A-Z]/u,
    closes: closedBy(/^[ \t]*(?:END|STOP)[ _][A-Z]/u),
    what: "a text that is set apart",
    isSure: /^[^a-z]+$/u,
  },
  { opens: /^==> .* <==$/u, closes: () => false, what: "what a command prints" },
  { opens: /^[ \t]*(?:\\`){3}/u, closes: closedBy(/^[ \t]*(?:\\`){3}[ \t]*$/u), what: "a fence that is shown" },
  { opens: /^[ \t]*\/\*(?!.*\*\/)/u, closes: closedBy(/\*\//u), what: "a comment", isSure: /\/\*(?![.\w/])/u },
  {
    opens: /\\begin\{([a-z]+\*?)\}/u,
    closes: (line, caught) => line.includes(`\\end{${caught}}`),
    what: "an environment of LaTeX",
  },
  { opens: /^<{7}(?: |$)/u, closes: closedBy(/>{7}(?: |$)/u), what: "a conflict" },
  { opens: /^[^"]*("{3})(?:(?!"{3}).)*$/u, closes: closedBy(/"{3}/u), what: "a quotation" },
  { opens: /^[^']*('{3})(?:(?!'{3}).)*$/u, closes: closedBy(/'{3}/u), what: "a quotation" },
  { opens: /^[ \t]*:{3,}/u, closes: closedBy(/^[ \t]*:{3,}[ \t]*$/u), what: "a box" },
  { opens: /^[ \t]*\${2}[ \t]*$/u, closes: closedBy(/^[ \t]*\${2}[ \t]*$/u), what: "a formula" },
  {
    opens: /<<[-~]?["']?([A-Z_]{2,})\b/u,
    closes: (line, caught) => line.trim() === caught,
    what: "a here-document",
    isSure: /<<[-~]?["']?[A-Z_]+["']?[ \t]*$/u,
  },
  { opens: /<\|\w+\|>/u, closes: () => false, what: "a transcript" },
];

/** What every opener has: looking for each of them in each line would take long. */
const MAY_OPEN = /["'$:<=~+>|-]{2}|\\[`b]|\/\*|BEGIN|START|#\+/u;

function closedBy(pattern: RegExp): Region["closes"] {
  return (line) => pattern.test(line);
}

const ROLE = "(?:user|human|assistant|system|developer|tool|function|agent|model|bot|ai|stdout|stderr)";
const SPEAKER = new RegExp(
  `^[ \\t]*[*_\`[(<]*${ROLE}(?:[ _-](?:said|says|message|output|result|response|reply|call|prompt|turn))?[ \\d]{0,4}[*_\`\\])>]*[ \\t]{0,4}:(.*)$`,
  "iu",
);
const PROMPT = /^[ \t]*(?:[\w.-]+@[\w.-]+[^$%❯]{0,80})?[$%❯][ \t]+\S/u;

interface OpenRegion {
  readonly region: Region;
  readonly caught: string;
  readonly line: number;
}

/**
 * What is set apart by other means than markdown, and what somebody else says or a command prints, by line. `masked`: the
 * lines without code in them, in which nothing is set apart.
 */
export function findShown(
  lines: readonly string[],
  masked: readonly string[],
  isFenced: readonly boolean[],
): readonly LineDoubt[] {
  const regionAt = createRegionReader(masked);
  const speakerAt = createSpeakerReader();
  return lines.map((line, index) => {
    const region = regionAt(index, isFenced[index] === true);
    if (region !== null) return `it stands in ${region.region.what} that begins in line ${region.line + 1}`;
    return isFenced[index] === true ? null : speakerAt(line, index);
  });
}

/** The innermost region in which a line stands, its last line too; null = there is none. */
function createRegionReader(lines: readonly string[]): (index: number, isFenced: boolean) => OpenRegion | null {
  const open: OpenRegion[] = [];
  const lastEnd = createEndFinder(lines);
  return (index, isFenced) => {
    const whole = lineAt(lines, index);
    const inner = open.at(-1) ?? null;
    if (isFenced || (inner === null && !MAY_OPEN.test(whole))) return inner;
    const line = withoutContainers(whole);
    if (inner !== null && [line, whole].some((each) => inner.region.closes(each, inner.caught))) open.pop();
    else {
      for (const region of REGIONS) {
        const match = region.opens.exec(line);
        if (match === null) continue;
        const caught = match.slice(1).join("");
        if (region.isSure?.test(line) === false && lastEnd(region, caught) <= index) continue;
        open.push({ region, caught, line: index });
        break;
      }
    }
    return inner;
  };
}

/** The last line that ends such a region, -1 = none does; each is looked for once. */
function createEndFinder(lines: readonly string[]): (region: Region, caught: string) => number {
  const found = new Map<Region, number>();
  const words = new Map(lines.map((line, at) => [withoutContainers(line).trim(), at]));
  return (region, caught) => {
    if (caught !== "") return words.get(caught) ?? -1;
    const last = found.get(region) ?? lines.findLastIndex((line) => region.closes(withoutContainers(line), caught));
    found.set(region, last);
    return last;
  };
}

interface Speaker {
  readonly line: number;
  readonly what: string;
  /** Nothing has been said yet. */
  readonly isSilent: boolean;
}

/** Who says it, from the one that is named to the end of the paragraph. */
function createSpeakerReader(): (line: string, index: number) => LineDoubt {
  let speaker: Speaker | null = null;
  return (line, index) => {
    if (line.trim() === "") {
      if (speaker?.isSilent === false) speaker = null;
      return null;
    }
    const before = speaker;
    const said = SPEAKER.exec(line);
    if (said !== null) {
      speaker = { line: index, what: "said by somebody", isSilent: said.slice(1).join("").trim() === "" };
    } else if (PROMPT.test(line)) speaker = { line: index, what: "printed by a command", isSilent: false };
    else if (speaker !== null) speaker = { ...speaker, isSilent: false };
    return before === null ? null : `it may be ${before.what}: see line ${before.line + 1}`;
  };
}

/** Marks that come in pairs: of one that is still open at the end of a line, the next line is a part. */
const OPENING = /[([{“«„]/gu;
const CLOSING = /[)\]}”»]/gu;
const EVEN: readonly RegExp[] = [/"/gu, /~~/gu];

/** For each line of a block, without code, after the first: something that was opened before it is not closed yet. */
export function findOpenMarks({ text, line: first }: NumberedText): ReadonlyMap<number, LineDoubt> {
  const doubts = new Map<number, LineDoubt>();
  let depth = 0;
  const odd = new Set<RegExp>();
  for (const [at, whole] of text.split("\n").entries()) {
    const line = whole.replace(/„[^“”]*[“”]/gu, "");
    if (depth > 0 || odd.size > 0) {
      doubts.set(first + at, "something before it in its paragraph, a quotation mark or a bracket, is not closed");
    }
    depth = Math.max(0, depth + count(line, OPENING) - count(line, CLOSING));
    for (const mark of EVEN) {
      if (count(line, mark) % 2 === 0) continue;
      if (!odd.delete(mark)) odd.add(mark);
    }
  }
  return doubts;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

const EXAMPLE =
  /\b(?:examples?|e\.g|for instance|such as|(?:would|could|might|should|must)(?=\s+\w)|template|format|looks? like|if )/iu;
/** Words for what others have written: "The log says:". */
const QUOTING =
  /\b(?:wrote|writes?|said|says|contains?|containing|prints?|printed|shows?|showed|returned|answered|replied|quot(?:e|es|ed|ing))\b/iu;
/** How it is said, not what: "My conclusion (in the required format):". */
const IN_FORMAT =
  /\b(?:in|as) the (?:(?:required|requested|demanded|expected|given) )?format(?: demands| requires)?\b/giu;
const EXAMPLE_HEADING = /^#{1,6}[ \t].*\b(?:examples?|samples?|template)\b/iu;

/** The line before it that is not empty announces an example or a quote: "It would end with:", "The author wrote:". */
export function announcesShown(lines: readonly string[], index: number): boolean {
  let at = index - 1;
  while (at > index - 4 && lineAt(lines, at).trim() === "") at -= 1;
  const line = at < 0 ? "" : lineAt(lines, at).trimEnd().replace(IN_FORMAT, "");
  if (/^[ \t]/u.test(line) || withoutContainers(line) !== line) return false; // it is shown itself
  return EXAMPLE_HEADING.test(line) || (/:[*_`]*$/u.test(line) && (EXAMPLE.test(line) || QUOTING.test(line)));
}
