import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readVersion } from "./version.js";

/** Help is laid out for this many columns. */
const HELP_COLUMNS = 80;

/**
 * What `--version` and `--help` print, without loading what parses arguments; null for everything else. The text of the
 * help is what the parser prints, written down by the build: without one, and for a narrower terminal, it is null.
 * `columnsOf` tells how wide it is, and is asked by help alone.
 */
export function answerAtOnce(args: readonly string[], columnsOf: () => number | undefined): string | null {
  const [only] = args;
  if (args.length !== 1) return null;
  if (only === "--version" || only === "-V") return `${readVersion()}\n`;
  const isHelp = only === "--help" || only === "-h";
  return isHelp && (columnsOf() ?? HELP_COLUMNS) >= HELP_COLUMNS ? readHelp() : null;
}

function readHelp(): string | null {
  try {
    return readFileSync(join(import.meta.dirname, "help.txt"), "utf8");
  } catch {
    return null; // run from source
  }
}
