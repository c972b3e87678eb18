import { join, sep } from "node:path";
import {
  planSalvage,
  type RunSurvey,
  type SalvagePlan,
  type StateStore,
  salvageRun,
  sanitizeLine,
  satisfiesNeed,
  surveyRun,
  TroupeError,
} from "@troupe/core";
import { type CommandContext, withStore } from "../command-context.js";
import type { CommandOutputs } from "../command-outputs.js";
import { isHeld } from "../look/run-report.js";
import { suggestResume } from "../look/suggest-resume.js";
import { printJson } from "../print/print-json.js";
import { copyRunFiles } from "../upkeep/copy-run-files.js";
import { endLeftProcesses } from "../upkeep/end-left-processes.js";

export interface RepairOptions {
  readonly dryRun?: boolean;
}

/** What was done, or would be. */
interface Repair {
  readonly plan: SalvagePlan;
  /** The next command to type; null = there is none. */
  readonly next: string | null;
  /** Of turns that a dead holder had left running. */
  readonly ended: readonly number[];
  /** Names in the run's folder that are no files or folders of its own, and stayed behind. */
  readonly notCopied: readonly string[];
}

/**
 * Makes a new run of what is sound in a damaged one, which stays as it is, and says what was given up. Processes that a
 * dead holder has left are ended first. A sound run is left alone. Rejects `RUN_LOCKED` for a held run, `RUN_NOT_FOUND`,
 * `JOURNAL_NEWER`, `JOURNAL_CORRUPT` when nothing is sound, `BLOB_MISSING` when the objective itself is lost.
 */
export async function repairCommand(context: CommandContext, runId: string, options: RepairOptions): Promise<number> {
  return await withStore(context, async (store) => {
    await refuseHeld(store, runId);
    const survey = await surveyRun(store, runId);
    const newRunId = await freeRunId(store, runId);
    const plan = planSalvage(survey, {
      newRunId,
      randomHex: context.host.randomHex,
      movePath: (path) => moved(context, path, runId, newRunId),
    });
    if (isSound(survey)) return tellSound(context, plan);
    const next = plan.state.status === "succeeded" ? null : context.place(suggestResume(plan.state));
    const isDry = options.dryRun === true;
    const done = isDry ? { ended: [], notCopied: [] } : await perform(context, store, plan);
    const repair = { plan, next, ...done };
    if (context.options.json === true) printJson(context, "repair", reportOf(repair, isDry));
    else context.print(render(context, repair, isDry));
    return 0;
  });
}

async function perform(
  context: CommandContext,
  store: StateStore,
  plan: SalvagePlan,
): Promise<Pick<Repair, "ended" | "notCopied">> {
  const { survey, state } = plan;
  const from = runFolder(context, survey.runId);
  // a damaged journal cannot be claimed; a sound one could be meanwhile, and that claim's processes are not ours to end
  const { stateFolder } = context.project;
  const epoch = survey.damage === null ? state.epoch : null;
  const ended = await endLeftProcesses({ runId: survey.runId, stateFolder, epoch });
  await refuseHeld(store, survey.runId);
  await salvageRun({ store }, plan, `troupe repair ${survey.runId}`);
  const turns = new Map([...state.stages].map(([stage, record]) => [stage, record.turns]));
  const notCopied = await copyRunFiles(from, runFolder(context, state.runId), turns);
  return { ended, notCopied };
}

function runFolder({ project }: CommandContext, runId: string): string {
  return join(project.stateFolder, "runs", runId);
}

function moved(context: CommandContext, path: string, from: string, to: string): string {
  const folder = runFolder(context, from) + sep;
  return path.startsWith(folder) ? join(runFolder(context, to), path.slice(folder.length)) : path;
}

async function refuseHeld(store: StateStore, runId: string): Promise<void> {
  const holder = await store.holder(runId);
  if (!isHeld(holder)) return;
  const { pid, host, command } = holder.owner;
  throw new TroupeError("RUN_LOCKED", `run ${runId} is held by process ${pid} on ${host}: ${command}`, {
    hint: `End it first, or wait for it: troupe status ${runId}`,
    details: { runId, pid, host, command },
  });
}

/** `<run>-r<n>`, the first that no run has. */
async function freeRunId(store: StateStore, runId: string): Promise<string> {
  const taken = new Set<string>();
  for await (const run of store.list()) taken.add(run.damaged ? run.runId : run.summary.runId);
  const base = runId.replace(/-r\d+$/, "").slice(0, 56);
  for (let n = 1; ; n += 1) if (!taken.has(`${base}-r${n}`)) return `${base}-r${n}`;
}

