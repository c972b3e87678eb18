import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { HookDefinition } from "@troupe/core";
import type { CommandContext } from "../command-context.js";
import { namesOf } from "../project/hook-secrets.js";
import type { PluginReference } from "./plugin-loader.js";

/** Beside the journal: what hooks have sent, and what not. */
const OUTBOX_FILE = "notify.jsonl";
/** What is older is not sent any more. */
const FRESH_MS = 24 * 3_600_000;

/** The reporter that performs `notify` of the project file, for whoever performs a run; nothing where it says nothing. */
export async function notifierOf(context: CommandContext): Promise<readonly PluginReference[]> {
  const { settings } = context;
  const { notify, secrets } = settings;
  if (notify.length === 0) return [];
  const values = notify.flatMap(namesOf).flatMap((name) => {
    const value = secrets.valueOf(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const catchUp = await recentRuns(context);
  return [{ name: "notify", options: { hooks: notify, values: Object.fromEntries(values), catchUp } }];
}

/** Runs of which something may be left to be sent: the reporter looks into their outboxes, the newest 20. */
async function recentRuns({ project, host }: CommandContext): Promise<readonly string[]> {
  const runs = join(project.stateFolder, "runs");
  const names = await readdir(runs).catch(() => []); // no folder: no runs
  const found = await Promise.all(
    names.map(async (runId) => {
      const file = await stat(join(runs, runId, OUTBOX_FILE)).catch(() => null); // most runs have none
      return { runId, at: file?.mtimeMs ?? 0 };
    }),
  );
  const now = host.clock.now();
  return found
    .filter(({ at }) => now - at < FRESH_MS)
    .toSorted((one, other) => other.at - one.at)
    .slice(0, 20)
    .map(({ runId }) => runId);
}

/** One line each, for whoever wants to know before a run. */
export function describeHooks(hooks: readonly HookDefinition[]): readonly string[] {
  return hooks.map((hook) => `${hook.kind} of ${hook.events.join(", ")}`);
}
