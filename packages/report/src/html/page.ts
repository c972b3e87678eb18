import type { Report } from "../report.js";
import { detailsPart } from "./details-part.js";
import { roundsPart, scenariosPart } from "./judgements-part.js";
import { failuresPart, figuresPart, leadPart, unreviewedPart } from "./lead-part.js";
import { capByWeight, PAGE_LIMITS, type PageLimits, type PageView } from "./limits.js";
import { clipped, each, html, Markup } from "./markup.js";
import { PAGE_SCRIPT, PAGE_SCRIPT_HASH } from "./page-script.js";
import { PAGE_STYLE, PAGE_STYLE_HASH } from "./page-style.js";
import { artifactsPart, groupsPart, historyPart, waitsPart } from "./records-part.js";
import { stagesPart, urgency } from "./stages-part.js";
import { timelinePart } from "./timeline-part.js";

/** The page is never larger, in bytes. */
export const MOST_PAGE_BYTES = 300_000;

/**
 * The report as one HTML page: it loads nothing, needs no server and no script to be read, and nothing foreign in it can
 * become markup or run. It has less than 300 kB: of a large run it shows what matters most, and says what it left out.
 */
export function renderHtml(report: Report): string {
  let page = "";
  for (const limits of PAGE_LIMITS) {
    page = renderPage(report, limits);
    if (new TextEncoder().encode(page).length < MOST_PAGE_BYTES) break;
  }
  return page;
}

function renderPage(report: Report, limits: PageLimits): string {
  const detailed = capByWeight(report.stages, limits.details, urgency).shown;
  const view: PageView = { ...limits, linked: new Set(detailed.map(({ id }) => id)) };
  const parts: readonly (readonly [string, string, Markup | null])[] = [
    ["failures", "Failures", failuresPart(report, view)],
    ["unreviewed", "Unreviewed", unreviewedPart(report, view)],
    ["", "", figuresPart(report)],
    ["stages", "Stages", stagesPart(report, view)],
    ["timeline", "Timeline", timelinePart(report, view)],
    ["groups", "Groups", groupsPart(report, view)],
    ["scenarios", "Scenarios", scenariosPart(report, view)],
    ["rounds", "Reviews and checks", roundsPart(report, view)],
    ["details", "Turns", detailsPart(report, view)],
    ["waits", "Waits", waitsPart(report, view)],
    ["artifacts", "Artifacts", artifactsPart(report, view)],
    ["history", "History", historyPart(report, view)],
  ];
  const present = parts.filter(([, , part]) => part !== null);
  const policy = `default-src 'none'; style-src 'sha256-${PAGE_STYLE_HASH}'; script-src 'sha256-${PAGE_SCRIPT_HASH}'; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${clipped(report.objective, 80)}: ${report.status} (Troupe run ${report.runId})</title>
<style>${new Markup(PAGE_STYLE)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the report</a>
${leadPart(report, view)}
<nav aria-label="Parts of the report"><ul>${each(present, ([id, name]) => (id === "" ? null : html`<li><a href="#${id}">${name}</a></li>`))}</ul></nav>
<main id="content" tabindex="-1">
${each(present, ([, , part]) => (part === null ? null : html`${part}\n`))}</main>
${footer()}
<script>${new Markup(PAGE_SCRIPT)}</script>
</body>
</html>
`.text;
}

function footer(): Markup {
  return html`<footer><details><summary>How the figures are counted</summary>
<p><strong>Active time</strong> passes while at least one turn is in flight under a living process. Nights between two claims, the time after a process died, and waits for a retry, a limit or a person are not in it.</p>
<p><strong>Saved in parallel</strong> is what the same turns would have taken one after another, failed and interrupted ones too, less the active time.</p>
<p><strong>Peak concurrency</strong> is the most turns in flight at once.</p>
<p><strong>Critical path</strong> is the chain of stages, each needing the one before, whose active times add up to the most: more turns at once would not have made the same stages faster.</p>
<p><strong>At least</strong> means that some turns did not tell what they used.</p></details></footer>`;
}
