import { statSync } from "node:fs";
import { resolve } from "node:path";
import { hasCode, type StateStore, TroupeError } from "@troupe/core";
import type { CliHost } from "./cli-host.js";
import { composeStore } from "./compose.js";
import type { CommandOfRun } from "./look/missing-run.js";
import { repeatPlace } from "./print/repeated-place.js";
import { createDiagnosedFiles, type DiagnosedFiles, refuseMistakes } from "./project/diagnosed-files.js";
import { findProject, type Project } from "./project/project.js";
import { readSettings, type Settings } from "./project/settings.js";

/** The flags that every command takes. */
export interface GlobalOptions {
  readonly cwd?: string;
  readonly config?: string;
  readonly json?: boolean;
  readonly plain?: boolean;
  /** false with `--no-color`, true with `--color`; absent = by the environment. */
  readonly color?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  /** false with `--no-input`: nobody is asked. */
  readonly input?: boolean;
  readonly yes?: boolean;
}

/** What a command works with. */
export interface CommandContext {
  readonly host: CliHost;
  readonly options: GlobalOptions;
  /** Absolute: where the person is. */
  readonly cwd: string;
  readonly project: Project;
  readonly settings: Settings;
  /** The files read so far, with what is wrong in them. */
  readonly files: DiagnosedFiles;
  /** Asks a question; null = nobody is there to answer. */
  readonly ask: CliHost["ask"];
  /** The result, on standard output. */
  print(text: string): void;
  /** A message beside the result, on standard error; silent with `--quiet`. */
  note(text: string): void;
  /** A text of ours with commands in it, made to work where it is pasted: they get `--cwd` and `--config` as typed. */
  place(text: string): string;
}

/**
 * Finds the project and reads its file. Rejects `FILE_NOT_FOUND`. Mistakes of the project file stay in `files`, for a
 * command that shows them together with those of other files; the settings are then those of an empty one.
 */
export async function createContext(host: CliHost, options: GlobalOptions): Promise<CommandContext> {
  const cwd = findCwd(host, options);
  const project = findProject(cwd, options.config);
  const files = createDiagnosedFiles(cwd);
  return {
    host,
    options,
    cwd,
    project,
    settings: await readSettings(host, project, files),
    files,
    get ask() {
      return options.input === false ? null : host.ask;
    },
    print: (text) => host.stdout.write(text),
    note: (text) => {
      if (options.quiet !== true) host.stderr.write(repeatPlace(text, options));
    },
    place: (text) => repeatPlace(text, options),
  };
}

/** As {@link createContext}; rejects `CONFIG_INVALID` after showing every mistake of the project file. */
export async function createSoundContext(host: CliHost, options: GlobalOptions): Promise<CommandContext> {
  const context = await createContext(host, options);
  refuseMistakes(context.files, host, options);
  return context;
}

/** Where the person is, absolute. Throws `FILE_NOT_FOUND` for a `--cwd` that is no folder. */
export function findCwd(host: CliHost, options: GlobalOptions): string {
  const cwd = resolve(host.cwd, options.cwd ?? ".");
  if (isFolder(cwd)) return cwd;
  throw new TroupeError("FILE_NOT_FOUND", `there is no folder ${cwd} to work in`, { hint: "Check --cwd." });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/**
 * Opens the project's store for as long as `use` takes. `command`: the one to type for a word that is no run but belongs
 * to one.
 */
export async function withStore<Result>(
  { host, project, settings }: CommandContext,
  use: (store: StateStore) => Promise<Result>,
  command: CommandOfRun = "show",
): Promise<Result> {
  await using composed = await composeStore(host, project, settings.store);
  try {
    return await use(composed.store);
  } catch (error) {
    if (!hasCode(error, "RUN_NOT_FOUND")) throw error;
    const { hintAtMeant } = await import("./look/missing-run.js");
    throw await hintAtMeant(error, composed.store, command);
  }
}
