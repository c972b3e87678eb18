import { withoutContainers } from "./fence-readings.js";
import { type LineDoubt, lineAt, type NumberedText } from "./text-lines.js";

interface Region {
  readonly opens: RegExp;
  /** By what the opener has caught, or by its own form. */
  readonly closes: (line: string, caught: string) => boolean;
  readonly what: string;
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
  },
  { opens: /^==> .* <==$/u, closes: () => false, what: "what a command prints" },
  { opens: /^[ \t]*(?:\\`){3}/u, closes: closedBy(/^[ \t]*(?:\\`){3}[ \t]*$/u), what: "a fence that is shown" },
  { opens: /^[ \t]*\/\*(?!.*\*\/)/u, closes: closedBy(/\*\//u), what: "a comment" },
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
  { opens: /<<[-~]?["']?([A-Z_]{2,})\b/u, closes: (line, caught) => line.trim() === caught, what: "a here-document" },
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

/** What is set apart by other means than markdown, and what somebody else says or a command prints, by line. */
export function findShown(lines: readonly string[], isFenced: readonly boolean[]): readonly LineDoubt[] {
  const regionAt = createRegionReader();
  const speakerAt = createSpeakerReader();
  return lines.map((line, index) => {
    const region = regionAt(line, index, isFenced[index] === true);
    if (region !== null) return `it stands in ${region.region.what} that begins in line ${region.line + 1}`;
    return isFenced[index] === true ? null : speakerAt(line, index);
  });
}

/** The innermost region in which a line stands, its last line too; null = there is none. */
function createRegionReader(): (line: string, index: number, isFenced: boolean) => OpenRegion | null {
  const open: OpenRegion[] = [];
  return (whole, index, isFenced) => {
    const inner = open.at(-1) ?? null;
    if (isFenced || (inner === null && !MAY_OPEN.test(whole))) return inner;
    const line = withoutContainers(whole);
    if (inner !== null && [line, whole].some((each) => inner.region.closes(each, inner.caught))) open.pop();
    else {
      for (const region of REGIONS) {
        const match = region.opens.exec(line);
        if (match === null) continue;
        open.push({ region, caught: match.slice(1).join(""), line: index });
        break;
      }
    }
    return inner;
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
  /\b(?:examples?|e\.g|for instance|such as|would|could|might|should|must|template|format|looks? like|if )/iu;
/** Words for what others have written: "The log says:". */
const QUOTING =
  /\b(?:wrote|writes?|said|says|contains?|containing|prints?|printed|shows?|showed|returned|answered|replied|quot(?:e|es|ed|ing))\b/iu;
const EXAMPLE_HEADING = /^#{1,6}[ \t].*\b(?:examples?|samples?|template)\b/iu;

/** The line before it that is not empty announces an example or a quote: "It would end with:", "The author wrote:". */
export function announcesShown(lines: readonly string[], index: number): boolean {
  let at = index - 1;
  while (at > index - 4 && lineAt(lines, at).trim() === "") at -= 1;
  const line = at < 0 ? "" : lineAt(lines, at).trimEnd();
  if (/^[ \t]/u.test(line) || withoutContainers(line) !== line) return false; // it is shown itself
  return EXAMPLE_HEADING.test(line) || (/:[*_`]*$/u.test(line) && (EXAMPLE.test(line) || QUOTING.test(line)));
}
