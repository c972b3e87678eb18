import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSurface, type SurfacePart } from "./public-surface.js";
import { type Manifest, ROOT, readPublishedPackages } from "./repository.js";
import { createScratchFolder } from "./scratch-folder.js";

/** What users of a package can import, with signatures, as one text. */
function renderSurfaces(folder: string, { name, exports }: Manifest): string {
  const entries = Object.entries(exports ?? {}).flatMap(([path, conditions]) => {
    const source = typeof conditions === "string" ? undefined : conditions["@troupe/source"];
    return source === undefined ? [] : [[`${name}${path.slice(1)}`, join(ROOT, "packages", folder, source)] as const];
  });
  const shown = new Set<string>();
  const sections = entries.map(([module, entry]) => {
    const surface = readSurface(entry);
    const { exported } = surface;
    const behind = surface.behind.filter(({ text }) => !shown.has(text)); // once a package
    for (const { text } of [...exported, ...behind]) shown.add(text);
    return [
      `import ... from "${module}"`,
      ...exported.map(({ name: exportedName, text }) => `export ${exportedName}\n${text}`),
      ...(behind.length === 0 ? [] : [`behind "${module}": not exported, but seen through what is`]),
      ...behind.map(({ text }) => text),
    ].join("\n\n");
  });
  return `${sections.join("\n\n\n")}\n`;
}

/** Which names are concerned, to choose the release by. */
function describeChange(before: string, after: string): string {
  const partsOf = (text: string): ReadonlyMap<string, string> =>
    new Map(text.split(/\n\n(?=export |behind )/).map((part) => [part.split("\n", 1)[0] ?? "", part]));
  const [old, now] = [partsOf(before), partsOf(after)];
  const added = [...now.keys()].filter((name) => !old.has(name));
  const changed = [...old].filter(([name, part]) => now.get(name) !== part).map(([name]) => name);
  const list = (names: readonly string[]): string => (names.length === 0 ? "none" : names.join(", "));
  return `gone or changed: ${list(changed)}; new: ${list(added)}`;
}

test.each(readPublishedPackages())(
  "what @troupe/$folder exports is what was agreed on",
  async ({ folder, manifest }) => {
    const path = join(import.meta.dirname, "exports", `${folder}.txt`);
    const text = renderSurfaces(folder, manifest);
    const before = existsSync(path) ? readFileSync(path, "utf8") : "";
    const message = `The public surface of @troupe/${folder} has changed. ${describeChange(before, text)}.
If that is meant: pnpm exports:update, and a changeset (pnpm changeset): minor for what is new, major where code that
compiled against the version before, or a plugin that implements an interface, may not compile any more.
`;
    await expect(text, message).toMatchFileSnapshot(path);
  },
);

const partsOf = (parts: readonly SurfacePart[]): readonly string[] => parts.map(({ name, text }) => `${name}: ${text}`);

test("a surface has signatures, overloads, what is renamed, and the types behind", async () => {
  const folder = await createScratchFolder({
    "index.ts": `export { add as plus, type Sum } from "./add.js";
export { readFile } from "node:fs/promises";
import { VERSION } from "./version.js";
export { VERSION };
const plugin: { readonly name: string } = { name: "one" };
export default plugin;
`,
    "add.ts": `import type { Hidden } from "./hidden.js";
/** A comment is no part of it. */
export function add(a: number): Sum;
export function add(a: string): Hidden;
export function add(a: unknown): unknown {
  return a;
}
export interface Sum {
  readonly sum: number;
}
`,
    "hidden.ts": `type Inner = "a" | "b";
export interface Hidden {
  readonly inner: Inner;
}
interface Unseen {}
export const unseen: Unseen = {};
`,
    "version.ts": "export const VERSION = 2;\n",
  });
  const { exported, behind } = readSurface(join(folder, "index.ts"));
  expect(partsOf(exported)).toEqual(
    [
      "VERSION: const VERSION = 2;",
      "default: const plugin: {\n  readonly name: string;\n};",
      "plus: function add(a: number): Sum;\nfunction add(a: string): Hidden;",
      "readFile: of another package",
      "Sum: interface Sum {\n  readonly sum: number;\n}",
    ].sort(),
  );
  expect(partsOf(behind)).toEqual([
    "Hidden: interface Hidden {\n  readonly inner: Inner;\n}",
    'Inner: type Inner = "a" | "b";',
  ]);
});

test("a change names what is concerned", () => {
  const before = 'import ... from "x"\n\nexport a\nconst a = 1;\n\nexport b\nconst b = 1;\n\nbehind "x"\n\ntype D = 1;';
  const after = 'import ... from "x"\n\nexport a\nconst a = 2;\n\nexport c\nconst c = 1;\n\nbehind "x"\n\ntype D = 1;';
  expect(describeChange(before, after)).toBe("gone or changed: export a, export b; new: export c");
  expect(describeChange(after, after.replace("D = 1", "D = 2"))).toBe('gone or changed: behind "x"; new: none');
});
