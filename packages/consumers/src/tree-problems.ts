import { join } from "node:path";
import type { Consumer } from "./consumer.js";
import { thirdPartyOf } from "./dependency-tree.js";
import { oursOf } from "./footprint.js";
import type { PackedPackage } from "./pack-packages.js";
import { ROOT } from "./repository.js";

/**
 * What is in a consumer's tree and should not be, or is missing: of ours exactly what the packages need; of others nothing that only other
 * packages of ours need. Others that this repository does not know may come with a newer version of what it knows.
 */
export function treeProblems(
  { packages, own = [] }: Pick<Consumer, "packages" | "own">,
  installed: readonly string[],
  packed: readonly PackedPackage[],
): readonly string[] {
  const byName = new Map(packed.map((one) => [one.manifest.name, one]));
  const asked = packages.flatMap((name) => byName.get(name) ?? []);
  const ours = new Set(asked.flatMap((one) => [one, ...oursOf(one, byName)]));
  const needed = namesOf(ours);
  const theirs = othersOf([...ours]);
  const strangers = new Set([...othersOf(packed)].filter((name) => !theirs.has(name)));
  const there = new Set(installed.map((one) => one.replace(/(?<=.)@.*$/, "")));
  const known = new Set(packed.map(({ manifest }) => manifest.name));
  return [
    ...[...new Set([...needed, ...theirs, ...own])]
      .filter((name) => !there.has(name))
      .map((name) => `${name} is missing`),
    ...[...there]
      .filter((name) => strangers.has(name) || (known.has(name) && !needed.has(name)))
      .map((name) => `nothing asked for needs ${name}`),
  ];
}

function namesOf(packed: Iterable<PackedPackage>): ReadonlySet<string> {
  return new Set([...packed].map(({ manifest }) => manifest.name));
}

function othersOf(packed: readonly PackedPackage[]): Set<string> {
  return new Set(
    packed.flatMap(({ folder }) => thirdPartyOf(join(ROOT, "packages", folder)).map(({ manifest }) => manifest.name)),
  );
}
