import { sanitizeLine, TroupeError } from "@troupe/core";
import { SIGNAL_EXIT_CODES } from "../cli-host.js";
import type { CommandContext } from "../command-context.js";
import { chooseHooks, type HookReport, lookAtHooks, tryHooks } from "../plugins/hook-reports.js";
import { printJson } from "../print/print-json.js";
import { showDuration } from "../print/show-time.js";

/** The flags of `notify`. */
export interface NotifyCommandOptions {
  readonly test?: boolean;
}

/**
 * Shows the hooks of the project file and what each lacks; with `test` sends a notification by each and shows what became
 * of it. Rejects `NOTIFICATION_NOT_SENT` when one did not arrive, `USAGE` for a hook that there is not.
 */
export async function notifyCommand(
  context: CommandContext,
  named: readonly string[],
  { test = false }: NotifyCommandOptions,
): Promise<number> {
  const { settings, options, print, note } = context;
  const chosen = chooseHooks(settings.notify, named);
  if (chosen.length === 0 && test) throw nobody(context);
  const { hooks, exitCode } = test
    ? await tryAll(context, chosen)
    : { hooks: await lookAtHooks(context, chosen), exitCode: null };
  const failed = hooks.filter((one) => one.test?.status === "failed");
  const ok = failed.length === 0 && (test || hooks.every(({ problems }) => problems.length === 0));
  if (options.json === true) printJson({ print }, "notify", { version: 1, ok, hooks });
  else if (hooks.length === 0) note(`${nobody(context).message}. ${nobody(context).hint}\n`);
  else print(linesOf(hooks, test));
  if (exitCode !== null) return exitCode;
  if (failed.length > 0) throw notSent(hooks, failed);
  if (!test && hooks.length > 0 && options.json !== true) note("Send a test notification: troupe notify --test\n");
  return 0;
}

/** Ctrl+C ends what hooks have started; the exit code is then that of the signal. */
async function tryAll(
  context: CommandContext,
  chosen: Parameters<typeof tryHooks>[1],
): Promise<{ readonly hooks: readonly HookReport[]; readonly exitCode: number | null }> {
  const stop = new AbortController();
  let exitCode: number | null = null;
  const close = context.host.onSignal((signal) => {
    exitCode ??= SIGNAL_EXIT_CODES[signal];
    stop.abort();
  });
  try {
    return { hooks: await tryHooks(context, chosen, stop.signal), exitCode };
  } finally {
    close();
  }
}

function nobody({ project, files }: CommandContext): TroupeError {
  const file = project.file === null ? "there is no troupe.yaml" : `${files.nameOf(project.file)} has no notify`;
  return new TroupeError("USAGE", `nobody is told of runs: ${file}`, {
    hint: "Write into troupe.yaml, for example: notify: [desktop]",
  });
}

function notSent(hooks: readonly HookReport[], failed: readonly HookReport[]): TroupeError {
  const what = hooks.length === 1 ? "the notification was" : `${failed.length} of ${hooks.length} notifications were`;
  const again = ["troupe notify --test", ...failed.map(({ n }) => n)].join(" ");
  return new TroupeError("NOTIFICATION_NOT_SENT", `${what} not sent: ${failed.map(({ hook }) => hook).join(", ")}`, {
    hint: `Do what stands there, then try again: ${again}`,
    details: { hooks: failed.map(({ n }) => n) },
  });
}

function linesOf(hooks: readonly HookReport[], isTest: boolean): string {
  const width = Math.max(...hooks.map(({ hook }) => hook.length));
  return hooks
    .map((one) => {
      const head = `${String(one.n).padStart(2)}  ${sanitizeLine(one.hook).padEnd(width)}  `;
      const [first = "", ...more] = isTest ? testLines(one) : lookLines(one);
      return [`${head}${first}`, ...more.map((line) => `${" ".repeat(head.length)}${line}`)]
        .map((line) => `${line}\n`)
        .join("");
    })
    .join("");
}

function lookLines({ events, problems }: HookReport): readonly string[] {
  const lacks = problems.flatMap(({ message, hint }) => [`PROBLEM: ${sanitizeLine(message)}`, sanitizeLine(hint)]);
  return [events.join(", "), ...lacks];
}

function testLines({ test }: HookReport): readonly string[] {
  if (test === null) return [];
  const span = showDuration(test.durationMs);
  if (test.status === "sent") return [`sent in ${span}: ${sanitizeLine(test.how)}`];
  return [
    `FAILED after ${span}: ${sanitizeLine(test.reason)}`,
    ...(test.hint === null ? [] : [sanitizeLine(test.hint)]),
  ];
}
