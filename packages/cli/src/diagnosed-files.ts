import { relative } from "node:path";
import { compareDiagnostics, type Diagnostic, formatDiagnostics, hasErrors, readTextFile } from "@troupe/config";
import { type ErrorCode, TroupeError } from "@troupe/core";
import type { CliHost } from "./cli-host.js";

/** The files of one command with everything that is wrong in them, to be shown all at once. */
export interface DiagnosedFiles {
  /** Reads a file; null when it has mistakes already. Rejects `FILE_NOT_FOUND`. */
  read(path: string): Promise<{ readonly name: string; readonly text: string } | null>;
  /** A text that did not come from a file. */
  know(name: string, text: string): void;
  /** Whether a name is that of a file. */
  isFile(name: string): boolean;
  add(diagnostics: readonly Diagnostic[]): void;
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: ReadonlyMap<string, string>;
}

/** `cwd`: file names are shown relative to it. */
export function createDiagnosedFiles(cwd: string): DiagnosedFiles {
  const diagnostics: Diagnostic[] = [];
  const texts = new Map<string, string>();
  const known = new Set<string>();
  return {
    diagnostics,
    texts,
    know: (name, text) => {
      known.add(name);
      texts.set(name, text);
    },
    isFile: (name) => !known.has(name),
    add: (more) => void diagnostics.push(...more),
    read: async (path) => {
      const near = relative(cwd, path);
      const name = near === "" || near.startsWith("..") ? path : near;
      const { text, diagnostics: found } = await readTextFile(path, name);
      diagnostics.push(...found);
      if (text === null) return null;
      texts.set(name, text);
      return { name, text };
    },
  };
}

/** Shows all mistakes and warnings; throws `CONFIG_INVALID` (or the one code that all mistakes share) when there is a mistake. */
export function refuseMistakes(
  files: DiagnosedFiles,
  host: Pick<CliHost, "stderr" | "environment">,
  color: boolean | undefined,
): void {
  const sorted = [...files.diagnostics].sort(compareDiagnostics);
  if (sorted.length > 0)
    host.stderr.write(`${formatDiagnostics(sorted, files.texts, { color: color ?? false }).trimEnd()}\n`);
  if (!hasErrors(sorted)) return;
  const errors = sorted.filter(({ severity }) => severity === "error");
  const codes = new Set<ErrorCode>(errors.map(({ code }) => code));
  const [only] = codes;
  const code = codes.size === 1 && only !== undefined ? only : "CONFIG_INVALID";
  const names = [...new Set(errors.map(({ file }) => file))];
  const count = errors.length === 1 ? "1 mistake" : `${errors.length} mistakes`;
  throw new TroupeError(code, `${count} in ${names.join(", ")}`, {
    hint: validateHint(files, names),
  });
}

/** The command that looks at just these files again; a text that came from no file cannot be looked at. */
function validateHint({ isFile }: DiagnosedFiles, names: readonly string[]): string {
  const paths = names
    .filter(isFile)
    .map((name) => (/^[\w./-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`));
  return paths.length === 0 ? "Mend it and try again." : `Mend it, then check: troupe validate ${paths.join(" ")}`;
}
