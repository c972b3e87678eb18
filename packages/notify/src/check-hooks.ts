import type { HookDefinition, PluginHost } from "@troupe/core";
import { describeCommand, findProgram } from "@troupe/process";
import { describeHook, namesOf } from "./hook.js";
import { noAddress } from "./http-hooks.js";
import { isWebAddress } from "./post-json.js";

/** What a hook lacks, as far as can be seen without sending anything. */
export interface HookProblem {
  /** The hook as a person would call it. */
  readonly hook: string;
  readonly message: string;
  readonly hint: string;
}

/** Looks for values that are not set, addresses that are none and programs that are not there. */
export async function checkHooks(
  hooks: readonly HookDefinition[],
  host: Pick<PluginHost, "environment" | "projectFolder" | "streams">,
  lookUp: (name: string) => string | undefined,
  platform: NodeJS.Platform = process.platform,
): Promise<readonly HookProblem[]> {
  const found = hooks.map(async (hook): Promise<readonly HookProblem[]> => {
    const problems = [...valueProblems(hook, lookUp), ...(await programProblems(hook, host, platform))];
    return problems.map(({ message, hint }) => ({ hook: describeHook(hook), message, hint }));
  });
  return (await Promise.all(found)).flat();
}

type Problem = Omit<HookProblem, "hook">;

function valueProblems(hook: HookDefinition, lookUp: (name: string) => string | undefined): readonly Problem[] {
  const isMissing = (name: string): boolean => (lookUp(name)?.trim() ?? "") === "";
  const missing = [...new Set(namesOf(hook))].filter(isMissing);
  if (missing.length > 0) {
    return missing.map((name) => ({ message: `${name} is not set`, hint: `Set it: export ${name}=...` }));
  }
  if ((hook.kind !== "webhook" && hook.kind !== "slack") || typeof hook.url === "string") return [];
  const name = hook.url.from;
  if (isWebAddress(lookUp(name)?.trim() ?? "")) return [];
  const { reason, hint } = noAddress(name);
  return [{ message: reason, hint }];
}

async function programProblems(
  hook: HookDefinition,
  { environment, projectFolder, streams }: Pick<PluginHost, "environment" | "projectFolder" | "streams">,
  platform: NodeJS.Platform,
): Promise<readonly Problem[]> {
  if (hook.kind === "bell" && !streams.stderr.isTerminal) {
    return [{ message: "there is no terminal that could ring", hint: "Start troupe in one, or take the hook out." }];
  }
  const program = programOf(hook, platform);
  if (program === null) return [];
  const path = await findProgram({ program, searchPath: environment.PATH, folder: projectFolder });
  if (path !== null) return [];
  const shown = describeCommand({ argv: [program] });
  return [{ message: `the program ${shown} was not found`, hint: `Install ${shown}, or put it on the PATH.` }];
}

function programOf(hook: HookDefinition, platform: NodeJS.Platform): string | null {
  if (hook.kind === "command") return "argv" in hook.command ? (hook.command.argv[0] ?? null) : null;
  if (hook.kind !== "desktop") return null;
  return platform === "darwin" ? "osascript" : platform === "win32" ? "powershell.exe" : "notify-send";
}
