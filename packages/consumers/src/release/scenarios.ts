import type { Manifest } from "../repository.js";
import type { Bump } from "./changesets.js";

/** A release that is rehearsed: what was changed, and everything that has to come of it. All packages begin at 1.0.0. */
export interface Scenario {
  readonly title: string;
  /** What each pull request says that it releases. */
  readonly changesets: readonly Readonly<Record<string, Bump>>[];
  /** Packages that are new with it, by the name of their folder. */
  readonly added?: Readonly<Record<string, object>>;
  /** Every package that gets a version, and no other. */
  versions(packages: readonly Manifest[]): Readonly<Record<string, string>>;
  /** What the tarballs ask for, by package and dependency. */
  readonly ranges: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What users read about the new version, whole. */
  readonly changelogs: Readonly<Record<string, string>>;
}

const CORE = "@troupe/core";
const CLI = "@troupe/cli";

const patchOf = (text: string): string => `## 1.0.1\n\n### Patch Changes\n\n${text}`;
const updated = (dependency: string): string => patchOf(`- Updated dependencies: ${dependency}`);

const NEW_STORE = {
  name: "@troupe/store-new",
  version: "0.0.0",
  description: "A store that was not there before",
  type: "module",
  license: "MIT",
  exports: "./index.js",
  files: ["index.js"],
  publishConfig: { access: "public" },
  peerDependencies: { [CORE]: "workspace:^" },
  devDependencies: { [CORE]: "workspace:^" },
};

export const SCENARIOS: readonly Scenario[] = [
  {
    title: "a patch of a store that the command holds: the store and the command",
    changesets: [{ "@troupe/store-fs": "patch" }],
    versions: () => ({ "@troupe/store-fs": "1.0.1", [CLI]: "1.0.1" }),
    ranges: {
      "@troupe/store-fs": { [CORE]: "^1.0.0" },
      [CLI]: { "@troupe/store-fs": "1.0.1", [CORE]: "1.0.0" },
    },
    changelogs: {
      "@troupe/store-fs": patchOf("- COMMIT: Change 1."),
      [CLI]: updated("@troupe/store-fs@1.0.1"),
    },
  },
  {
    title: "a patch of a store that people install themselves: the store alone",
    changesets: [{ "@troupe/store-sqlite": "patch" }],
    versions: () => ({ "@troupe/store-sqlite": "1.0.1" }),
    ranges: { "@troupe/store-sqlite": { [CORE]: "^1.0.0" } },
    changelogs: { "@troupe/store-sqlite": patchOf("- COMMIT: Change 1.") },
  },
  {
    title: "a patch of core: core, and the command that holds it",
    changesets: [{ [CORE]: "patch" }],
    versions: () => ({ [CORE]: "1.0.1", [CLI]: "1.0.1" }),
    ranges: { [CLI]: { [CORE]: "1.0.1" } },
    changelogs: { [CORE]: patchOf("- COMMIT: Change 1."), [CLI]: updated("@troupe/core@1.0.1") },
  },
  {
    title: "a minor of core: no plugin is released, least of all as a major",
    changesets: [{ [CORE]: "minor" }],
    versions: () => ({ [CORE]: "1.1.0", [CLI]: "1.0.1" }),
    ranges: { [CLI]: { [CORE]: "1.1.0" } },
    changelogs: {
      [CORE]: "## 1.1.0\n\n### Minor Changes\n\n- COMMIT: Change 1.",
      [CLI]: updated("@troupe/core@1.1.0"),
    },
  },
  {
    title: "two packages at once, in two pull requests: a store asks for the core that it was built with",
    changesets: [{ [CORE]: "minor", "@troupe/store-sqlite": "minor" }, { "@troupe/store-sqlite": "patch" }],
    versions: () => ({ [CORE]: "1.1.0", "@troupe/store-sqlite": "1.1.0", [CLI]: "1.0.1" }),
    ranges: { "@troupe/store-sqlite": { [CORE]: "^1.1.0" }, [CLI]: { [CORE]: "1.1.0" } },
    changelogs: {
      "@troupe/store-sqlite":
        "## 1.1.0\n\n### Minor Changes\n\n- COMMIT: Change 1.\n\n### Patch Changes\n\n- COMMIT: Change 2.",
    },
  },
  {
    title: "a minor of a library that plugins depend on: they stay in range, the command follows",
    changesets: [{ "@troupe/process": "minor" }],
    versions: () => ({ "@troupe/process": "1.1.0", [CLI]: "1.0.1" }),
    ranges: { [CLI]: { "@troupe/process": "1.1.0" } },
    changelogs: { [CLI]: updated("@troupe/process@1.1.0") },
  },
  {
    title: "a new plugin: it alone, as 1.0.0",
    changesets: [{ "@troupe/store-new": "major" }],
    added: { "store-new": NEW_STORE },
    versions: () => ({ "@troupe/store-new": "1.0.0" }),
    ranges: { "@troupe/store-new": { [CORE]: "^1.0.0" } },
    changelogs: { "@troupe/store-new": "## 1.0.0\n\n### Major Changes\n\n- COMMIT: Change 1." },
  },
];

/** A major of core goes with one of each package that has it as a peer, which its changesets have to say. */
export function coreMajor(packages: readonly Manifest[]): Scenario {
  const peers = packages.filter(({ peerDependencies }) => peerDependencies?.[CORE] !== undefined);
  const all = [CORE, ...peers.map(({ name }) => name)];
  return {
    title: "a major of core: everything that has it as a peer goes along, and asks for the new one",
    changesets: [Object.fromEntries(all.map((name) => [name, "major"]))],
    versions: () => ({ ...Object.fromEntries(all.map((name) => [name, "2.0.0"])), [CLI]: "1.0.1" }),
    ranges: {
      "@troupe/store-fs": { [CORE]: "^2.0.0" },
      "@troupe/agent-acp": { [CORE]: "^2.0.0", "@troupe/process": "^2.0.0" },
      [CLI]: { [CORE]: "2.0.0", "@troupe/store-fs": "2.0.0" },
    },
    changelogs: {
      "@troupe/store-fs":
        "## 2.0.0\n\n### Major Changes\n\n- COMMIT: Change 1.\n\n### Patch Changes\n\n- Updated dependencies: @troupe/core@2.0.0",
    },
  };
}

/** The same without the plugins: what changesets would make of it, and why it is refused. */
export const FORGOTTEN_PEERS: Readonly<Record<string, Bump>> = { [CORE]: "major" };
