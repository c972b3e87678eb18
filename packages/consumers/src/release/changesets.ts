import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Manifest } from "../repository.js";

export type Bump = "patch" | "minor" | "major";

/** A file of `.changeset`: what is released and what its users read. */
export interface Changeset {
  /** Without `.md`. */
  readonly id: string;
  readonly releases: Readonly<Record<string, Bump>>;
  readonly summary: string;
}

const CORE = "@troupe/core";

export function readChangesets(root: string): readonly Changeset[] {
  return readdirSync(join(root, ".changeset"))
    .filter((name) => name.endsWith(".md"))
    .sort()
    .map((name) => parseChangeset(name.replace(/\.md$/, ""), readFileSync(join(root, ".changeset", name), "utf8")));
}

/** As this repository writes them; a line that is not understood is an error. */
export function parseChangeset(id: string, text: string): Changeset {
  const [, front = "", summary = ""] = /^---\n(.*?)---\n(.*)$/s.exec(text) ?? [];
  const releases = front
    .trim()
    .split("\n")
    .map((line): readonly [string, Bump] => {
      const [, name, bump] = /^"([^"]+)": (patch|minor|major)$/.exec(line) ?? [];
      if (name === undefined)
        throw new Error(`.changeset/${id}.md: "${line}" is no package with patch, minor or major`);
      return [name, bump as Bump];
    });
  return { id, releases: Object.fromEntries(releases), summary: summary.trim() };
}

export function renderChangeset({ releases, summary }: Changeset): string {
  const lines = Object.entries(releases).map(([name, bump]) => `"${name}": ${bump}\n`);
  return `---\n${lines.join("")}---\n\n${summary}\n`;
}

/** What changesets itself would let pass, one line each; why it must not: docs/decisions/0024. */
export function changesetProblems(changesets: readonly Changeset[], published: readonly Manifest[]): readonly string[] {
  const names = new Set(published.map(({ name }) => name));
  const unknown = changesets.flatMap(({ id, releases }) =>
    Object.keys(releases)
      .filter((name) => !names.has(name))
      .map((name) => `.changeset/${id}.md: ${name} is not published`),
  );
  const hasMajor = (name: string): boolean => changesets.some(({ releases }) => releases[name] === "major");
  const notFirst = published
    .filter(({ name, version }) => version === "0.0.0" && !hasMajor(name))
    .map(({ name }) => `${name} was never released: one of its changesets has to be major, its first version is 1.0.0`);
  const left = hasMajor(CORE)
    ? published
        .filter(({ name, peerDependencies }) => peerDependencies?.[CORE] !== undefined && !hasMajor(name))
        .map(({ name }) => `${name} leaves users of the old core behind: a major of ${CORE} needs one of it`)
    : [];
  return [...unknown, ...notFirst, ...left];
}
