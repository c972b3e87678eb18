// What a changelog says: as changesets does it, but the dependencies of a release are one line, not one for each commit
// that concerns any of them.
import changelog from "@changesets/cli/changelog";

export const getReleaseLine = changelog.getReleaseLine;

/** @param {unknown} _changesets @param {readonly { readonly name: string, readonly newVersion: string }[]} dependencies */
export async function getDependencyReleaseLine(_changesets, dependencies) {
  if (dependencies.length === 0) return "";
  return `- Updated dependencies: ${dependencies.map(({ name, newVersion }) => `${name}@${newVersion}`).join(", ")}`;
}
