import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript-6";
import { expect, test } from "vitest";
import { readSurface } from "./public-surface.js";
import { ROOT, readPublishedPackages } from "./repository.js";
import { createScratchFolder } from "./scratch-folder.js";

/** Names that a package exports and says nothing of: no comment of theirs tells a reader or an editor what they are. */
function undocumented(entry: string): readonly string[] {
  return readSurface(entry).exported.flatMap(({ name, place }) => {
    if (place === null || name === "default") return []; // a plugin's module says it in its README
    const statements = ts
      .createSourceFile(place.file, readFileSync(place.file, "utf8"), ts.ScriptTarget.ES2024, true)
      .statements.filter((statement) => namesOf(statement).includes(place.name));
    const isDocumented = statements.some((statement) => ts.getJSDocCommentsAndTags(statement).some(ts.isJSDoc));
    return isDocumented ? [] : [name];
  });
}

function namesOf(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  if ("name" in statement && statement.name !== undefined) return [(statement.name as ts.Identifier).text];
  return [];
}

test.each(readPublishedPackages())("whatever @troupe/$folder exports says what it is", ({ folder, manifest }) => {
  const entries = Object.values(manifest.exports ?? {}).flatMap((conditions) =>
    typeof conditions === "string" ? [] : (conditions["@troupe/source"] ?? []),
  );
  const silent = entries.flatMap((source) => {
    const entry = join(ROOT, "packages", folder, source);
    return undocumented(entry).map((name) => `${relative(ROOT, entry)}: ${name}`);
  });
  expect(silent).toEqual([]);
});

test("a name without a comment is found, one that is exported from elsewhere too", async () => {
  const folder = await createScratchFolder({
    "index.ts":
      'export { type Sum, add as plus } from "./add.js";\n/** The version. */\nexport const VERSION: number = 2;\n',
    "add.ts": `// not for readers of the API
export function add(a: number): Sum {
  return { sum: a };
}
/** A sum. */
export interface Sum {
  readonly sum: number;
}
`,
  });
  expect(undocumented(join(folder, "index.ts"))).toEqual(["plus"]);
});
