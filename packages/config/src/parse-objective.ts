import { type RunLimits, type StageId, sanitizeLine } from "@troupe/core";
import { textProblem } from "./decode-text.js";
import type { Diagnostic } from "./diagnostic.js";
import { createDiagnosticLog, type DiagnosticLog } from "./diagnostic-log.js";
import { featureName } from "./feature-name.js";
import { fileStem } from "./file-stem.js";
import { type FrontMatter, frontMatterSchema } from "./front-matter-schema.js";
import { createLineIndex } from "./line-index.js";
import {
  type FrontMatterBlock,
  type Heading,
  headingText,
  offsetsOf,
  parseBlocks,
  plainText,
  type Root,
} from "./objective-markdown.js";
import {
  cutSections,
  firstLine,
  type ObjectiveItem,
  type ObjectiveSection,
  type SectionKind,
} from "./objective-sections.js";
import { checkSchema } from "./schema-problems.js";
import { warnOfDirection } from "./text-direction.js";
import { toLimits } from "./written-values.js";
import { parseYamlTree, type YamlTree } from "./yaml-tree.js";

/** What a run is to achieve, as a person wrote it. */
export interface Objective {
  /** At most 120 characters, on one line. */
  readonly title: string;
  /** One to three words for the run id: see `featureName`. */
  readonly feature: string;
  /** From the front matter, as are limits and inputs. */
  readonly skip: readonly StageId[];
  readonly limits: Partial<RunLimits>;
  readonly inputs: Readonly<Record<string, string>>;
  readonly goals: readonly ObjectiveItem[];
  readonly successCriteria: readonly ObjectiveItem[];
  readonly constraints: readonly ObjectiveItem[];
  /** All of the file but the front matter and the title, in its order. */
  readonly sections: readonly ObjectiveSection[];
  /** The whole markdown without the front matter, with LF line ends: what agents get. */
  readonly text: string;
}

/** An objective, and what is to be said of its text. */
export interface ParsedObjective {
  /** null when a diagnostic is an error. */
  readonly objective: Objective | null;
  readonly diagnostics: readonly Diagnostic[];
  /** What the front matter says of a workflow, as far as it is sound. */
  readonly references: Pick<Objective, "skip" | "inputs">;
  /** Where the front matter gives a value (of inputs: the name); the beginning of the file when it does not. */
  locate(path: readonly (string | number)[]): Place;
}

/** A piece of the file, all from 1; the end is that of its last character + 1. */
interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

const MAX_TITLE = 120;
/** Beyond this the markdown parser's time is not bounded; the longest objective we know has 150 lines. */
const MAX_LINES = 2_000;
const MAX_BYTES = 128 * 1024;
const MAX_NESTING = 64;

/**
 * The objective of a markdown file, or of a text given on the command line (`fileName` null). Never throws for what is
 * in the text.
 */
export function parseObjective(written: string, fileName: string | null): ParsedObjective {
  const file = fileName ?? "objective";
  const refusal = textProblem(written, file);
  if (refusal !== null) return { objective: null, diagnostics: [refusal], references: NONE, locate: () => FIRST };
  const normalised = written.replace(/^\u{feff}/u, "").replace(/\r\n?/g, "\n");
  const log = createDiagnosticLog(file, normalised);
  if (isTooLarge(normalised, log))
    return { objective: null, diagnostics: log.list(), references: NONE, locate: () => FIRST };
  warnOfDirection(normalised, 0, log);
  const root = parseBlocks(normalised);
  const first = root.children[0];
  const { matter, tree } =
    first?.type === "yaml" ? readFrontMatter(first, normalised, log) : { matter: {}, tree: null };
  const body = first?.type === "yaml" ? normalised.slice(offsetsOf(first)[1]).replace(/^\n+/, "") : normalised;
  if (first?.type !== "yaml") refuseStrayFrontMatter(normalised, log);
  refuseEmptiness(root, normalised, log);
  const objective = describeObjective(root, normalised, body, matter, fileName);
  const diagnostics = log.list();
  const lines = createLineIndex(normalised);
  return {
    objective: log.hasErrors() ? null : objective,
    diagnostics,
    references: { skip: objective.skip, inputs: objective.inputs },
    locate: (path) => {
      if (tree === null) return FIRST;
      const { start, end } = path[0] === "inputs" ? tree.keySpan(path) : tree.valueSpan(path);
      const to = lines.position(end);
      return { ...lines.position(start), endLine: to.line, endColumn: to.column };
    },
  };
}

const NONE: ParsedObjective["references"] = { skip: [], inputs: {} };
const FIRST: Place = { line: 1, column: 1, endLine: 1, endColumn: 1 };

/** What looks like front matter and is none would become the objective's text, and its keys would do nothing. */
function refuseStrayFrontMatter(written: string, log: DiagnosticLog): void {
  const start = written.search(/\S/);
  const mark = /^(?:---|\+\+\+)(?=[ \t]*\n\s*(?:title|name|skip|limits|inputs)[ \t]*[:=])/.exec(
    written.slice(start),
  )?.[0];
  if (mark === undefined) return;
  const span = { start, end: start + 3 };
  const isClosed = /\n(?:---|\+\+\+)[ \t]*(?:\n|$)/.test(written.slice(start));
  if (mark === "+++")
    log.add({ span, message: "front matter is YAML, not TOML", hint: "Write name: value between lines of ---." });
  else if (!isClosed)
    log.add({ span, message: "the front matter is not closed", hint: "Write a line of --- behind its last key." });
  else log.add({ span, message: "the front matter does not begin in the first line", hint: "Move it to the top." });
}

