import { nearestName } from "@troupe/config/plain";
import { type HookDefinition, type HookEvent, TroupeError } from "@troupe/core";
import type { HookTest } from "@troupe/notify";
import type { CommandContext } from "../command-context.js";

/** A hook of the project file, and what is known of it. */
export interface HookReport {
  /** Its place in the list, from 1. */
  readonly n: number;
  readonly kind: HookDefinition["kind"];
  /** As a person would call it; nothing of a secret is in it. */
  readonly hook: string;
  readonly events: readonly HookEvent[];
  /** What it lacks, as far as can be seen without sending anything. */
  readonly problems: readonly { readonly message: string; readonly hint: string }[];
  /** What became of the test; null = none was sent. */
  readonly test: HookTest | null;
}

/** A hook with its number. */
interface NumberedHook {
  readonly n: number;
  readonly hook: HookDefinition;
}

/** Those that are named, by number or kind, each once; all when none is named. Throws `USAGE`. */
export function chooseHooks(hooks: readonly HookDefinition[], named: readonly string[]): readonly NumberedHook[] {
  const all = hooks.map((hook, index) => ({ n: index + 1, hook }));
  if (named.length === 0) return all;
  const chosen = new Set(
    named.flatMap((name) => {
      const found = all.filter(({ n, hook }) => `${n}` === name || hook.kind === name);
      if (found.length === 0) throw unknownHook(name, all);
      return found;
    }),
  );
  return all.filter((one) => chosen.has(one));
}

function unknownHook(name: string, all: readonly NumberedHook[]): TroupeError {
  const kinds = [...new Set(all.map(({ hook }) => hook.kind))];
  const nearest = nearestName(name, kinds);
  const meant = nearest === null ? "" : `; did you mean ${nearest}?`;
  const known = all.length === 0 ? "there is none" : `there are 1 to ${all.length}: ${kinds.join(", ")}`;
  return new TroupeError("USAGE", `notify in troupe.yaml has no hook ${JSON.stringify(name)}${meant} (${known})`, {
    hint: "See all of them: troupe notify",
  });
}

/** Looks at hooks without sending anything. */
export async function lookAtHooks(
  context: CommandContext,
  chosen: readonly NumberedHook[],
): Promise<readonly HookReport[]> {
  const { checkHooks, describeHook } = await import("@troupe/notify");
  const { settings } = context;
  return await Promise.all(
    chosen.map(async ({ n, hook }) => {
      const found = await checkHooks([hook], hostOf(context), (name) => settings.secrets.valueOf(name));
      const problems = found.map(({ message, hint }) => ({ message, hint }));
      return { n, kind: hook.kind, hook: describeHook(hook), events: hook.events, problems, test: null };
    }),
  );
}

/** Sends a test notification by each. `signal` aborts = end it at once. */
export async function tryHooks(
  context: CommandContext,
  chosen: readonly NumberedHook[],
  signal: AbortSignal,
): Promise<readonly HookReport[]> {
  const { testHooks } = await import("@troupe/notify");
  const reports = await lookAtHooks(context, chosen);
  const { secrets } = context.settings;
  const hooks = chosen.map(({ hook }) => hook);
  const tests = await testHooks({ hooks, host: hostOf(context), lookUp: (name) => secrets.valueOf(name), signal });
  return reports.map((report, index) => ({ ...report, test: tests[index] ?? null }));
}

function hostOf({ host, project }: CommandContext) {
  const { clock, randomHex, environment, stdout, guard } = host;
  const { stderr } = guard?.painted ?? host; // the bell is ours
  return { clock, randomHex, environment, projectFolder: project.folder, streams: { stdout, stderr } };
}
