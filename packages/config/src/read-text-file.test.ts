import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readTextFile } from "./read-text-file.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "troupe-"));
  for (const name of ["objective.md", "stages.yaml"]) await writeFile(join(folder, name), "x");
  await mkdir(join(folder, "note.md"));
});
afterEach(async () => await rm(folder, { recursive: true }));

async function hintFor(name: string, shown: string): Promise<unknown> {
  const error: unknown = await readTextFile(join(folder, name), shown).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ code: "FILE_NOT_FOUND", message: `cannot read ${shown}: it does not exist` });
  return Object(error).hint;
}

test.each([
  ["objectiv.md", "Did you mean docs/objective.md?"],
  ["stages.yml", "Did you mean docs/stages.yaml?"],
  ["objective", "Did you mean docs/objective.md?"],
  ["nope.yaml", "See what is there: ls -l FOLDER"],
  ["notes.md", "See what is there: ls -l FOLDER"], // the near one is a folder
  ["none/objective.md", "See what is there: ls -l FOLDER"],
])("of %s, which is not there, the hint is: %s", async (name, hint) => {
  expect(await hintFor(name, `docs/${name}`)).toBe(hint.replace("FOLDER", folder));
});

test("where the file is called otherwise, the near one is called by its own name", async () => {
  expect(await hintFor("objectiv.md", "the goal")).toBe("Did you mean objective.md?");
});

test("the folder to look into is the nearest that exists, quoted where a shell needs it", async () => {
  const odd = join(folder, "it's here");
  await mkdir(odd);
  expect(await hintFor("it's here/none/objective.md", "x")).toBe(
    `See what is there: ls -l '${odd.replace("'", "'\\''")}'`,
  );
  expect(await hintFor("it's here/objective.md", "x")).toBe(`See what is there: ls -l '${odd.replace("'", "'\\''")}'`);
});
