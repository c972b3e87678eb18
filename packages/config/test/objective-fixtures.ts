import { readFile } from "node:fs/promises";
import { formatDiagnostics } from "../src/format-diagnostic.js";
import { type Objective, parseObjective } from "../src/parse-objective.js";

/** The objective of a text without mistakes. */
export function parse(text: string, fileName: string | null = "objective.md"): Objective {
  const { objective, diagnostics } = parseObjective(text, fileName);
  if (objective === null) throw new Error(formatDiagnostics(diagnostics, new Map()));
  return objective;
}

/** The objective of a file in `fixtures`. */
export async function fixture(name: string): Promise<Objective> {
  return parse(await readFile(new URL(`./fixtures/${name}`, import.meta.url), "utf8"), name);
}
