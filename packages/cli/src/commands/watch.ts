import type { ProgressReporter, RunState } from "@troupe/core";
import { SIGNAL_EXIT_CODES, type StopSignal } from "../cli-host.js";
import { type CommandContext, withStore } from "../command-context.js";
import { composeReporters } from "../compose.js";
import { findRun } from "../look/find-run.js";
import { createOutputFollower } from "../look/follow-output.js";
import { type Followed, followRun } from "../look/follow-run.js";
import { suggestResume } from "../look/suggest-resume.js";
import { consoleOf } from "../run/compose-run.js";
import { concludeRun } from "../run/perform-run.js";

/**
 * Shows a run as its own terminal does, from its first event on, until it ends. Takes nothing: leaving ends the watching,
 * not the run. The exit code is the run's own; of one that nobody works on any more it is 1, and of one who leaves the
 * signal's.
 */
export async function watchCommand(context: CommandContext, run: string | undefined): Promise<number> {
  const { host, project, settings, options, note } = context;
  return await withStore(context, async (store) => {
    const runId = await findRun(store, run, note);
    await using composed = await composeReporters(host, project, consoleOf(context));
    const { reporters } = composed;
    const leaving = new AbortController();
    let signal: StopSignal | null = null;
    const close = host.onSignal((name) => {
      signal ??= name;
      leaving.abort();
    });
    try {
      const output = createOutputFollower(store, settings.secrets.masker, reporters);
      const following = { store, clock: host.clock, runId, signal: leaving.signal };
      const followed = await followRun(following, {
        entry: (entry, state) => tell(reporters, { type: "entry", entry, state }),
        ...(options.json === true || options.quiet === true ? {} : { caughtUp: (state) => output.tell(state) }),
      });
      for (const reporter of reporters) await reporter.close?.();
      return conclude(context, followed, signal);
    } finally {
      close();
    }
  });
}

function tell(reporters: readonly ProgressReporter[], event: Parameters<ProgressReporter["report"]>[0]): void {
  for (const reporter of reporters) reporter.report(event);
}

function conclude(context: CommandContext, { end, state }: Followed, signal: StopSignal | null): number {
  const { runId, status, limit } = state;
  if (end === "left") {
    context.note(`Left. The run goes on; to look again: troupe watch ${runId}\n`);
    return signal === null ? 0 : SIGNAL_EXIT_CODES[signal];
  }
  if (end === "finished" && status !== "running") {
    return concludeRun(context, { outcome: status, limit, state }, null);
  }
  return tellStalled(context, state);
}

function tellStalled(context: CommandContext, state: RunState): number {
  const print = context.options.json === true ? context.note : context.print;
  print(`Stalled: ${state.runId}. Nobody works on it any more, and it has not finished.\n`);
  context.note(`Go on with it: ${suggestResume(state)}\n`);
  return 1;
}