function refuseEmptiness(root: Root, written: string, log: DiagnosticLog): void {
  const blocks = root.children.filter(({ type }) => type !== "yaml");
  const says = (block: Root["children"][number]): boolean =>
    block.type !== "html" ||
    written
      .slice(...offsetsOf(block))
      .replace(/<!--[\s\S]*?(?:-->|$)/g, "")
      .trim() !== "";
  if (blocks.some(says)) return;
  const [only] = blocks;
  const span = only === undefined ? { start: written.length, end: written.length } : spanOf(only);
  const message = `the objective is empty${only === undefined ? "" : " but for comments"}`;
  log.add({ span, message, hint: "Write what is to be achieved." });
}

function spanOf(block: Root["children"][number]): { readonly start: number; readonly end: number } {
  const [start, end] = offsetsOf(block);
  return { start, end };
}

function isTooLarge(written: string, log: DiagnosticLog): boolean {
  const lines = written.split("\n");
  const nested = lines.findIndex(isDeep);
  const hint = "Put the details into a file of the project and name it here.";
  const at = { start: 0, end: 0 };
  if (Buffer.byteLength(written, "utf8") > MAX_BYTES)
    log.add({ span: at, message: "the objective is larger than 128 KiB", hint });
  else if (lines.length > MAX_LINES)
    log.add({ span: at, message: `the objective has more than ${MAX_LINES} lines`, hint });
  else if (nested !== -1) {
    const start = lines.slice(0, nested).reduce((sum, line) => sum + line.length + 1, 0);
    log.add({ span: { start, end: start }, message: `quotes and lists are nested deeper than ${MAX_NESTING} levels` });
  }
  return log.hasErrors();
}

/** Marks of quotes and lists before the text of a line, or the indentation that stands for them. */
function isDeep(line: string): boolean {
  if (/^[ \t]{256}/.test(line)) return true;
  const marks = /^(?:[ \t]*(?:[>*+-]|\d{1,9}[.)])(?=[ \t>]))+/.exec(line)?.[0] ?? "";
  const isRule = /^[-*\s]+$/.test(line);
  return !isRule && (marks.match(/[>*+.)-]/g)?.length ?? 0) > MAX_NESTING;
}

function readFrontMatter(
  node: FrontMatterBlock,
  written: string,
  log: DiagnosticLog,
): { readonly matter: FrontMatter; readonly tree: YamlTree | null } {
  const offset = written.indexOf("\n", offsetsOf(node)[0]) + 1;
  if (node.value.trim() === "") return { matter: {}, tree: null };
  const tree = parseYamlTree({ text: node.value, offset }, log);
  const checked = tree === null ? null : checkSchema(frontMatterSchema, tree, log, "the front matter");
  return { matter: checked?.data ?? {}, tree };
}

function describeObjective(
  root: Root,
  written: string,
  body: string,
  matter: FrontMatter,
  fileName: string | null,
): Objective {
  const heading = root.children.find((node): node is Heading => node.type === "heading" && node.depth === 1) ?? null;
  const sections = cutSections(root, written, heading === null || kindOfTitle(heading) === "" ? null : heading);
  const stem = fileName === null ? null : fileStem(fileName);
  const found = titleOf(matter, heading, sections);
  const items = (kind: SectionKind): readonly ObjectiveItem[] =>
    sections.filter((section) => section.kind === kind).flatMap((section) => section.items);
  const goal = items("goals")[0]?.text ?? null;
  const title = found ?? stem ?? plainText(goal ?? body.trim().split("\n")[0] ?? "");
  return {
    title: shorten(sanitizeLine(title)),
    feature: featureName([matter.name ?? null, found, stem, goal, title]),
    skip: matter.skip ?? [],
    limits: toLimits(matter.limits),
    inputs: matter.inputs ?? {},
    goals: items("goals"),
    successCriteria: items("success-criteria"),
    constraints: items("constraints"),
    sections,
    text: body,
  };
}

function titleOf(matter: FrontMatter, heading: Heading | null, sections: readonly ObjectiveSection[]): string | null {
  const given = matter.title?.trim() ?? "";
  const first = heading === null ? "" : kindOfTitle(heading);
  const bare = sections.find((section) => section.kind === "objective");
  const titled = sections.find((section) => stripObjective(section.heading) !== section.heading);
  const candidates = [
    given,
    first,
    titled === undefined ? "" : stripObjective(titled.heading),
    bare === undefined ? "" : firstLine(bare),
  ];
  return candidates.find((candidate) => candidate !== "") ?? null;
}

/** The title in a first heading; "" for one that says "Objective" and no more. */
function kindOfTitle(heading: Heading): string {
  const words = stripObjective(headingText(heading));
  return /^objective:?$/i.test(words) ? "" : words;
}

/** "Objective: x", "Team Objective: x" -> "x". */
function stripObjective(words: string): string {
  return words.replace(/^(?:[\p{L}\p{N}-]+ )?objective\s*:\s*(?=\S)/iu, "");
}

function shorten(title: string): string {
  const letters = [...title];
  return letters.length <= MAX_TITLE
    ? title
    : `${letters
        .slice(0, MAX_TITLE - 1)
        .join("")
        .trimEnd()}…`;
}