function isSound({ damage, lostContents, lostLogs }: RunSurvey): boolean {
  return damage === null && lostContents.length === 0 && lostLogs.length === 0;
}

function tellSound({ options, print, place }: CommandContext, { survey, state }: SalvagePlan): number {
  const { runId } = survey;
  if (options.json === true) {
    printJson({ print }, "repair", { version: 1, runId, sound: true, newRunId: null });
    return 0;
  }
  const resume = state.status === "succeeded" ? null : place(suggestResume({ ...state, runId }));
  print(`Run ${runId} is sound: there is nothing to repair.\n${resume === null ? "" : `Go on with it: ${resume}\n`}`);
  return 0;
}

/** For scripts. */
function reportOf({ plan, next, ended, notCopied }: Repair, isDryRun: boolean): CommandOutputs["repair"] {
  const { survey, resets, state } = plan;
  const { runId, damage, lostContents, lostLogs, turnsGivenUp } = survey;
  const causes = new Map(resets.map(({ stage, cause }) => [stage, cause]));
  return {
    version: 1,
    runId,
    sound: false,
    newRunId: state.runId,
    dryRun: isDryRun,
    keptEntries: survey.entries.length,
    damage,
    turnsGivenUp,
    lostContents,
    lostLogs,
    stages: [...state.stages.values()].map(({ definition: { id }, status }) => {
      return { stage: id, keep: satisfiesNeed(status), resetBecause: causes.get(id) ?? null };
    }),
    processesEnded: ended,
    notCopied,
    next,
  };
}

function render({ place }: CommandContext, { plan, next, ended, notCopied }: Repair, isDryRun: boolean): string {
  const { survey, state } = plan;
  const { runId, damage, lostContents, lostLogs, turnsGivenUp } = survey;
  const head = isDryRun
    ? `Repairing ${runId} would make the run ${state.runId}.`
    : `Repaired ${runId} as ${state.runId}.`;
  const lines = [`${head} ${runId} itself ${isDryRun ? "stays" : "was left"} as it is.`, ""];
  if (damage !== null) {
    lines.push(`Damage: ${sanitizeLine(damage.message)} [${damage.code}]`);
    lines.push(`Given up: ${givenUp(survey)}`);
    if (turnsGivenUp.length > 0) lines.push(`  turns that were started in it: ${turnsGivenUp.join(", ")}`);
  }
  for (const { what, code } of lostContents) lines.push(`Lost: ${sanitizeLine(what)} [${code}]`);
  for (const { turn, bytes, keptBytes } of lostLogs)
    lines.push(`Lost: ${bytes - keptBytes} of ${bytes} bytes of the log of ${turn}`);
  if (notCopied.length > 0) lines.push(`Not copied, no files or folders: ${notCopied.map(sanitizeLine).join(", ")}`);
  if (ended.length > 0) lines.push(`Ended ${ended.length} processes that were left of it: ${ended.join(", ")}`);
  lines.push("", "Stages:", ...stageLines(plan), "");
  if (isDryRun) lines.push(place(`Nothing was changed. To do it: troupe repair ${runId}`));
  else lines.push(next === null ? place(`See it: troupe status ${state.runId}`) : `Go on with it: ${next}`);
  return `${lines.join("\n")}\n`;
}

function givenUp({ entries, damage }: RunSurvey): string {
  const parts = [`entry ${entries.length + 1} and all that follows`];
  if (damage?.offset != null) parts.push(`from byte ${damage.offset} on`);
  if (damage?.bytes != null) parts.push(`${damage.bytes} bytes`);
  if (damage?.entries != null) parts.push(`${damage.entries} intact entries`);
  return parts.join(", ");
}

function stageLines({ survey, state, resets }: SalvagePlan): readonly string[] {
  const causes = new Map(resets.map(({ stage, cause }) => [stage, cause]));
  const given = new Set(survey.turnsGivenUp.map((turn) => turn.slice(0, turn.lastIndexOf("."))));
  const width = Math.max(...[...state.stages.keys()].map((id) => id.length)) + 2;
  return [...state.stages.values()].map(({ definition: { id }, status, inFlight }) => {
    const why = (): string => {
      if (satisfiesNeed(status)) return "kept";
      if (causes.get(id) === "upstream") return "starts anew: what it was built upon is lost";
      if (causes.has(id)) return "starts anew: its content is lost";
      if (given.has(id)) return "starts again: what it did since was given up";
      if (inFlight.length > 0) return "starts again: it was cut off";
      return status === "pending" ? "has not started" : status;
    };
    return `  ${id.padEnd(width)}${why()}`;
  });
}
