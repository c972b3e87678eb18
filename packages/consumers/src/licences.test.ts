import { expect, test } from "vitest";
import { thirdPartyOf } from "./dependency-tree.js";
import { licenceOf, publishedPackages } from "./repository.js";

/** Licences that ask for nothing but their notice. */
const AGREED: ReadonlySet<string> = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "MIT",
]);

test.each(publishedPackages())("all that $manifest.name brings is under a licence that was agreed on", ({ path }) => {
  const odd = thirdPartyOf(path)
    .filter(({ manifest }) => !AGREED.has(licenceOf(manifest) ?? ""))
    .map(({ manifest }) => `${manifest.name}@${manifest.version}: ${licenceOf(manifest)}`);
  expect(odd).toEqual([]);
});

test("the tree is really walked: the command line brings what its plugins bring", () => {
  const cli = publishedPackages().find(({ folder }) => folder === "cli");
  const names = thirdPartyOf(cli?.path ?? "").map(({ manifest }) => manifest.name);
  expect(names).toEqual(expect.arrayContaining(["commander", "p-queue", "yaml", "zod", "micromark"]));
});
