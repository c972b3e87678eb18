import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CrashProject } from "./crash-project.js";
import type { Probe } from "./probe-store.js";

/** What a run has come to: the part that must be the same however often it was killed. */
export interface FinalState {
  readonly run: string;
  readonly stages: Readonly<Record<string, FinalStage>>;
  /** What lies in the artifacts folder for people and agents to read: path and SHA-256. */
  readonly files: Readonly<Record<string, string>>;
}

interface FinalStage {
  readonly status: string;
  readonly round: number;
  /** SHA-256 of the output; null = none. */
  readonly output: string | null;
  readonly artifacts: Readonly<Record<string, string>>;
}

export function finalStateOf(project: CrashProject, { runId, state }: Probe): FinalState {
  const stages = [...state.stages].map(([id, { status, round, output, artifacts }]) => {
    const files = [...artifacts].map(([name, { sha256 }]) => [name, sha256] as const);
    const stage = { status, round, output: output?.sha256 ?? null, artifacts: Object.fromEntries(files.toSorted()) };
    return [id, stage] as const;
  });
  const folder = join(project.folder, ".troupe", "runs", runId, "artifacts", "latest");
  return { run: state.status, stages: Object.fromEntries(stages), files: hashesOf(folder) };
}

function hashesOf(folder: string): Readonly<Record<string, string>> {
  const names = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  const files = names.filter((entry) => entry.isFile()).map(({ name }) => name);
  const hash = (name: string): string =>
    createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex");
  return Object.fromEntries(files.toSorted().map((name) => [name, hash(name)]));
}

/** Where `actual` differs from `expected`, as `path: expected X, got Y`. */
export function differences(expected: unknown, actual: unknown, path = "run"): readonly string[] {
  if (isObject(expected) && isObject(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys].flatMap((key) => differences(expected[key], actual[key], `${path}.${key}`));
  }
  return Object.is(expected, actual)
    ? []
    : [`${path}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
