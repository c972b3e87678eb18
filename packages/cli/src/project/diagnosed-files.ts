import { relative } from "node:path";
import { compareDiagnostics, type Diagnostic, formatDiagnostics, hasErrors, readTextFile } from "@troupe/config/plain";
import { ERROR_CODES, type ErrorCode, TroupeError } from "@troupe/core";
import type { CliHost } from "../cli-host.js";

/** The files of one command with everything that is wrong in them, to be shown all at once. */
export interface DiagnosedFiles {
  /** Reads a file; null when it has mistakes already. Rejects `FILE_NOT_FOUND`. */
  read(path: string): Promise<{ readonly name: string; readonly text: string } | null>;
  /** The text of a file, looked at and not remembered; null = it is none. Rejects `FILE_NOT_FOUND`. */
  peek(path: string): Promise<string | null>;
  /** What diagnostics call a file: its path from where the person is, or the whole path when it lies elsewhere. */
  nameOf(path: string): string;
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
  const nameOf = (path: string): string => {
    const near = relative(cwd, path);
    return near === "" || near.startsWith("..") ? path : near;
  };
  return {
    diagnostics,
    texts,
    nameOf,
    peek: async (path) => (await readTextFile(path, nameOf(path))).text,
    know: (name, text) => {
      known.add(name);
      texts.set(name, text);
    },
    isFile: (name) => !known.has(name),
    add: (more) => void diagnostics.push(...more),
    read: async (path) => {
      const name = nameOf(path);
      const { text, diagnostics: found } = await readTextFile(path, name);
      diagnostics.push(...found);
      if (text === null) return null;
      texts.set(name, text);
      return { name, text };
    },
  };
}

/** Known to every copy of this module: in the built command, who finds a mistake and who tells it may have two. */
const MISTAKES = Symbol.for("troupe.mistakes");

interface OfMistakes {
  readonly [MISTAKES]: readonly Diagnostic[];
}

/** All mistakes and warnings that an error of {@link refuseMistakes} stands for, file by file; of others none. */
export function mistakesBehind(error: TroupeError): readonly Diagnostic[] {
  return standsForMistakes(error) ? error[MISTAKES] : [];
}

function standsForMistakes(error: TroupeError): error is TroupeError & OfMistakes {
  return Object.hasOwn(error, MISTAKES);
}

/** How mistakes are shown. */
export interface MistakeOptions {
  /** Absent = by the environment. */
  readonly color?: boolean;
  /** Nothing is shown when there is a mistake: the error tells of all, see {@link mistakesBehind}. */
  readonly json?: boolean;
}

/**
 * Shows all mistakes and warnings; throws `CONFIG_INVALID` (or the one code that all mistakes share) when there is a
 * mistake. `beforeEnd` is called when the mistakes have been shown.
 */
export function refuseMistakes(
  files: DiagnosedFiles,
  host: Pick<CliHost, "stderr" | "environment" | "guard">,
  { color, json = false }: MistakeOptions,
  beforeEnd: () => void = () => {},
): void {
  const sorted = [...files.diagnostics].sort(compareDiagnostics);
  if (sorted.length > 0 && !(json && hasErrors(sorted))) {
    const { environment } = host;
    const { stderr } = host.guard?.painted ?? host;
    const columns = stderr.isTerminal ? { columns: stderr.size().columns } : {};
    const isColoured = color ?? wantsColour(environment, stderr.isTerminal);
    stderr.write(`${formatDiagnostics(sorted, files.texts, { color: isColoured, ...columns }).trimEnd()}\n`);
  }
  if (!hasErrors(sorted)) return;
  beforeEnd();
  const errors = sorted.filter(({ severity }) => severity === "error");
  const codes = new Set<ErrorCode>(errors.map(({ code }) => code));
  const [only] = codes;
  // a plugin that cannot be loaded is a matter of the environment for who wants to use it; here it is one of the file
  const shared = codes.size === 1 ? only : undefined;
  const code = shared !== undefined && ERROR_CODES[shared].exitCode === 3 ? shared : "CONFIG_INVALID";
  const names = [...new Set(errors.map(({ file }) => file))];
  const count = errors.length === 1 ? "1 mistake" : `${errors.length} mistakes`;
  const error = new TroupeError(code, `${count} in ${names.join(", ")}`, { hint: validateHint(files, names) });
  // not seen by what copies or writes an error: it may be kept, and these are about files of now
  throw Object.defineProperty(error, MISTAKES, { value: sorted, enumerable: false });
}

/** `FORCE_COLOR` (`0` and `false` mean no), else `NO_COLOR` and `TERM=dumb`, else whether it is a terminal. */
export function wantsColour(environment: CliHost["environment"], isTerminal: boolean): boolean {
  const { FORCE_COLOR: forced, NO_COLOR: refused, TERM: terminal } = environment;
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  if (refused !== undefined && refused !== "") return false;
  return terminal !== "dumb" && isTerminal;
}

/** The command that looks at just these files again; a text that came from no file cannot be looked at. */
function validateHint({ isFile }: DiagnosedFiles, names: readonly string[]): string {
  const paths = names
    .filter(isFile)
    .map((name) => (/^[\w./-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`));
  return paths.length === 0 ? "Mend it and try again." : `Mend it, then check: troupe validate ${paths.join(" ")}`;
}
