import { limitWord, type ShownRunStatus } from "@troupe/core";
import type { Report, ReportStage } from "./report.js";
import { showDuration } from "./show-time.js";
import { showCost, showNumber, showTokens } from "./show-usage.js";

/** How the run stands, in one sentence that claims no more than is known. */
export function describeOutcome(report: Report): string {
  const { counts, stages, status } = report;
  const others = (["failed", "running", "waiting", "interrupted", "cancelled"] as const).flatMap((each) =>
    counts[each] === 0 ? [] : [`${counts[each]} ${each}`],
  );
  const parts = [
    `${counts.completed} of ${showNumber(stages.length, "stage")} completed`,
    ...others,
    ...(counts.skipped === 0 ? [] : [`${counts.skipped} skipped by rule`]),
    ...(counts.pending === 0 ? [] : [`${counts.pending} ${status === "running" ? "still to come" : "not run"}`]),
  ];
  return `${sentences[status](report)}: ${parts.join(", ")}.`;
}

const sentences: Readonly<Record<ShownRunStatus, (report: Report) => string>> = {
  succeeded: () => "The run succeeded",
  failed: ({ failures, limit }) =>
    `The run failed at ${failures.length === 0 ? "its end" : nameSome(failures.map(({ stage }) => stage))}${limit === null ? "" : ` and at its limit of ${limitWord(limit)}`}`,
  cancelled: () => "The run was cancelled",
  limited: ({ limit }) => `The run stopped at its limit of ${limitWord(limit ?? "duration")}`,
  interrupted: () => "The run was interrupted and can go on",
  waiting: (report) => {
    const stages = awaitedStages(report);
    return stages.length === 0
      ? "The run can go on: what it waited for is approved"
      : `The run waits for a person to approve ${nameSome(stages)}`;
  },
  running: () => "The run is under way",
  stalled: () => "The run has stalled: nobody works on it any more, and it can go on",
};

function awaitedStages({ waits }: Report): readonly string[] {
  return waits.filter(({ kind, endedAt }) => kind === "approval" && endedAt === null).map(({ stage }) => stage);
}

const MOST_NAMES = 3;

function nameSome(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return more > 0 ? `${names.slice(0, MOST_NAMES).join(", ")} and ${more} more` : names.join(", ");
}

/** A figure of the run with its name; `note` says how it is meant; null or empty = as it stands. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly note: string | null;
}

/** The figures, in the order in which each form of the report shows them. */
export function factsOf(report: Report): readonly Fact[] {
  const { figures, usage } = report;
  const { activeMs, elapsedMs, busyMs, savedMs, criticalPath, claims, peakTurns, peakStages } = figures;
  const facts: readonly Fact[] = [
    {
      name: "Active time",
      value: showDuration(activeMs),
      note: [
        ...(showDuration(activeMs) === showDuration(elapsedMs)
          ? []
          : [`in ${showDuration(elapsedMs)} since it was created`]),
        ...(claims <= 1 ? [] : [`${claims} claims`]),
      ].join(", "),
    },
    { name: "Cost", value: showCost(usage), note: unknownNote(usage.unknownCost, usage.costUsd) },
    {
      name: "Tokens",
      value: showTokens(usage),
      note: unknownNote(usage.unknownTokens, usage.inputTokens + usage.outputTokens),
    },
    {
      name: "Saved in parallel",
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
      note: criticalPath.stages.length === 0 ? null : describePath(criticalPath.stages),
    },
  ];
  return facts;
}

const LONGEST_PATH = 10;

/** Of a long path its ends; each of its stages is marked in the graph. */
function describePath(stages: readonly string[]): string {
  if (stages.length <= LONGEST_PATH) return stages.join(" → ");
  const left = stages.length - 4;
  return [...stages.slice(0, 2), `${left} more`, ...stages.slice(-2)].join(" → ");
}

function unknownNote(turns: number, known: number): string | null {
  if (turns === 0 && known === 0) return "no agent has used any";
  return turns === 0 ? null : `${showNumber(turns, "turn")} did not tell`;
}

/** `2 of 4`, or nothing for a stage that never began. */
export function showRounds({ round, maxRounds, kind, checks, verdict }: ReportStage): string {
  if (round === 0) return "-";
  const hasRounds = kind === "review" || kind === "acceptance" || checks.length > 0 || verdict !== null || round > 1;
  return hasRounds ? `${round} of ${maxRounds}` : String(round);
}
