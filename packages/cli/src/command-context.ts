import { resolve } from "node:path";
import type { StateStore } from "@troupe/core";
import type { CliHost } from "./cli-host.js";
import { composeStore } from "./compose.js";
import { findProject, type Project } from "./project.js";
import { loadSettings, type Settings } from "./settings.js";

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
  /** Asks a question; null = nobody is there to answer. */
  readonly ask: CliHost["ask"];
  /** The result, on standard output. */
  print(text: string): void;
  /** A message beside the result, on standard error; silent with `--quiet`. */
  note(text: string): void;
}

/** Finds the project and reads its file. Rejects `CONFIG_INVALID` with every mistake of the file, `FILE_NOT_FOUND`. */
export async function createContext(host: CliHost, options: GlobalOptions): Promise<CommandContext> {
  const cwd = resolve(host.cwd, options.cwd ?? ".");
  const project = await findProject(cwd, options.config);
  return {
    host,
    options,
    cwd,
    project,
    settings: await loadSettings(project, host, cwd),
    ask: options.input === false ? null : host.ask,
    print: (text) => host.stdout.write(text),
    note: (text) => {
      if (options.quiet !== true) host.stderr.write(text);
    },
  };
}

/** Opens the project's store for as long as `use` takes. */
export async function withStore<Result>(
  { host, project, settings }: CommandContext,
  use: (store: StateStore) => Promise<Result>,
): Promise<Result> {
  await using composed = await composeStore(host, project, settings.store);
  return await use(composed.store);
}
