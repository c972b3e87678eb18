import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  type DependencyMap,
  listFiles,
  type Manifest,
  ROOT,
  readPackages,
  readPublishedPackages,
  readRootFile,
  readRootJson,
} from "./repository.js";

const published = readPublishedPackages();
const folders = published.map(({ folder }) => folder);
const inWorkspace = (map: DependencyMap | undefined): readonly string[] =>
  Object.keys(map ?? {}).filter((name) => name.startsWith("@troupe/"));
const fromRegistry = (map: DependencyMap | undefined): readonly string[] =>
  Object.keys(map ?? {}).filter((name) => !name.startsWith("@troupe/"));

const COMPILED = ["dist", "!dist/.tsbuildinfo"];
/** So that stack traces and editors lead somewhere. */
const SOURCES = ["src", "!src/**/*.test.ts", "!src/**/__snapshots__"];
/** The bundle has no maps that would lead into sources, and replaces all modules but the types of the public one. */
const FILES_OF_COMMAND = [
  ...["dist/**/*.js", "dist/**/*.cjs", "dist/**/*.txt"],
  ...["index", "cli-host", "describe-commands", "run-cli"].map((name) => `dist/${name}.d.ts`),
  "schemas",
];

function filesOfLibrary(folder: string): readonly string[] {
  return [...COMPILED, ...(folder === "config" ? ["schemas"] : []), ...SOURCES];
}

/** What `exports` says for a module, with and without the source condition. */
function entryPoint(module: string): Readonly<Record<"source" | "packed", Readonly<Record<string, string>>>> {
  const packed = { types: `./dist/${module}.d.ts`, default: `./dist/${module}.js` };
  return { source: { "@troupe/source": `./src/${module}.ts`, ...packed }, packed };
}

test("the packages that the product promises exist", () => {
  const promised = ["cli", "config", "core", "executor-parallel", "progress-console", "store-fs"];
  expect(folders).toEqual(expect.arrayContaining(promised));
  expect(readPackages().filter(({ folder, manifest }) => manifest.name !== `@troupe/${folder}`)).toEqual([]);
});

