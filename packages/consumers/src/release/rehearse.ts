import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { changesetProblems } from "./changesets.js";
import { startPublishRegistry } from "./publish-registry.js";
import { FORGOTTEN_PEERS, type Scenario } from "./scenarios.js";
import type { ScratchRepository } from "./scratch-repository.js";

/** Versions that a scenario changed, by package: what it was, null = new; and what it is. */
type Steps = ReadonlyMap<string, readonly [before: string | null, after: string]>;

/** Versions the packages as the release workflow does; gives lines of what changed. Rejects when anything else comes of it than was said. */
export async function rehearse(scenario: Scenario, repository: ScratchRepository): Promise<readonly string[]> {
  await repository.reset();
  const before = await repository.manifests();
  for (const [folder, manifest] of Object.entries(scenario.added ?? {})) {
    await repository.write(`packages/${folder}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`);
    await repository.write(`packages/${folder}/index.js`, "export default {};\n");
    await repository.pnpm("install", "--no-frozen-lockfile", "--ignore-scripts", "--offline");
  }
  for (const [index, releases] of scenario.changesets.entries()) {
    await repository.propose([{ id: `change-${index + 1}`, releases, summary: `Change ${index + 1}.` }]);
  }
  await repository.changeset("version");
  const after = await repository.manifests();
  const steps: Steps = new Map(
    [...after]
      .filter(([name, { version }]) => before.get(name)?.version !== version)
      .map(([name, { version }]) => [name, [before.get(name)?.version ?? null, version]]),
  );
  const versions = Object.fromEntries([...steps].map(([name, [, version]]) => [name, version]));
  assert.deepEqual(versions, scenario.versions([...before.values()]), "the versions");
  for (const [name, changes] of Object.entries(scenario.changelogs)) {
    assert.equal(await repository.newestChanges(name), changes, `the changelog of ${name}`);
  }
  const silent = [...after.keys()].filter((name) => !steps.has(name));
  for (const name of silent) assert.equal(await repository.newestChanges(name), null, `${name} has no new changes`);
  await expectRanges(scenario, repository);
  return [...steps].map(([name, [from, to]]) => `${name.padEnd(28)} ${(from ?? "new").padStart(5)} -> ${to}`);
}

async function expectRanges({ ranges }: Scenario, repository: ScratchRepository): Promise<void> {
  const packed = await repository.pack(Object.keys(ranges));
  for (const [name, expected] of Object.entries(ranges)) {
    const manifest = packed.get(name);
    const asked: Readonly<Record<string, string>> = { ...manifest?.dependencies, ...manifest?.peerDependencies };
    const found = Object.fromEntries(Object.keys(expected).map((other) => [other, asked[other]]));
    assert.deepEqual(found, expected, `what ${name} asks for`);
  }
}

/** A major of core alone: changesets would patch the plugins, and the patch would leave users of the old core behind. */
export async function rehearseForgottenPeers(repository: ScratchRepository): Promise<readonly string[]> {
  await repository.reset();
  const manifests = [...(await repository.manifests()).values()];
  const change = { id: "change", releases: FORGOTTEN_PEERS, summary: "Change." };
  const problems = changesetProblems([change], manifests);
  assert.equal(problems.length, manifests.filter((one) => one.peerDependencies !== undefined).length);
  await repository.propose([change]);
  await repository.changeset("version");
  assert.equal((await repository.manifests()).get("@troupe/store-fs")?.version, "1.0.1", "changesets lets it pass");
  return ["refused by the tests, before anything gets a version:", ...problems.slice(0, 2), "..."];
}

/** Two releases from the changesets to the tags, with the scripts of the release workflow, into a registry on loopback. */
export async function rehearsePublishing(repository: ScratchRepository): Promise<readonly string[]> {
  await repository.reset();
  await using registry = await startPublishRegistry();
  const host = registry.url.replace("http:", "");
  await repository.write(".npmrc", `@troupe:registry=${registry.url}\n${host}:_authToken=rehearsal\n`);
  await repository.pnpm("exec", "changeset", "pack", "--out-dir", "packed");
  await assert.rejects(
    repository.pnpm("run", "release"),
    /ERR_PNPM_PROVENANCE_UNSUPPORTED_PROVIDER/,
    "asks for provenance",
  );
  assert.deepEqual(registry.published, [], "nothing without provenance");
  await leaveOutProvenance(repository);
  const publish = async (): Promise<readonly string[]> => {
    const before = registry.published.length;
    await repository.pnpm("exec", "changeset", "pack", "--out-dir", "packed");
    await repository.pnpm("run", "release");
    await repository.changeset("git-tag");
    return registry.published.slice(before);
  };
  const all = [...(await repository.manifests()).values()];
  const first = await publish();
  assert.deepEqual([...first].sort(), all.map(({ name, version }) => `${name}@${version}`).sort());
  for (const { name, peerDependencies } of all) {
    if (peerDependencies === undefined) continue;
    assert.equal(registry.manifestOf(name)?.peerDependencies?.["@troupe/core"], "^1.0.0", `the peer of ${name}`);
    assert.ok(first.indexOf("@troupe/core@1.0.0") < first.indexOf(`${name}@1.0.0`), `${name} comes after its peer`);
  }
  await repository.propose([{ id: "change", releases: { "@troupe/store-fs": "patch" }, summary: "Change." }]);
  await repository.pnpm("run", "release:version");
  assert.equal(await repository.git("diff", "--stat", "--", "pnpm-lock.yaml"), "", "versions are not in the lockfile");
  const second = await publish();
  assert.deepEqual(second, ["@troupe/store-fs@1.0.1", "@troupe/cli@1.0.1"]);
  assert.deepEqual(await publish(), [], "nothing is published twice");
  const tags = (await repository.git("tag", "--list", "@troupe/*")).trim().split("\n");
  assert.deepEqual(tags.sort(), [...first, ...second].sort(), "a tag for each version");
  await repository.git("tag", "--delete", ...tags);
  return [
    `first ${first.length} packages, core before what has it as a peer`,
    `then ${second.join(", ")}, then nothing; ${tags.length} tags`,
    "with provenance only: refused here, where nobody can vouch for it, published when it is not asked for",
    `from tarballs in ${join("packed", "packages")}`,
  ];
}

/** Where something vouches for a build there is a service of GitHub's: all of the script but this can be tried here. */
async function leaveOutProvenance(repository: ScratchRepository): Promise<void> {
  const { scripts, ...manifest } = JSON.parse(await readFile(join(repository.root, "package.json"), "utf8")) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const [, rest] = /^PNPM_CONFIG_PROVENANCE=true (.*)$/.exec(scripts.release ?? "") ?? [];
  assert.ok(rest !== undefined, "the script `release` asks for provenance first");
  await repository.write("package.json", JSON.stringify({ ...manifest, scripts: { ...scripts, release: rest } }));
}
