import { reasonOf } from "./incidents.js";
import type { ReportTurn } from "./report.js";

/** What became of a turn, in words. */
export function describeTurn({ status, reason, error, attempt }: ReportTurn): string {
  const again = attempt > 1 ? ` (attempt ${attempt})` : "";
  switch (status) {
    case "failed":
      return `failed${again}: ${error?.code ?? ""} ${error?.message ?? ""}`.trimEnd();
    case "interrupted":
      return `interrupted${again}${reason === null ? "" : `: ${reasonOf(reason)}`}`;
    case "abandoned":
      return `in flight when its runner was last seen${again}`;
    default:
      return `${status}${again}`;
  }
}
