import * as z from "zod";
import type { DiagnosticLog } from "./diagnostic-log.js";
import { INVALID_ITEM } from "./invalid-item.js";
import { didYouMean, nearestName } from "./nearest-name.js";
import { hintForValue } from "./value-hint.js";
import type { Path, YamlTree } from "./yaml-tree.js";

/**
 * Validates a tree and reports every mistake at its place. The schemas name in `error` what is expected, as a noun:
 * "a list of stage ids". Returns what is sound, so that what it means can be checked too: keys with a wrong value are
 * left out, wrong items of a list become {@link INVALID_ITEM}, or an empty map where that does not fit. Null when nothing is left that fits the schema.
 * `whole` is what messages call the tree itself. What stands where `isSecret` says so is never shown.
 */
export function checkSchema<S extends z.ZodType>(
  schema: S,
  tree: YamlTree,
  log: DiagnosticLog,
  whole: string = "the file",
  isSecret: (path: Path) => boolean = () => false,
): SchemaCheck<S> | null {
  const first = schema.safeParse(tree.value);
  if (first.success) return { data: first.data, wrong: [] };
  const wrong: Path[] = [];
  const issues = flatten(first.error.issues, []);
  const context = { schema, tree, log, wrong, whole, misspelt: misspeltPaths(issues, schema), seen: new Set<string>() };
  for (const issue of issues) {
    if (isSecret(issue.path)) reportSecret(issue, context);
    else report(issue, context);
  }
  let sound = prune(tree.value, wrong);
  for (let attempt = 0; attempt < 8; attempt++) {
    const result = schema.safeParse(sound);
    if (result.success) return { data: result.data, wrong };
    // a list whose items have a pattern does not take the stand-in: a map does, if it may be empty, or the list goes
    const paths = flatten(result.error.issues, []).map(({ path }) => path);
    const maps = paths.filter((path) => valueAt(sound, path) === INVALID_ITEM && takesEmptyMap(schema, path));
    const rest = paths.filter((path) => !maps.includes(path)).map((path) => leftOver(path, wrong));
    wrong.push(...rest);
    sound = prune(prune(sound, maps, {}), rest);
  }
  return null;
}

/** What to leave out for a mistake; what is around it when that is gone already and is missed now. */
function leftOver(path: Path, wrong: readonly Path[]): Path {
  const gone = new Set(wrong.map((one) => JSON.stringify(one)));
  let left = path.slice(0, path.findLastIndex(isKey) + 1);
  while (left.length > 0 && gone.has(JSON.stringify(left)))
    left = left.slice(0, left.slice(0, -1).findLastIndex(isKey) + 1);
  return left;
}

function takesEmptyMap(schema: z.ZodType, path: Path): boolean {
  return schemaAt(schema, path).some((one) => one instanceof z.ZodObject && one.safeParse({}).success);
}

function isKey(part: string | number): boolean {
  return typeof part === "string";
}

export interface SchemaCheck<S extends z.ZodType> {
  readonly data: z.infer<S>;
  /** Paths of the values that were left out. */
  readonly wrong: readonly Path[];
}

interface PlacedIssue {
  readonly issue: z.core.$ZodIssue;
  readonly path: Path;
}

/** Of a union the branch that was meant is the one whose shape fits and whose inside does not. */
function flatten(issues: readonly z.core.$ZodIssue[], base: Path): readonly PlacedIssue[] {
  return issues.flatMap((issue) => {
    const path: Path = [...base, ...issue.path.map((part) => (typeof part === "symbol" ? String(part) : part))];
    if (issue.code !== "invalid_union") return [{ issue, path }];
    const meant = issue.errors.find((branch) => branch.every((inner) => isInside(inner)) && branch.length > 0);
    return meant === undefined ? [{ issue, path }] : flatten(meant, path);
  });
}

function isInside(issue: z.core.$ZodIssue): boolean {
  return issue.code === "unrecognized_keys" || issue.path.some((part) => typeof part === "string");
}

interface ReportContext {
  readonly schema: z.ZodType;
  readonly tree: YamlTree;
  readonly log: DiagnosticLog;
  readonly wrong: Path[];
  readonly whole: string;
  /** Keys that are there under a name that is nearly right. */
  readonly misspelt: ReadonlySet<string>;
  /** Values that were reported: a pattern and a refinement may both refuse one. */
  readonly seen: Set<string>;
}

function misspeltPaths(issues: readonly PlacedIssue[], schema: z.ZodType): ReadonlySet<string> {
  const meant = issues.flatMap(({ issue, path }) => {
    if (issue.code !== "unrecognized_keys") return [];
    const known = keysOf(schemaAt(schema, path));
    return issue.keys.slice(0, 20).map((key) => JSON.stringify([...path, nearestName(key, known)]));
  });
  return new Set(meant);
}

