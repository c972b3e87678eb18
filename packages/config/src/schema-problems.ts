import { z } from "zod";
import type { DiagnosticLog } from "./diagnostic-log.js";
import { didYouMean } from "./nearest-name.js";
import type { Path, YamlTree } from "./yaml-tree.js";

/**
 * Validates a tree and reports every mistake at its place. The schemas name in `error` what is expected, as a noun:
 * "a list of stage ids". Returns what is sound, so that what it means can be checked too: keys with a wrong value are
 * left out, wrong items of a list become {@link INVALID_ITEM}. Null when nothing is left that fits the schema.
 */
export function checkSchema<S extends z.ZodType>(schema: S, tree: YamlTree, log: DiagnosticLog): SchemaCheck<S> | null {
  const first = schema.safeParse(tree.value);
  if (first.success) return { data: first.data, wrong: [] };
  const wrong: Path[] = [];
  for (const issue of flatten(first.error.issues, [])) report(issue, schema, tree, log, wrong);
  let sound = prune(tree.value, wrong);
  for (let attempt = 0; attempt < 4; attempt++) {
    const result = schema.safeParse(sound);
    if (result.success) return { data: result.data, wrong };
    // a list whose items have a pattern does not take the stand-in: it goes as a whole
    const rest = flatten(result.error.issues, []).map(({ path }) => path.slice(0, path.findLastIndex(isKey) + 1));
    wrong.push(...rest);
    sound = prune(sound, rest);
  }
  return null;
}

function isKey(part: string | number): boolean {
  return typeof part === "string";
}

export interface SchemaCheck<S extends z.ZodType> {
  readonly data: z.infer<S>;
  /** Paths of the values that were left out. */
  readonly wrong: readonly Path[];
}

/** Stands for a wrong item of a list, so that the places of the others stay what they are. No text of a file is it. */
export const INVALID_ITEM: string = "\0";

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

function report(placed: PlacedIssue, schema: z.ZodType, tree: YamlTree, log: DiagnosticLog, wrong: Path[]): void {
  const { issue, path } = placed;
  if (issue.code === "unrecognized_keys") {
    const known = keysOf(schemaAt(schema, path));
    for (const key of issue.keys) {
      const message = `unknown key "${key}"${path.length === 0 ? "" : ` in ${show(path)}`}`;
      const hint = log.isCrowded() ? null : (didYouMean(key, known) ?? `Known keys: ${known.join(", ")}.`);
      log.add({ span: tree.keySpan([...path, key]), message, hint });
      wrong.push([...path, key]);
    }
    return;
  }
  const value = valueAt(tree.value, path);
  if (value === undefined) {
    const around = path.slice(0, -1);
    const owner = around.length === 0 ? "the file" : show(around);
    const message = `${owner} has no "${path.at(-1)}"`;
    log.add({ span: tree.keySpan(around), message, hint: `It must be ${issue.message}.`, isAbsence: true });
    if (around.length > 0) wrong.push(around);
    return;
  }
  const subject = path.length === 0 ? "the file" : show(path);
  if (value === null && path.length === 0) {
    log.add({
      span: tree.keySpan([]),
      message: "the file is empty",
      hint: `It must be ${issue.message}.`,
      isAbsence: true,
    });
    return;
  }
  const message = `${subject} must be ${issue.message}, not ${describe(value)}`;
  // an empty value may be what a mistake of syntax left of it
  log.add({ span: tree.valueSpan(path), message, hint: formHint(issue, value), isAbsence: value === null });
  wrong.push(path);
}

function formHint(issue: z.core.$ZodIssue, value: unknown): string | null {
  if (issue.code !== "invalid_type") return null;
  const isBare = typeof value === "number" || typeof value === "boolean";
  if (isBare && /^an? (?:text|id|stage id)\b/.test(issue.message)) return `Put it in quotes: "${value}".`;
  const isItem = typeof value === "string" && issue.expected === "array" && value.length <= 100;
  return isItem ? `Write a list: [${JSON.stringify(value)}].` : null;
}

/** The path as a person would write it: `stages.SPEC.checks[2]`, counted from 1. */
function show(path: Path): string {
  return path.reduce<string>((shown, part) => {
    if (typeof part === "number") return `${shown}[${part + 1}]`;
    return shown === "" ? part : `${shown}.${part}`;
  }, "");
}

function describe(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "a map";
  if (typeof value !== "string") return String(value);
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

function prune(value: unknown, wrong: readonly Path[]): unknown {
  const copy: unknown = structuredClone(value);
  for (const path of wrong) {
    const owner = valueAt(copy, path.slice(0, -1));
    const key = path.at(-1);
    if (key === undefined) continue;
    if (Array.isArray(owner)) owner[Number(key)] = INVALID_ITEM;
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
