import { originOf, sectionsOf } from "./markdown-sections.js";
import { code, plain } from "./markdown-text.js";
import { describeOutcome } from "./outcome.js";
import type { Report } from "./report.js";
import { showMoment } from "./show-time.js";

/** Rows of one table or list; a report is to be read. */
const MOST_ROWS = 1_000;

/** The report as markdown. Foreign text in it stays text: no markup, no HTML, nothing that a terminal obeys. */
export function renderMarkdown(report: Report): string {
  const parts = [
    `# Run ${code(report.runId)}: ${report.status}`,
    originOf(report),
    ...leadOf(report),
    ...sectionsOf(report, MOST_ROWS).map(({ title, text }) => `## ${title}\n\n${text}`),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** How it stands, as of when, and what to type next. */
export function leadOf(report: Report): readonly string[] {
  const { holder, next, isAdopted, createdAt, reportedAt } = report;
  const began = `Created ${showMoment(createdAt)} UTC, reported ${showMoment(reportedAt)} UTC.`;
  return [
    `**${plain(describeOutcome(report))}** ${began}`,
    ...(holder === null
      ? []
      : [`Process ${holder.pid} on ${plain(holder.host)} is at work on it: ${code(holder.command)}`]),
    ...(isAdopted ? ["Finished stages were brought in from elsewhere: what they took and cost is not known."] : []),
    ...(next === null ? [] : [`Next: ${code(next)}`]),
  ];
}