function report({ issue, path }: PlacedIssue, context: ReportContext): void {
  const { tree, log, wrong, whole, seen, schema } = context;
  if (issue.code === "unrecognized_keys") {
    for (const key of issue.keys) reportUnknownKey(key, path, context);
    return;
  }
  if (seen.has(JSON.stringify(path))) return;
  seen.add(JSON.stringify(path));
  const value = valueAt(tree.value, path);
  if (value === undefined) {
    const around = path.slice(0, -1);
    if (around.length > 0) wrong.push(around);
    if (context.misspelt.has(JSON.stringify(path))) return;
    const message = `${around.length === 0 ? whole : show(around)} has no "${path.at(-1)}"`;
    log.add({ span: tree.keySpan(around), message, hint: `It must be ${issue.message}.`, isAbsence: true });
    return;
  }
  if (value === null && path.length === 0) {
    const hint = `It must be ${issue.message}.`;
    log.add({ span: tree.keySpan([]), message: `${whole} is empty`, hint, isAbsence: true });
    return;
  }
  const written = isRecord(value) ? null : tree.written(path);
  const subject = path.length === 0 ? whole : show(path);
  const message = `${subject} must be ${issue.message}, not ${describe(value, written)}`;
  const keys = keysOf(schemaAt(schema, path));
  const hint = path.length === 0 ? `Known keys: ${keys.join(", ")}.` : hintForValue(issue, value, written, path, keys);
  // an empty value may be what a mistake of syntax left of it
  log.add({ span: tree.valueSpan(path), message, hint, isAbsence: value === null });
  wrong.push(path);
}

/** Whoever writes a value where its name belongs must not find it in a log. */
function reportSecret({ issue, path }: PlacedIssue, { schema, tree, log, wrong, seen }: ReportContext): void {
  const key = issue.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const isMissing = key === undefined && valueAt(tree.value, path) === undefined;
  const at = isMissing ? path.slice(0, -1) : path;
  wrong.push(at);
  if (seen.has(JSON.stringify(at))) return;
  seen.add(JSON.stringify(at));
  const expected = key === undefined ? issue.message : `a map of ${keysOf(schemaAt(schema, path)).join(" and ")} only`;
  log.add({
    span: tree.valueSpan(key === undefined ? at : [...at, key]),
    message: isMissing ? `${show(at)} has no "${path.at(-1)}"` : `${show(at)} must be ${expected}`,
    hint: isMissing ? `It must be ${expected}. ${NOT_SHOWN}` : `${whatToWrite(path, expected)}. ${NOT_SHOWN}`,
    isHidden: true,
  });
}

function whatToWrite(path: Path, expected: string): string {
  if (path.at(-1) === "file") return "Write the path of the file that holds the value";
  if (expected.startsWith("an http or https URL"))
    return "Write it as https://..., or { from: NAME } when it is a secret";
  if (expected.startsWith("a map with from")) return "Put it into an environment variable and write { from: NAME }";
  return "Write the name of the variable, not its value";
}

export const NOT_SHOWN: string = "The line is not shown, as it may hold a secret.";

function reportUnknownKey(key: string, path: Path, { schema, tree, log, wrong }: ReportContext): void {
  const known = keysOf(schemaAt(schema, path));
  const message = `unknown key "${key}"${path.length === 0 ? "" : ` in ${show(path)}`}`;
  const above = path.length === 0 ? emptyKeyAbove(key, known, tree) : null;
  const hint = (): string =>
    above === null
      ? (didYouMean(key, known) ?? `Known keys: ${known.join(", ")}.`)
      : `Indent it, if it belongs to "${above}".`;
  log.add({ span: tree.keySpan([...path, key]), message, hint: log.isCrowded() ? null : hint() });
  wrong.push([...path, key]);
}

/** The key above an unknown one that has nothing below it: what belongs to it was not indented. */
function emptyKeyAbove(key: string, known: readonly string[], tree: YamlTree): string | null {
  const keys = tree.keys([]);
  const above = keys.slice(0, keys.indexOf(key)).findLast((one) => known.includes(one)) ?? null;
  return above !== null && valueAt(tree.value, [above]) === null ? above : null;
}

/** The path as a person would write it: `stages.SPEC.checks[2]`, counted from 1. */
function show(path: Path): string {
  return path.reduce<string>((shown, part) => {
    if (typeof part === "number") return `${shown}[${part + 1}]`;
    return shown === "" ? part : `${shown}.${part}`;
  }, "");
}

function describe(value: unknown, written: string | null): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "a map";
  if (typeof value !== "string") return written ?? String(value);
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((current, part) => {
    if (Array.isArray(current)) return current[Number(part)];
    return isRecord(current) && Object.hasOwn(current, part) ? current[part] : undefined;
  }, value);
}

function isRecord(value: unknown): value is Record<string | number, unknown> {
  return typeof value === "object" && value !== null;
}

function prune(value: unknown, wrong: readonly Path[], standIn: unknown = INVALID_ITEM): unknown {
  const copy: unknown = structuredClone(value);
  for (const path of wrong) {
    const owner = valueAt(copy, path.slice(0, -1));
    const key = path.at(-1);
    if (key === undefined) continue;
    if (Array.isArray(owner)) owner[Number(key)] = standIn;
    else if (isRecord(owner)) delete owner[key];
  }
  return copy;
}

function schemaAt(schema: z.core.$ZodType, path: Path): readonly z.core.$ZodType[] {
  return path.reduce<readonly z.core.$ZodType[]>(
    (current, part) => current.flatMap((one) => step(one, part)),
    unwrap(schema),
  );
}

function step(schema: z.core.$ZodType, part: string | number): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodObject) {
    const inner: z.core.$ZodType | undefined = schema.shape[part];
    return inner === undefined ? [] : unwrap(inner);
  }
  if (schema instanceof z.ZodRecord) return unwrap(schema.valueType);
  return schema instanceof z.ZodArray ? unwrap(schema.element) : [];
}

function unwrap(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return unwrap(schema.unwrap());
  return schema instanceof z.ZodUnion ? schema.options.flatMap(unwrap) : [schema];
}

function keysOf(schemas: readonly z.core.$ZodType[]): readonly string[] {
  return schemas.flatMap((schema) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []));
}
