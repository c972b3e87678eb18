import { rm } from "node:fs/promises";
import { join } from "node:path";
import { parseDuration } from "@troupe/config";
import { hasCode, loadRun, type RunSummary, type StateStore, sanitizeLine, TroupeError } from "@troupe/core";
import { type CommandContext, withStore } from "../command-context.js";
import { damagedWarning, listRuns } from "../look/find-run.js";
import { isHeld } from "../look/run-report.js";
import { printJson } from "../print/print-json.js";
import { showBytes } from "../print/show-bytes.js";
import { showMoment } from "../print/show-time.js";
import type { CleanedRun, CleanReport } from "../upkeep/clean-report.js";
import { sizeBelow } from "../upkeep/folder-size.js";

/** The flags of `clean`. */
export interface CleanOptions {
  readonly olderThan?: string;
  readonly keep?: string;
  readonly unfinished?: boolean;
  readonly dryRun?: boolean;
}

/**
 * Removes runs that are over, after asking; never one that somebody holds, and one that is not over only when it is named
 * or `--unfinished` is given. Rejects `CONFIRMATION_NEEDED`, `RUN_NOT_FOUND`, `RUN_LOCKED` for a named run that is held.
 */
export async function cleanCommand(
  context: CommandContext,
  named: readonly string[],
  options: CleanOptions,
): Promise<number> {
  return await withStore(context, async (store) => {
    const chosen = named.length > 0 ? await chooseNamed(store, named) : await chooseOld(context, store, options);
    const runs: CleanedRun[] = [];
    for (const { runId, status, objective, updatedAt } of chosen) {
      // one that is held is not chosen: nobody works on it any more
      const shown = status === "running" ? "stalled" : status;
      runs.push({ runId, status: shown, objective, updatedAt, bytes: await sizeOf(context, runId) });
    }
    const isDry = options.dryRun === true;
    const typed = [...named, ...typedOf(options)];
    if (!isDry) await confirm(context, runs, typed);
    const report = isDry
      ? { version: 1 as const, dryRun: true, removed: runs, heldMeanwhile: [], freedBytes: 0 }
      : await removeAll(context, store, runs);
    tell(context, report, typed);
    return 0;
  });
}

async function chooseNamed(store: StateStore, named: readonly string[]): Promise<readonly RunSummary[]> {
  const chosen: RunSummary[] = [];
  for (const runId of new Set(named)) {
    const holder = await store.holder(runId);
    const { state } = await loadRun(store, runId);
    if (isHeld(holder)) {
      const { pid, host } = holder.owner;
      throw new TroupeError("RUN_LOCKED", `run ${runId} is held by process ${pid} on ${host}`, {
        hint: `End it first: troupe cancel ${runId}`,
        details: { runId, pid, host },
      });
    }
    const { status, createdAt, updatedAt, definition } = state;
    const { workflow, objective } = definition;
    chosen.push({ runId, status, createdAt, updatedAt, workflow: workflow.name, objective: objective.title });
  }
  return chosen;
}

async function chooseOld(
  context: CommandContext,
  store: StateStore,
  { olderThan, keep, unfinished }: CleanOptions,
): Promise<readonly RunSummary[]> {
  const before = olderThan === undefined ? Number.POSITIVE_INFINITY : context.host.clock.now() - ageOf(olderThan);
  const kept = keep === undefined ? 0 : countOf(keep);
  const all = await listRuns(store, (run) => void context.host.stderr.write(damagedWarning(run)));
  const chosen: RunSummary[] = [];
  for (const run of all.slice(kept)) {
    const isOver = run.status === "succeeded" || run.status === "cancelled";
    if (run.updatedAt >= before || !(isOver || unfinished === true)) continue;
    if (!isHeld(await store.holder(run.runId))) chosen.push(run);
  }
  return chosen;
}

/** `30d`, `2w`, or a duration as everywhere. */
function ageOf(text: string): number {
  const [, count, unit] = /^(\d+)([dw])$/.exec(text) ?? [];
  const ms = count === undefined ? parseDuration(text) : Number(count) * (unit === "w" ? 7 : 1) * 86_400_000;
  if (ms !== null) return ms;
  throw new TroupeError("USAGE", `--older-than ${text} is no age`, {
    hint: "Write it like 30d, 2w or 12h: troupe clean --older-than 30d --dry-run",
  });
}

function countOf(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new TroupeError("USAGE", `--keep ${text} is no number`, {
    hint: "Write how many of the newest runs stay: troupe clean --keep 10 --dry-run",
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
  for (const run of runs) {
    try {
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
  return { version: 1, dryRun: false, removed, heldMeanwhile, freedBytes };
}

function tell({ options, print, note }: CommandContext, report: CleanReport, typed: readonly string[]): void {
  const { dryRun, removed, heldMeanwhile, freedBytes } = report;
  const count = removed.length === 1 ? "1 run" : `${removed.length} runs`;
  if (options.json === true) {
    printJson({ print }, "clean", report);
    return;
  }
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
  const facts = [runId.padEnd(40), status.padEnd(11), showMoment(updatedAt), showBytes(bytes).padEnd(9)];
  return `${facts.join("  ")}  ${sanitizeLine(objective)}\n`;
}
