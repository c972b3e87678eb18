import type { CommandContext } from "../command-context.js";
import type { RunReport, StageReport } from "./run-report.js";

type Place = Pick<CommandContext, "place">;

/** Something that failed. Its hint lies in the journal without the place from which it was started. */
interface WithHint {
  readonly error: { readonly hint: string | null } | null;
}

/** A text that may be absent. */
export function placeText({ place }: Place, text: string | null): string | null {
  return text === null ? null : place(text);
}

/** What failed, with a hint that works where it is pasted. */
export function placeHint<Failed extends WithHint>(context: Place, failed: Failed): Failed {
  if (failed.error === null) return failed;
  return { ...failed, error: { ...failed.error, hint: placeText(context, failed.error.hint) } };
}

/** A run's report, with commands that work where they are pasted. */
export function placeReport(context: Place, report: RunReport): RunReport {
  const stages = report.stages.map((stage) => placeStage(context, stage));
  return { ...report, stages, next: placeText(context, report.next) };
}

function placeStage(context: Place, stage: StageReport): StageReport {
  const { waiting } = stage;
  const placed = placeHint(context, stage);
  if (waiting === null) return placed;
  return {
    ...placed,
    waiting: { ...waiting, approve: context.place(waiting.approve), reject: context.place(waiting.reject) },
  };
}
