import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Diagnostic, EnvironmentValue, SecretSource } from "@troupe/config";
import { createSecretMasker, MIN_SECRET_CHARACTERS, type Secret, type SecretMasker, TroupeError } from "@troupe/core";
import type { CliHost } from "../cli-host.js";
import type { DiagnosedFiles } from "./diagnosed-files.js";
import { ownValue } from "./own-value.js";
import type { Project } from "./project.js";

/** Of a file that holds a secret, at most. */
const MAX_FILE_BYTES = 64 * 1024;

/** The secrets of a project, as far as they are there. */
export interface ProjectSecrets {
  readonly masker: SecretMasker;
  /** All that are declared. */
  readonly names: readonly string[];
  /** The value of a secret by file, else of the environment; undefined = there is none. */
  valueOf(name: string): string | undefined;
  /** What a person should know: nothing is masked for these. */
  readonly missing: readonly string[];
  /** Why a run must not be performed: values that are there and cannot be masked. */
  readonly unusable: readonly string[];
}

/**
 * Reads the values of the declared secrets. Never throws: what is wrong is told when a run is to be performed. Values of
 * `others`, variables that are secrets without being declared, are masked too.
 */
export function readSecrets(
  sources: readonly SecretSource[],
  environment: CliHost["environment"],
  project: Project,
  others: readonly string[] = [],
): ProjectSecrets {
  const secrets: Secret[] = [];
  const missing: string[] = [];
  const unusable: string[] = [];
  for (const { name, file } of sources) {
    const read = file === null ? { value: ownValue(environment, name) } : readSecretFile(resolve(project.folder, file));
    if ("problem" in read) {
      unusable.push(`the secret ${name}: ${read.problem}`);
      continue;
    }
    const value = read.value?.replace(/[\r\n]+$/, "") ?? "";
    if (value.trim() === "") missing.push(file === null ? name : `${name} (${file})`);
    else if (value.length < MIN_SECRET_CHARACTERS) {
      const count = value.length === 1 ? "1 character" : `${value.length} characters`;
      unusable.push(`the secret ${name} has ${count}: masking it would destroy every text it is found in`);
    } else secrets.push({ name, value });
  }
  for (const name of others) {
    const value = ownValue(environment, name)?.trim() ?? "";
    const isDeclared = sources.some((source) => source.name === name);
    if (!isDeclared && value.length >= MIN_SECRET_CHARACTERS) secrets.push({ name, value });
  }
  const values = new Map(secrets.map(({ name, value }) => [name, value]));
  return {
    masker: createSecretMasker(secrets),
    names: sources.map(({ name }) => name),
    valueOf: (name) => values.get(name) ?? ownValue(environment, name),
    missing,
    unusable,
  };
}

type ReadValue = { readonly value: string | undefined } | { readonly problem: string };

function readSecretFile(path: string): ReadValue {
  try {
    const { size } = statSync(path);
    if (size > MAX_FILE_BYTES) return { problem: `${path} has more than ${MAX_FILE_BYTES / 1024} KiB` };
    return { value: readFileSync(path, "utf8") };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return { value: undefined };
    return { problem: `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** The environment that an agent's entry adds; what is not set is left out. */
export function resolveEnvironment(
  env: Readonly<Record<string, EnvironmentValue>>,
  secrets: Pick<ProjectSecrets, "valueOf">,
): Readonly<Record<string, string>> {
  const entries = Object.entries(env).flatMap(([name, written]) => {
    const value = typeof written === "string" ? written : secrets.valueOf(written.from);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

/** Before a run is performed. Throws `SECRET_UNUSABLE`; secrets without a value are only told of. */
export function refuseUnusableSecrets({ unusable, missing }: ProjectSecrets, note: (text: string) => void): void {
  if (unusable.length > 0) {
    throw new TroupeError("SECRET_UNUSABLE", unusable.join("\n"), {
      hint: `Give it a value of at least ${MIN_SECRET_CHARACTERS} characters, or take it from \`secrets:\` in troupe.yaml.`,
    });
  }
  if (missing.length === 0) return;
  note(`warning: ${missing.join(", ")} under \`secrets:\` without a value: there is nothing to mask\n`);
}

/** Every line of the files of a command that holds the value of a secret becomes a mistake of that file. */
export function addInlineSecrets({ masker }: Pick<ProjectSecrets, "masker">, files: DiagnosedFiles): void {
  for (const [file, text] of files.texts) {
    if (masker.mask(text) === text) continue;
    for (const [index, line] of text.split("\n").entries()) {
      const masked = masker.mask(line);
      if (masked === line) continue;
      const column = [...line].findIndex((letter, at) => letter !== [...masked][at]) + 1;
      files.add([inlineSecret({ file, line: index + 1, column, names: masker.find(line) })]);
    }
  }
}

const INLINE_HINT =
  "Take it out; who needs it reads it from the environment, agents by `env: { NAME: { from: NAME } }`.";

function inlineSecret(
  at: Pick<Diagnostic, "file" | "line" | "column"> & { readonly names: readonly string[] },
): Diagnostic {
  const { names, ...place } = at;
  const message = `the value of the secret ${names.join(", ")} stands here: it would be recorded and shown`;
  return {
    ...place,
    severity: "error",
    code: "SECRET_INLINE",
    message,
    endLine: null,
    endColumn: null,
    hint: INLINE_HINT,
  };
}

/** For what did not come from a file with a place. `parts` by what a person calls them. Throws `SECRET_INLINE`. */
export function refuseInlineSecrets(
  { masker }: Pick<ProjectSecrets, "masker">,
  parts: Readonly<Record<string, unknown>>,
): void {
  for (const [part, value] of Object.entries(parts)) {
    const names = masker.find(typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
    if (names.length === 0) continue;
    const message = `the value of the secret ${names.join(", ")} stands in ${part}: it would be recorded with the run`;
    throw new TroupeError("SECRET_INLINE", message, { hint: INLINE_HINT });
  }
}
