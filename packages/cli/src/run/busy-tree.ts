import { isDeepStrictEqual } from "node:util";
import {
  type Clock,
  type ExecuteOptions,
  type Holder,
  type RunDefinition,
  type RunId,
  type RunState,
  type StateStore,
  TroupeError,
} from "@troupe/core";
import { listRuns, loadIfThere } from "../look/find-run.js";
import { isHeld } from "../look/run-report.js";

/** A holder that has not claimed its run yet is waited for no longer than this; then it counts as at work. */
const LONGEST_CLAIM_MS = 10_000;
const LOOK_MS = 25;

/** A run that changes a working tree, or is about to. */
export interface TreeWriter {
  readonly store: StateStore;
  readonly clock: Clock;
  /** The working tree. */
  readonly folder: string;
  readonly definition: Pick<RunDefinition, "workflow" | "flags">;
  /** Nobody waits for others any longer. */
  readonly stop?: AbortSignal | undefined;
}

/** Rejects `TREE_BUSY` while a living run may change the same working tree, which this one would do too. */
export async function refuseBusyTree(writer: TreeWriter): Promise<void> {
  if (!isConcerned(writer.definition)) return;
  for (const { runId, status } of await listRuns(writer.store, () => {})) {
    if (status !== "running") continue;
    const other = await lookAt(writer.store, runId);
    if (other.phase === "at work" && changesTree(other.state, writer.folder)) throw busy(other);
  }
}

/**
 * Asked by `executeRun`: of two runs that are started at the same instant on one tree, at most one goes on.
 *
 * A run shows that it is coming by its lease, then (`held`) gives way to whoever has claimed, then claims, then (`claimed`)
 * looks again. Whoever it does not see by then takes its lease later and gives way. Whoever it sees coming is waited for;
 * of those that claimed at the same time the older run (`createdAt`, then id) goes on.
 */
export function admitToTree(writer: TreeWriter, runId: RunId): NonNullable<ExecuteOptions["admit"]> {
  return async (phase, own) => {
    if (!isConcerned(writer.definition)) return;
    if (phase === "held") return refuseOthers(writer, runId, { isWaited: false, givesWayTo: () => true });
    return refuseOthers(writer, runId, { isWaited: true, givesWayTo: (other) => isOlder(other, own) });
  };
}

interface Rule {
  /** For a run whose holder has not claimed it yet. */
  readonly isWaited: boolean;
  givesWayTo(other: RunState): boolean;
}

async function refuseOthers(writer: TreeWriter, own: RunId, { isWaited, givesWayTo }: Rule): Promise<void> {
  const { store, folder } = writer;
  for (const { runId, status } of await listRuns(store, () => {})) {
    if (runId === own || status === "succeeded") continue;
    const other = await lookAt(store, runId);
    if (other.phase === "gone") continue;
    if (writer.stop?.aborted === true) return; // it starts nothing
    const settled = isWaited ? await waitForClaim(writer, runId, other) : other;
    if (settled.phase === "gone" || !changesTree(settled.state, folder)) continue;
    if (settled.phase === "at work" ? givesWayTo(settled.state) : isWaited) throw busy(settled);
  }
}

type Other =
  /** Nobody holds it. */
  | { readonly phase: "gone" }
  /** Its holder has not claimed it yet. */
  | { readonly phase: "coming"; readonly state: RunState; readonly holder: Holder }
  | { readonly phase: "at work"; readonly state: RunState; readonly holder: Holder };

async function lookAt(store: StateStore, runId: RunId): Promise<Other> {
  const holder = await store.holder(runId);
  if (!isHeld(holder)) return { phase: "gone" };
  const state = await loadIfThere(store, runId); // after the holder: what it has claimed by now is in it
  if (state === null) return { phase: "gone" }; // it has given way and removed itself
  const hasClaimed = state.epoch > 0 && isDeepStrictEqual(state.owner, holder.owner);
  if (!hasClaimed) return { phase: "coming", state, holder };
  return state.status === "running" ? { phase: "at work", state, holder } : { phase: "gone" }; // it has finished
}

/** What has become of a run whose holder had not claimed it. One that takes too long may be at work any moment. */
async function waitForClaim({ store, clock, stop }: TreeWriter, runId: RunId, first: Other): Promise<Other> {
  const until = clock.monotonic() + LONGEST_CLAIM_MS;
  let other = first;
  while (other.phase === "coming" && clock.monotonic() < until && stop?.aborted !== true) {
    await clock.wait(LOOK_MS, stop).catch(() => {}); // a stop ends the wait
    other = await lookAt(store, runId);
  }
  return other;
}

function isConcerned({ workflow, flags }: TreeWriter["definition"]): boolean {
  return !flags.shareTree && writesTree(workflow.stages);
}

/** Of a run that has not said yet where it works, it may be anywhere. */
function changesTree({ workspace, definition, epoch }: RunState, folder: string): boolean {
  return (epoch === 0 || workspace?.path === folder) && writesTree(definition.workflow.stages);
}

function writesTree(stages: RunDefinition["workflow"]["stages"]): boolean {
  return stages.some(({ writes, kind }) => writes === "tree" && kind !== "terminal");
}

function isOlder(other: Pick<RunState, "createdAt" | "runId">, own: Pick<RunState, "createdAt" | "runId">): boolean {
  if (other.createdAt !== own.createdAt) return other.createdAt < own.createdAt;
  return other.runId < own.runId;
}

function busy({ state, holder }: Exclude<Other, { readonly phase: "gone" }>): TroupeError {
  const { runId } = state;
  const { pid, host } = holder.owner;
  return new TroupeError("TREE_BUSY", `run ${runId} (process ${pid} on ${host}) may change the same working tree`, {
    hint: `Wait for it: troupe status ${runId}\nor accept the risk: add --share-tree`,
    details: { runId, pid, host },
  });
}
