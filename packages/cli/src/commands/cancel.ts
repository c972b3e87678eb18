import { executeRun, hasCode, loadRun, requestCancel, type StateStore, TroupeError } from "@troupe/core";
import type { CommandContext } from "../command-context.js";
import { type Composition, compose } from "../compose.js";
import { personOf } from "../host/person.js";
import { isHeld } from "../look/run-report.js";
import { requestFor } from "../run/compose-run.js";

/** How often to look whether the holder has ended the run, and for how long, in milliseconds. */
const LOOK_MS = 250;
const PATIENCE_MS = 60_000;

/**
 * Cancels a run: asks its holder, and where nobody is alive takes the run, ends what is left of its agents and
 * finishes it. Resolves when the run is cancelled.
 */
export async function cancelCommand(
  context: CommandContext,
  runId: string,
  message: string | undefined,
): Promise<number> {
  const by = `${personOf(context.host.environment)} (troupe cancel)`;
  // no agent is needed to end one: a run is cancelled also when its agents are not configured any more
  await using composition = await compose(context.host, context.project, await requestFor(context, [], null));
  const { engine } = composition;
  await refuseFinished(engine.store, runId);
  // it is recorded with the run
  const words = message === undefined ? null : context.settings.secrets.masker.mask(message);
  const deadline = engine.clock.monotonic() + PATIENCE_MS;
  while (engine.clock.monotonic() < deadline) {
    const held = isHeld(await engine.store.holder(runId)); // before the state: what a holder does last is in it then
    const { state } = await loadRun(engine.store, runId);
    if (state.status === "cancelled") return done(context, runId);
    if (held) {
      await requestCancel(engine, runId, by, words).catch(ignoreFinished);
    } else if (await takeAndCancel(context, composition, runId, { by, message: words })) {
      return done(context, runId);
    }
    await engine.clock.wait(LOOK_MS);
  }
  throw new TroupeError(
    "RUN_LOCKED",
    `run ${runId} was asked to end and is still running after ${PATIENCE_MS / 1_000} s`,
    {
      hint: `See who works on it: troupe status ${runId}`,
    },
  );
}

async function refuseFinished(store: StateStore, runId: string): Promise<void> {
  const { status } = (await loadRun(store, runId)).state;
  if (status !== "succeeded" && status !== "cancelled") return;
  const end = status === "succeeded" ? "has succeeded" : "was cancelled already";
  throw new TroupeError("RUN_FINISHED", `run ${runId} ${end}: there is nothing to cancel`, {
    hint: `See it: troupe status ${runId}`,
  });
}

async function takeAndCancel(
  { project }: CommandContext,
  { engine }: Composition,
  runId: string,
  cancel: { readonly by: string; readonly message: string | null },
): Promise<boolean> {
  try {
    const workspace = { kind: "folder", path: project.folder } as const;
    await executeRun(engine, { runId, workspace, command: "troupe cancel", changes: { cancel } });
    return true;
  } catch (error) {
    if (hasCode(error, "RUN_LOCKED", "CLAIM_LOST")) return false; // somebody was faster: ask them
    throw error;
  }
}

function ignoreFinished(error: unknown): void {
  if (!hasCode(error, "RUN_FINISHED")) throw error; // it ended by itself meanwhile
}

function done(context: CommandContext, runId: string): number {
  const print = context.options.json === true ? context.note : context.print; // the events are the output then
  print(`Cancelled ${runId}.\n`);
  context.note(`To go on after all: troupe resume ${runId} --yes\n`);
  return 0;
}
