import { leadOf } from "./markdown.js";
import { originOf, sectionsOf } from "./markdown-sections.js";
import { code } from "./markdown-text.js";
import { renderMermaid } from "./mermaid.js";
import type { Report } from "./report.js";

/** GitHub shows no more of a step's summary than 1 MiB, and nothing at all of a larger one. */
const MOST_BYTES = 1_000_000;
const ROWS = [300, 100, 30, 10, 3] as const;
/** Open from the start; everything else is folded. */
const OPEN = new Set(["Failures", "Unreviewed work", "Overview", "Stages"]);

/** The report for `$GITHUB_STEP_SUMMARY`: with the graph, long parts folded, and within GitHub's limit of size. */
export function renderGithubSummary(report: Report): string {
  let text = "";
  for (const most of ROWS) {
    text = renderWith(report, most);
    if (new TextEncoder().encode(text).length <= MOST_BYTES) break;
  }
  return text;
}

function renderWith(report: Report, most: number): string {
  const graph = renderMermaid(report);
  const parts = [
    `## Troupe run ${code(report.runId)}: ${report.status}`,
    originOf(report),
    ...leadOf(report),
    ...(graph === null ? [] : [graph]),
    ...sectionsOf(report, most).map(({ title, text }) =>
      OPEN.has(title) ? `### ${title}\n\n${text}` : `<details><summary>${title}</summary>\n\n${text}\n\n</details>`,
    ),
  ];
  return `${parts.join("\n\n")}\n`;
}
