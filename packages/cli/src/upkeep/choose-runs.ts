import { parseDuration } from "@troupe/config/plain";
import {
  ERROR_CODES,
  isTroupeError,
  loadRun,
  type RunSummary,
  type StateStore,
  sanitizeText,
  TroupeError,
} from "@troupe/core";
import type { CommandContext } from "../command-context.js";
import { damagedWarning, listRuns } from "../look/find-run.js";
import { isHeld } from "../look/run-report.js";
import { quoteWord } from "../print/quote-word.js";
import type { CleanedRun } from "./clean-report.js";

/** What of a run is chosen. */
export interface CleanChoice {
  readonly olderThan?: string;
  readonly keep?: string;
  readonly unfinished?: boolean;
}

/** A run that is to be removed. Nobody holds it. */
type ChosenRun = Omit<CleanedRun, "bytes">;

/** The exit code of what cannot be read. */
const DAMAGED = 5;

/** These, over or not, damaged or not. Rejects `RUN_NOT_FOUND`, `RUN_LOCKED` for one that is held. */
export async function chooseNamed(
  context: CommandContext,
  store: StateStore,
  named: readonly string[],
): Promise<readonly ChosenRun[]> {
  const chosen: ChosenRun[] = [];
  for (const runId of new Set(named)) {
    const holder = await store.holder(runId);
    if (isHeld(holder)) {
      const { pid, host } = holder.owner;
      throw new TroupeError("RUN_LOCKED", `run ${runId} is held by process ${pid} on ${host}`, {
        hint: `End it first: troupe cancel ${runId}`,
        details: { runId, pid, host },
      });
    }
    chosen.push(await lookAt(context, store, runId));
  }
  return chosen;
}

/** Nobody holds it. One that cannot be read is named with what else could be done: removing it cannot be undone. */
async function lookAt({ host }: CommandContext, store: StateStore, runId: string): Promise<ChosenRun> {
  try {
    const { status, updatedAt, definition } = (await loadRun(store, runId)).state;
    return chosenRun({ runId, status, updatedAt, objective: definition.objective.title });
  } catch (error) {
    if (!isTroupeError(error) || ERROR_CODES[error.code].exitCode !== DAMAGED) throw error;
    const { code, message, hint } = error;
    const others = (hint ?? "").split("\n").filter((line) => !line.includes("troupe clean"));
    const instead =
      hint === null ? "" : `What can be done instead of removing it: ${sanitizeText(others.join("\n"))}\n`;
    host.stderr.write(`${damagedWarning({ runId, code, message })}${instead}`);
    return { runId, status: "damaged", objective: "", updatedAt: null };
  }
}

/** One that is held is not chosen: nobody works on it any more. */
function chosenRun({ runId, status, objective, updatedAt }: Omit<RunSummary, "workflow" | "createdAt">): ChosenRun {
  return { runId, status: status === "running" ? "stalled" : status, objective, updatedAt };
}

/** Those that are over, with `unfinished` also others; none that is held, and none that is damaged. */
export async function chooseOld(
  context: CommandContext,
  store: StateStore,
  { olderThan, keep, unfinished }: CleanChoice,
): Promise<readonly ChosenRun[]> {
  const before = olderThan === undefined ? Number.POSITIVE_INFINITY : context.host.clock.now() - ageOf(olderThan);
  const kept = keep === undefined ? 0 : countOf(keep);
  const all = await listRuns(store, (run) => {
    context.host.stderr.write(damagedWarning(run));
    context.note(`It stays unless it is named: troupe clean ${quoteWord(run.runId)}\n`);
  });
  const chosen: ChosenRun[] = [];
  for (const run of all.slice(kept)) {
    const isOver = run.status === "succeeded" || run.status === "cancelled";
    if (run.updatedAt >= before || !(isOver || unfinished === true)) continue;
    if (!isHeld(await store.holder(run.runId))) chosen.push(chosenRun(run));
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
