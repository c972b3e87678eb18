import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { PLANTED_BUGS } from "./all-bugs.js";
import { SYNC_BUGS } from "./sync-bugs.js";

const packages = join(dirname(fileURLToPath(import.meta.url)), "../..");
const sourceOf = (file: string): string => readFileSync(join(packages, file), "utf8");

/** Calls that bring something to the disk. */
const SYNC_CALL = /\b(?:(?:file|folder)\??\.(?:data)?sync|syncFile|syncFolder|syncJournal|f(?:data)?sync(?:Sync)?)\(/g;
/** Where one of them is made. */
const DECLARATION = /function (?:syncFile|syncFolder|syncJournal)\($/;

interface Site {
  readonly file: string;
  readonly offset: number;
}

function syncSites(): readonly Site[] {
  const folder = "store-fs/src";
  const files = readdirSync(join(packages, folder)).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
  );
  return files.flatMap((name) => {
    const file = `${folder}/${name}`;
    const source = sourceOf(file);
    return [...source.matchAll(SYNC_CALL)]
      .filter(({ index, 0: call }) => !DECLARATION.test(source.slice(0, index + call.length)))
      .map(({ index }) => ({ file, offset: index }));
  });
}

test("each planted bug changes exactly one place and has a name of its own", () => {
  const wrong = PLANTED_BUGS.filter(({ file, find, replace }) => {
    return sourceOf(file).split(find).length !== 2 || find === replace;
  });
  expect(wrong.map(({ name }) => name)).toEqual([]);
  expect(new Set(PLANTED_BUGS.map(({ name }) => name)).size).toBe(PLANTED_BUGS.length);
  expect(PLANTED_BUGS.length).toBeGreaterThanOrEqual(25);
});

test("every sync of store-fs is left out by a planted bug", () => {
  const sites = syncSites();
  const missing = sites.filter(({ file, offset }) => {
    return !SYNC_BUGS.some((bug) => {
      const start = sourceOf(file).indexOf(bug.find);
      return bug.file === file && start <= offset && offset < start + bug.find.length;
    });
  });
  expect(missing.map(({ file, offset }) => `${file}: ${sourceOf(file).slice(offset, offset + 60)}`)).toEqual([]);
  expect(sites).toHaveLength(SYNC_BUGS.length);
});
