import { jsonLine } from "@troupe/core";
import type { Report } from "./report.js";

/** The whole report on one line of JSON, as {@link REPORT_SCHEMA} describes it; nothing in it moves a cursor. */
export function renderJson(report: Report): string {
  return `${jsonLine(report)}\n`;
}
