import type { Command } from "commander";
import type { CliHost } from "../cli-host.js";
import type { CommandContext, GlobalOptions } from "../command-context.js";

/** Performs a command and resolves with its exit code. */
export type Perform = (host: CliHost, options: GlobalOptions) => Promise<number>;
/** Performs a command with the options that were given before and after its name, and keeps its exit code. */
export type Act = (command: Command, perform: Perform) => Promise<void>;

/** Most commands work within a project, whose file has no mistakes. */
export function inProject(perform: (context: CommandContext) => Promise<number>): Perform {
  return async (host, options) => {
    const { createSoundContext } = await import("../command-context.js"); // help needs none of it
    return await perform(await createSoundContext(host, options));
  };
}

/** As {@link inProject}, for commands that show the mistakes of the project file together with others. */
export function inAnyProject(perform: (context: CommandContext) => Promise<number>): Perform {
  return async (host, options) => {
    const { createContext } = await import("../command-context.js");
    return await perform(await createContext(host, options));
  };
}

/** For an option that may be given more than once. */
export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
