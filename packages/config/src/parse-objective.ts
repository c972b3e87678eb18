import { type RunLimits, type StageId, sanitizeLine } from "@troupe/core";
import { z } from "zod";
import { id, limits, listOf, text, toLimits, type WrittenLimits } from "./common-schema.js";
import { textProblem } from "./decode-text.js";
import type { Diagnostic } from "./diagnostic.js";
import { createDiagnosticLog, type DiagnosticLog } from "./diagnostic-log.js";
import { featureName } from "./feature-name.js";
import { fileStem } from "./file-stem.js";
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
import { parseYamlTree } from "./yaml-tree.js";

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

export interface ParsedObjective {
  /** null when a diagnostic is an error. */
  readonly objective: Objective | null;
  readonly diagnostics: readonly Diagnostic[];
}

const MAX_TITLE = 120;
/** Beyond this the markdown parser's time is not bounded; the longest objective we know has 150 lines. */
const MAX_LINES = 2_000;
const MAX_BYTES = 128 * 1024;
const MAX_NESTING = 64;

interface FrontMatter {
  readonly title?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly skip?: readonly string[] | null | undefined;
  readonly limits?: WrittenLimits | null | undefined;
  readonly inputs?: Readonly<Record<string, string>> | null | undefined;
}

const frontMatterSchema: z.ZodType<FrontMatter> = z.strictObject(
  {
    title: text.nullish(),
    name: text.nullish(),
    skip: listOf(id, "a list of stage ids").nullish(),
    limits: limits.nullish(),
    inputs: z.record(z.string(), z.string({ error: "a text" }), { error: "a map of input values" }).nullish(),
  },
  { error: "a map with title, name, skip, limits, inputs" },
);

/**
 * The objective of a markdown file, or of a text given on the command line (`fileName` null). Never throws for what is
 * in the text.
 */
export function parseObjective(written: string, fileName: string | null): ParsedObjective {
  const file = fileName ?? "objective";
  const refusal = textProblem(written, file);
  if (refusal !== null) return { objective: null, diagnostics: [refusal] };
  const normalised = written.replace(/^\u{feff}/u, "").replace(/\r\n?/g, "\n");
  const log = createDiagnosticLog(file, normalised);
  if (isTooLarge(normalised, log)) return { objective: null, diagnostics: log.list() };
  const root = parseBlocks(normalised);
  const first = root.children[0];
  const matter = first?.type === "yaml" ? readFrontMatter(first, normalised, log) : {};
  const body = first?.type === "yaml" ? normalised.slice(offsetsOf(first)[1]).replace(/^\n+/, "") : normalised;
  if (body.trim() === "") {
    const end = { start: normalised.length, end: normalised.length };
    log.add({ span: end, message: "the objective is empty", hint: "Write what is to be achieved." });
  }
  const objective = describeObjective(root, normalised, body, matter, fileName);
  const diagnostics = log.list();
  return { objective: log.hasErrors() ? null : objective, diagnostics };
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

function readFrontMatter(node: FrontMatterBlock, written: string, log: DiagnosticLog): FrontMatter {
  const offset = written.indexOf("\n", offsetsOf(node)[0]) + 1;
  if (node.value.trim() === "") return {};
  const tree = parseYamlTree({ text: node.value, offset }, log);
  const checked = tree === null ? null : checkSchema(frontMatterSchema, tree, log);
  return checked?.data ?? {};
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