describe.each(published)("@troupe/$folder", ({ folder, manifest }) => {
  const path = `packages/${folder}`;

  test("says what a registry, a bundler and a reader need", () => {
    expect(manifest).toMatchObject({
      license: "MIT",
      type: "module",
      sideEffects: false,
      engines: { node: ">=22.13" },
      files: ["CHANGELOG.md", ...(folder === "cli" ? FILES_OF_COMMAND : filesOfLibrary(folder))],
      publishConfig: { access: "public" },
    });
    expect(manifest.description).toMatch(/^[A-Z].{20,}[^.]$/);
    expect(manifest.repository).toEqual({
      type: "git",
      url: expect.stringMatching(/^git\+https:/),
      directory: path,
    });
    expect(existsSync(join(ROOT, path, "README.md")), `${path}/README.md exists`).toBe(true);
  });

  test("runs from source in the workspace and from dist once packed", () => {
    const modules: readonly (readonly [string, string])[] = [
      [".", "index"],
      ...(folder === "core" ? [["./memory", "memory"] as const] : []),
      ...(folder === "config" ? [["./plain", "plain"] as const] : []),
    ];
    const exportsOf = (kind: "source" | "packed"): object => ({
      ...Object.fromEntries(modules.map(([key, module]) => [key, entryPoint(module)[kind]])),
      ...(folder === "config" ? { "./schemas/*": "./schemas/*" } : {}),
      "./package.json": "./package.json",
    });
    expect(manifest.exports).toEqual(exportsOf("source"));
    // the first condition that matches wins
    expect(Object.keys(Object(manifest.exports?.["."]))[0]).toBe("@troupe/source");
    expect(manifest.publishConfig?.exports).toEqual(exportsOf("packed"));
    for (const [, module] of modules) expect(existsSync(join(ROOT, path, "src", `${module}.ts`))).toBe(true);
  });

  test("names core twice, if it is a plugin: as a peer and for development", () => {
    if (folder === "core" || folder === "cli") {
      expect(manifest.peerDependencies).toBeUndefined();
    } else {
      expect(manifest.peerDependencies).toEqual({ "@troupe/core": "workspace:^" });
      expect(manifest.devDependencies).toMatchObject({ "@troupe/core": "workspace:^" });
    }
  });

  test("depends on other packages of the workspace only as the architecture allows", () => {
    const allowed: readonly string[] =
      folder === "cli"
        ? folders.filter((name) => name !== "cli" && name !== "conformance").map((name) => `@troupe/${name}`)
        : folder === "stage-runner" || folder === "notify" || folder.startsWith("agent-")
          ? ["@troupe/process"]
          : [];
    expect(inWorkspace(manifest.dependencies).filter((name) => !allowed.includes(name))).toEqual([]);
    expect(inWorkspace(manifest.devDependencies)).not.toContain("@troupe/cli");
    expect(manifest.optionalDependencies).toBeUndefined();
    const all = [manifest.dependencies, manifest.devDependencies].flatMap((map) => Object.entries(map ?? {}));
    // the command holds copies of exactly these versions, and is released with each of them
    const own = folder === "cli" ? "workspace:*" : "workspace:^";
    const isOwn = (name: string): boolean => name.startsWith("@troupe/");
    expect(all.filter(([name, range]) => range !== (isOwn(name) ? own : "catalog:"))).toEqual([]);
  });

  test("its TypeScript references are its dependencies in the workspace", () => {
    const config = readRootJson<{ references: readonly { path: string }[] }>(`${path}/tsconfig.json`);
    const needed = [...inWorkspace(manifest.dependencies), ...inWorkspace(manifest.peerDependencies)];
    // what the compiled source imports; a development dependency serves only the tests
    expect(config.references.map((reference) => reference.path).sort()).toEqual(
      needed.map((name) => name.replace("@troupe/", "../")).sort(),
    );
  });
});

test("the packages bring only the third-party code that they were meant to bring", () => {
  const brought = published.map(({ folder, manifest }) => [folder, fromRegistry(manifest.dependencies)] as const);
  expect(Object.fromEntries(brought.filter(([, names]) => names.length > 0))).toEqual({
    "agent-acp": ["@agentclientprotocol/sdk", "zod"],
    cli: ["@clack/prompts", "commander"],
    config: [
      "mdast-util-from-markdown",
      "mdast-util-frontmatter",
      "mdast-util-gfm",
      "mdast-util-to-string",
      "micromark-extension-frontmatter",
      "micromark-extension-gfm",
      "yaml",
      "zod",
    ],
    "executor-parallel": ["p-queue"],
    "progress-console": ["string-width"],
    "stage-runner": ["@rgrove/parse-xml"],
  });
});

test("core has no dependency of any kind", () => {
  const core = published.find(({ folder }) => folder === "core")?.manifest;
  expect([core?.dependencies, core?.peerDependencies, core?.optionalDependencies]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("the command line depends on exactly the plugins that it bundles, and on what it imports", () => {
  const source = listFiles("packages/cli/src").filter((path) => !path.endsWith(".test.ts"));
  const named = source.flatMap((path) => [...readRootFile(path).matchAll(/["'](@troupe\/[a-z-]+)["']/g)]);
  const cli = published.find(({ folder }) => folder === "cli")?.manifest;
  const others = named.map(([, name]) => name).filter((name) => name !== "@troupe/cli");
  expect(inWorkspace(cli?.dependencies)).toEqual([...new Set(others)].sort());
});

test("the root builds every published package", () => {
  const { references } = readRootJson<{ references: readonly { path: string }[] }>("tsconfig.json");
  expect(references.map(({ path }) => path).sort()).toEqual(folders.map((folder) => `packages/${folder}`));
});

test("the repository itself is never published", () => {
  expect(readRootJson<Manifest>("package.json").private).toBe(true);
});
