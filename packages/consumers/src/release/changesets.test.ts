import { expect, test } from "vitest";
import { publishedPackages, ROOT } from "../repository.js";
import {
  type Bump,
  type Changeset,
  changesetProblems,
  parseChangeset,
  readChangesets,
  renderChangeset,
} from "./changesets.js";

const of = (releases: Readonly<Record<string, Bump>>): readonly Changeset[] => [{ id: "one", releases, summary: "x" }];
const core = { name: "@troupe/core", version: "1.2.0" };
const store = { name: "@troupe/store", version: "1.4.0", peerDependencies: { "@troupe/core": "workspace:^" } };

test("the changesets of this repository can be released", () => {
  const published = publishedPackages().map(({ manifest }) => manifest);
  expect(changesetProblems(readChangesets(ROOT), published)).toEqual([]);
});

test("what is written is read again", () => {
  const [one] = of({ "@troupe/core": "minor", "@troupe/store": "patch" });
  expect(one && parseChangeset("one", renderChangeset(one))).toEqual(one);
});

test("a line that is no release is refused", () => {
  expect(() => parseChangeset("odd", '---\n"@troupe/core": huge\n---\n\nx\n')).toThrow(
    'odd.md: ""@troupe/core": huge"',
  );
});

test("only published packages are released", () => {
  expect(changesetProblems(of({ "@troupe/bench": "patch" }), [core])).toEqual([
    ".changeset/one.md: @troupe/bench is not published",
  ]);
});

test("a first release is 1.0.0, also of a package that no changeset names: it would be published as 0.0.0", () => {
  const fresh = { ...core, version: "0.0.0" };
  expect(changesetProblems([], [fresh])).toHaveLength(1);
  expect(changesetProblems(of({ "@troupe/core": "minor" }), [fresh])).toEqual([
    "@troupe/core was never released: one of its changesets has to be major, its first version is 1.0.0",
  ]);
  expect(changesetProblems([...of({ "@troupe/core": "major" }), ...of({ "@troupe/core": "patch" })], [fresh])).toEqual(
    [],
  );
});

test("a minor of core forces nothing, a major of core a major of everything that has it as a peer", () => {
  expect(changesetProblems(of({ "@troupe/core": "minor" }), [core, store])).toEqual([]);
  expect(changesetProblems(of({ "@troupe/core": "major", "@troupe/store": "minor" }), [core, store])).toEqual([
    "@troupe/store leaves users of the old core behind: a major of @troupe/core needs one of it",
  ]);
  expect(changesetProblems(of({ "@troupe/core": "major", "@troupe/store": "major" }), [core, store])).toEqual([]);
});
