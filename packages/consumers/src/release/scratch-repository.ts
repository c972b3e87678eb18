import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Manifest, packageManager, ROOT, readManifest } from "../repository.js";
import { runToSuccess } from "../run-program.js";
import { readTarball } from "../tarball.js";
import { type Changeset, renderChangeset } from "./changesets.js";

/** The version that every published package has before a scenario. */
const BEFORE = "1.0.0";

/** This repository as it lies here, in a folder and with a history of its own: nothing that happens there reaches this one. */
export interface ScratchRepository {
  readonly root: string;
  /** Published packages by name. */
  manifests(): Promise<ReadonlyMap<string, Manifest>>;
  pnpm(...args: readonly string[]): Promise<string>;
  changeset(...args: readonly string[]): Promise<string>;
  git(...args: readonly string[]): Promise<string>;
  write(path: string, text: string): Promise<void>;
  /** Commits changesets, as a merged pull request does. */
  propose(changesets: readonly Changeset[]): Promise<void>;
  /** What was written for the newest version of a package, the commits of its changesets left out; null = nothing. */
  newestChanges(name: string): Promise<string | null>;
  /** Manifests as they are inside of the tarballs. */
  pack(names: readonly string[]): Promise<ReadonlyMap<string, Manifest>>;
  /** Back to how it was made. */
  reset(): Promise<void>;
}

/** Made as if everything had been released as 1.0.0: no changesets, no changelogs, all installed. */
export async function createScratchRepository(root: string): Promise<ScratchRepository> {
  await copyTree(root);
  const run = (file: string, ...args: readonly string[]): Promise<string> => runToSuccess(file, args, { cwd: root });
  const pnpm = (...args: readonly string[]): Promise<string> => run("npx", "-y", packageManager(), ...args);
  const git = (...args: readonly string[]): Promise<string> =>
    run(
      "git",
      "-c",
      "user.name=rehearsal",
      "-c",
      "user.email=rehearsal@localhost",
      "-c",
      "commit.gpgsign=false",
      ...args,
    );
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  const commitAll = async (message: string): Promise<void> => {
    await git("add", "--all");
    await git("commit", "--quiet", "--message", message);
  };
  await pretendReleased(root);
  await git("init", "--quiet", "--initial-branch=main");
  await commitAll("Everything is released");
  await git("tag", "before");
  await pnpm("install", "--frozen-lockfile", "--ignore-scripts", "--prefer-offline");
  return {
    root,
    pnpm,
    changeset: (...args) => run(process.execPath, "node_modules/@changesets/cli/bin.js", ...args),
    git,
    write,
    manifests: () => readPublished(root),
    async propose(changesets) {
      for (const one of changesets) await write(`.changeset/${one.id}.md`, renderChangeset(one));
      await commitAll("A change");
    },
    async newestChanges(name) {
      const path = join(root, "packages", name.replace("@troupe/", ""), "CHANGELOG.md");
      const text = await readFile(path, "utf8").catch(() => null);
      const [, newest] = text?.split(/^(?=## )/m) ?? [];
      return newest?.trim().replace(/\b[0-9a-f]{7}(?=[:\]])/g, "COMMIT") ?? null;
    },
    async pack(names) {
      const folder = join(root, "packed-for-a-look");
      const filters = names.flatMap((name) => ["--filter", name]);
      await pnpm(...filters, "pack", "--pack-destination", folder);
      const manifests = new Map<string, Manifest>();
      for (const file of await readdir(folder)) {
        const files = readTarball(await readFile(join(folder, file)));
        const text = files.find(({ path }) => path === "package.json")?.content.toString("utf8") ?? "{}";
        const manifest = JSON.parse(text) as Manifest;
        manifests.set(manifest.name, manifest);
      }
      await rm(folder, { recursive: true });
      return manifests;
    },
    async reset() {
      await git("reset", "--quiet", "--hard", "before");
      await git("clean", "--quiet", "-d", "--force");
      for (const one of await readdir(join(root, "packages"))) {
        const isKept = existsSync(join(root, "packages", one, "package.json"));
        if (!isKept) await rm(join(root, "packages", one), { recursive: true }); // what was installed for a new package
      }
    },
  };
}

/** What git would commit here: no output of builds, nothing that is ignored. */
async function copyTree(root: string): Promise<void> {
  const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"];
  const paths = (await runToSuccess("git", list, { cwd: ROOT })).split("\0").filter((path) => path !== "");
  for (const path of paths) {
    await cp(join(ROOT, path), join(root, path), { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error; // removed here, not yet in a commit
    });
  }
}

async function pretendReleased(root: string): Promise<void> {
  for (const name of await readdir(join(root, ".changeset"))) {
    if (name.endsWith(".md")) await rm(join(root, ".changeset", name));
  }
  for (const folder of await readdir(join(root, "packages"))) {
    const path = join(root, "packages", folder);
    const manifest = readManifest(path);
    await rm(join(path, "CHANGELOG.md"), { force: true });
    if (manifest.private !== true) {
      await writeFile(join(path, "package.json"), `${JSON.stringify({ ...manifest, version: BEFORE }, null, 2)}\n`);
    }
  }
}

async function readPublished(root: string): Promise<ReadonlyMap<string, Manifest>> {
  const folders = await readdir(join(root, "packages"));
  const manifests = folders.sort().map((folder) => readManifest(join(root, "packages", folder)));
  return new Map(manifests.filter((one) => one.private !== true).map((one) => [one.name, one]));
}
