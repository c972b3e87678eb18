import { readdir, readFile, writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { decodeText } from "../src/decode-text.js";
import type { Diagnostic } from "../src/diagnostic.js";
import { formatDiagnostics } from "../src/format-diagnostic.js";
import { parseObjective } from "../src/parse-objective.js";
import { parseProjectFile } from "../src/parse-project-file.js";
import { parseWorkflow } from "../src/parse-workflow.js";

/**
 * `golden/NAME.yaml` (a workflow; a project file when the name begins with `project-`) or `NAME.md` (an objective) is
 * bad input; `golden/NAME.txt` is all that is printed for it. UPDATE_GOLDEN=1 writes the latter anew: read every line
 * of the difference as the person who made the mistake.
 */
const FOLDER = new URL("./golden/", import.meta.url);

function diagnose(name: string, bytes: Uint8Array): { readonly text: string; readonly found: readonly Diagnostic[] } {
  const { text, diagnostics } = decodeText(bytes, name);
  if (text === null) return { text: "", found: diagnostics };
  if (name.endsWith(".md")) return { text, found: parseObjective(text, name).diagnostics };
  const parse = name.startsWith("project-") ? parseProjectFile : parseWorkflow;
  return { text, found: parse(text, name).diagnostics };
}

const names = (await readdir(FOLDER)).filter((name) => /\.(?:yaml|md)$/.test(name)).sort();

it("has at least sixty files of bad input", () => {
  expect(names.length).toBeGreaterThanOrEqual(60);
});

it.each(names)("%s: everything that is wrong, and the fix", async (name) => {
  const { text, found } = diagnose(name, await readFile(new URL(name, FOLDER)));
  const shown = formatDiagnostics(found, new Map([[name, text]]));
  const expected = new URL(name.replace(/\.\w+$/, ".txt"), FOLDER);
  if (process.env.UPDATE_GOLDEN !== undefined) await writeFile(expected, shown);
  expect(shown).toBe(await readFile(expected, "utf8"));
  expect(shown).not.toBe("");
});
