import { resolve } from "node:path";
import { findProgram } from "@troupe/process";
import { notInstalled } from "./failures.js";
import type { AcpAgentOptions } from "./options.js";

export interface CommandSearch {
  readonly options: AcpAgentOptions;
  readonly searchPath: string | undefined;
  /** Absolute; relative paths of the program start here. */
  readonly projectFolder: string;
  /** Behind the program's name in messages. */
  readonly who: string;
}

export interface FoundCommand {
  readonly argv: readonly string[];
  /** By `npx`, which may have to fetch it first. */
  readonly isFallback: boolean;
}

/** What to start: the installed program, else its pinned package if that is wanted. Rejects `AGENT_NOT_INSTALLED`. */
export async function findCommand({ options, searchPath, projectFolder, who }: CommandSearch): Promise<FoundCommand> {
  const { command, preset, fallback } = options;
  const [name = "", ...args] = command;
  // by its path it means a file of the project, whatever folder a turn works in
  const program = /[\\/]/.test(name) ? resolve(projectFolder, name) : name;
  if ((await findProgram({ program, searchPath, folder: projectFolder })) !== null)
    return { argv: [program, ...args], isFallback: false };
  if (!fallback || preset === null) throw notInstalled(program, who, options);
  return { argv: ["npx", "-y", "-p", preset.pinned, "--", program, ...args], isFallback: true };
}
