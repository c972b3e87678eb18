import type { ShownRunStatus } from "@troupe/core";
import type { Report, ReportStage } from "./report.js";
import { showDuration } from "./show-time.js";
import { showCost, showLimit, showNumber, showTokens } from "./show-usage.js";

/** How the run stands, in one sentence that claims no more than is known. */
export function describeOutcome(report: Report): string {
  const { completed, skipped, pending } = report.counts;
  const all = report.stages.length;
  const done = `${completed} of ${showNumber(all, "stage")} completed`;
  const parts = [done, ...(skipped === 0 ? [] : [`${skipped} skipped by rule`])];
  const open = pending === 0 ? [] : [`${pending} ${report.status === "running" ? "still to come" : "not run"}`];
  return `${sentences[report.status](report)}: ${[...parts, ...open].join(", ")}.`;
}

const sentences: Readonly<Record<ShownRunStatus, (report: Report) => string>> = {
  succeeded: () => "The run succeeded",
  failed: ({ failures, limit }) =>
    `The run failed at ${failures.length === 0 ? "its end" : nameSome(failures.map(({ stage }) => stage))}${limit === null ? "" : ` and at its limit of ${limitWord(limit)}`}`,
  cancelled: () => "The run was cancelled",
  limited: ({ limit }) => `The run stopped at its limit of ${limitWord(limit ?? "duration")}`,
  interrupted: () => "The run was interrupted and can go on",
  waiting: (report) => `The run waits for a person to approve ${nameSome(waitingStages(report))}`,
  running: () => "The run is under way",
  stalled: () => "The run has stalled: nobody works on it any more, and it can go on",
};

function limitWord(limit: NonNullable<Report["limit"]>): string {
  return { duration: "time", cost: "cost", tokens: "tokens", wait: "waiting" }[limit];
}

function waitingStages({ stages }: Report): readonly string[] {
  return stages.filter(({ status }) => status === "waiting").map(({ id }) => id);
}

const MOST_NAMES = 3;

function nameSome(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return more > 0 ? `${names.slice(0, MOST_NAMES).join(", ")} and ${more} more` : names.join(", ");
}

/** A figure of the run with its name; `note` says how it is meant. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly note: string | null;
}

/** The figures, in the order in which each form of the report shows them. */
export function factsOf(report: Report): readonly Fact[] {
  const { figures, usage, limits } = report;
  const { activeMs, elapsedMs, busyMs, savedMs, criticalPath, claims, peakTurns, peakStages } = figures;
  const facts: (Fact | null)[] = [
    {
      name: "Active time",
      value: showDuration(activeMs),
      note: activeMs === elapsedMs ? null : `in ${showDuration(elapsedMs)} since it was created`,
    },
    { name: "Cost", value: showCost(usage), note: unknownNote(usage.unknownCost) },
    { name: "Tokens", value: showTokens(usage), note: unknownNote(usage.unknownTokens) },
    {
      name: "Saved by running in parallel",
      value: savedMs === 0 ? "nothing" : showDuration(savedMs),
      note:
        savedMs === 0
          ? "no two turns ran side by side"
          : `one after another the turns would have taken ${showDuration(busyMs)}`,
    },
    {
      name: "Peak concurrency",
      value: showNumber(peakTurns, "turn"),
      note: peakTurns === 0 ? null : `of ${showNumber(peakStages, "stage")} at once`,
    },
    {
      name: "Critical path",
      value: showDuration(criticalPath.activeMs),
      note: criticalPath.stages.length === 0 ? null : criticalPath.stages.join(" → "),
    },
    limits.length === 0 ? null : { name: "Limits", value: limits.map(showLimit).join(", "), note: null },
    claims <= 1 ? null : { name: "Claims", value: String(claims), note: "times that a process took the run" },
  ];
  return facts.filter((fact) => fact !== null);
}

function unknownNote(turns: number): string | null {
  return turns === 0 ? null : `${showNumber(turns, "turn")} did not tell`;
}

/** `2 of 4`, or nothing for a stage that never began. */
export function showRounds({ round, maxRounds, kind, checks, verdict }: ReportStage): string {
  if (round === 0) return "-";
  const hasRounds = kind === "review" || kind === "acceptance" || checks.length > 0 || verdict !== null || round > 1;
  return hasRounds ? `${round} of ${maxRounds}` : String(round);
}
