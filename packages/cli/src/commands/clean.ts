import { rm } from "node:fs/promises";
import { join } from "node:path";
import { hasCode, type StateStore, sanitizeLine, TroupeError } from "@troupe/core";
import { type CommandContext, withStore } from "../command-context.js";
import { printJson } from "../print/print-json.js";
import { showBytes } from "../print/show-bytes.js";
import { showMoment } from "../print/show-time.js";
import { type CleanChoice, chooseNamed, chooseOld } from "../upkeep/choose-runs.js";
import type { CleanedRun, CleanReport } from "../upkeep/clean-report.js";
import { endLeftProcesses } from "../upkeep/end-left-processes.js";
import { sizeBelow } from "../upkeep/folder-size.js";

/** The flags of `clean`. */
export interface CleanOptions extends CleanChoice {
  readonly dryRun?: boolean;
}

const LEASE_TTL_MS = 30_000;
/** Of what `showMoment` makes. */
const MOMENT_WIDTH = "2026-11-28 12:00:00".length;

/**
 * Removes runs that are over, after asking; never one that somebody holds. One that is not over only when it is named or
 * `--unfinished` is given; a damaged one, of which nobody knows whether it is over, only when it is named. Rejects
 * `CONFIRMATION_NEEDED`, `RUN_NOT_FOUND`, `RUN_LOCKED` for a named run that is held.
 */
export async function cleanCommand(
  context: CommandContext,
  named: readonly string[],
  options: CleanOptions,
): Promise<number> {
  return await withStore(context, async (store) => {
    const chosen =
      named.length > 0 ? await chooseNamed(context, store, named) : await chooseOld(context, store, options);
    const runs: CleanedRun[] = [];
    for (const run of chosen) runs.push({ ...run, bytes: await sizeOf(context, run.runId) });
    const isDry = options.dryRun === true;
    const typed = [...named, ...typedOf(options)];
    if (!isDry) await confirm(context, runs, typed);
    const report = isDry
      ? { version: 1 as const, dryRun: true, removed: runs, heldMeanwhile: [], processesEnded: [], freedBytes: 0 }
      : await removeAll(context, store, runs);
    tell(context, report, typed);
    return 0;
  });
}

function typedOf({ olderThan, keep, unfinished }: CleanOptions): readonly string[] {
  return [
    ...(olderThan === undefined ? [] : ["--older-than", olderThan]),
    ...(keep === undefined ? [] : ["--keep", keep]),
    ...(unfinished === true ? ["--unfinished"] : []),
  ];
}

async function sizeOf({ project }: CommandContext, runId: string): Promise<number> {
  const [files, blobs] = await Promise.all(
    ["runs", "blobs"].map((kind) => sizeBelow(join(project.stateFolder, kind, runId))),
  );
  return (files ?? 0) + (blobs ?? 0);
}

async function confirm(
  { host, options, ask }: CommandContext,
  runs: readonly CleanedRun[],
  typed: readonly string[],
): Promise<void> {
  if (runs.length === 0 || options.yes === true) return;
  const what = runs.length === 1 ? "this run" : `these ${runs.length} runs`;
  host.stderr.write(runs.map(lineOf).join(""));
  const answer = await ask?.(`Remove ${what} with all logs and artifacts? [y/N] `);
  if (/^y(es)?$/i.test(answer?.trim() ?? "")) return;
  throw new TroupeError("CONFIRMATION_NEEDED", `${what} would be removed for good`, {
    hint: `Remove for good: ${["troupe clean", ...typed, "--yes"].join(" ")}`,
  });
}

async function removeAll(
  context: CommandContext,
  store: StateStore,
  runs: readonly CleanedRun[],
): Promise<CleanReport> {
  const { stateFolder } = context.project;
  const before = await sizeBelow(stateFolder);
  const removed: CleanedRun[] = [];
  const heldMeanwhile: string[] = [];
  const processesEnded: number[] = [];
  for (const run of runs) {
    try {
      processesEnded.push(...(await endProcesses(store, run, stateFolder)));
      await store.remove(run.runId);
      // what the runner of turns left there, when the store keeps runs elsewhere
      await rm(join(stateFolder, "runs", run.runId), { recursive: true, force: true });
      removed.push(run);
    } catch (error) {
      if (hasCode(error, "RUN_LOCKED")) heldMeanwhile.push(run.runId);
      else if (!hasCode(error, "RUN_NOT_FOUND")) throw error; // somebody else has removed it
    }
  }
  const freedBytes = Math.max(0, before - (await sizeBelow(stateFolder)));
  return { version: 1, dryRun: false, removed, heldMeanwhile, processesEnded, freedBytes };
}

/** Agents may have outlived their runner, and with the run goes what says that they are its. Rejects `RUN_LOCKED`. */
async function endProcesses(
  store: StateStore,
  { runId, status }: CleanedRun,
  stateFolder: string,
): Promise<readonly number[]> {
  if (status !== "stalled" && status !== "damaged") return [];
  try {
    await using _lease = await store.acquireLease(runId, { command: "troupe clean", ttlMs: LEASE_TTL_MS });
    return await endLeftProcesses({ runId, stateFolder, epoch: null });
  } catch (error) {
    if (!hasCode(error, "JOURNAL_CORRUPT")) throw error;
    return await endLeftProcesses({ runId, stateFolder, epoch: null }); // nobody can take a run without a journal
  }
}

function tell({ options, print, note }: CommandContext, report: CleanReport, typed: readonly string[]): void {
  const { dryRun, removed, heldMeanwhile, processesEnded, freedBytes } = report;
  const count = removed.length === 1 ? "1 run" : `${removed.length} runs`;
  if (options.json === true) {
    printJson({ print }, "clean", report);
    return;
  }
  if (processesEnded.length > 0) note(`Ended what was left running of it: ${processesEnded.join(", ")}\n`);
  for (const runId of heldMeanwhile) note(`Left alone: ${runId} was taken by somebody meanwhile.\n`);
  if (removed.length === 0) note(`There is nothing to remove. ${UNFINISHED}\n`);
  else if (dryRun) {
    const bytes = removed.reduce((sum, run) => sum + run.bytes, 0);
    print(`${removed.map(lineOf).join("")}Would remove ${count} of ${showBytes(bytes)}. Nothing was changed.\n`);
    note(`To do it: ${["troupe clean", ...typed].join(" ")}\n`);
  } else print(`Removed ${count}, ${showBytes(freedBytes)} freed.\n`);
}

const UNFINISHED = "Runs that are not over stay unless they are named; see all: troupe list";

function lineOf({ runId, status, objective, updatedAt, bytes }: CleanedRun): string {
  const when = updatedAt === null ? "".padEnd(MOMENT_WIDTH) : showMoment(updatedAt);
  const facts = [runId.padEnd(40), status.padEnd(11), when, showBytes(bytes).padEnd(9)];
  return `${`${facts.join("  ")}  ${sanitizeLine(objective)}`.trimEnd()}\n`;
}
