import { describeCheck, describeScenario } from "../describe-checks.js";
import type { Report, ReportRound } from "../report.js";
import { showMoment } from "../show-time.js";
import { stageHref } from "./anchors.js";
import { cap, capByWeight, leftOut, type PageView } from "./limits.js";
import { clipped, each, html, type Markup } from "./markup.js";

/** What reviewers, checks and people said of the work, round by round. */
export function roundsPart({ rounds, runId }: Report, limits: PageView): Markup | null {
  if (rounds.length === 0) return null;
  const { shown, left } = capByWeight(rounds, limits.rows, ({ decision }) => (decision === "approved" ? 0 : 1));
  return html`<section id="rounds" aria-labelledby="rounds-title"><h2 id="rounds-title">Reviews and checks</h2>
<ol class="rounds">${each(shown, (round) => roundItem(round, limits))}</ol>${leftOut(left, "round", runId)}</section>`;
}

function roundItem(round: ReportRound, view: PageView): Markup {
  const { stage, round: number, turn, at, reasons, checks } = round;
  const isGood = round.decision === "approved";
  const items = [...reasons, ...checks.map(describeCheck)];
  const { shown, left } = cap(items, Math.min(view.rows, 40));
  return html`<li class="${isGood ? "s-completed" : "s-failed"}"><p><span class="badge ${isGood ? "s-completed" : "s-failed"}"><span class="mark" aria-hidden="true">${isGood ? "✓" : "✕"}</span>${wordOf(round)}</span> <a href="${stageHref(stage, view)}"><code>${stage}</code></a> round ${number} <span class="dim">${byOf(round)} in ${turn} at ${showMoment(at)}</span></p>${
    items.length === 0
      ? null
      : html`<ul>${each(shown, (item) => html`<li><bdi>${clipped(item, view.characters)}</bdi></li>`)}${left === 0 ? null : html`<li class="dim">and ${left} more</li>`}</ul>`
  }</li>`;
}

function wordOf({ by, decision }: ReportRound): string {
  if (decision === "none") return "no verdict";
  if (by !== "checks") return decision;
  return decision === "approved" ? "passed" : "failed";
}

function byOf({ by, source, decision }: ReportRound): string {
  if (by === "checks") return "checks";
  if (by === "person") return "a person";
  return decision === "none" ? "review" : `review, verdict found by ${source}`;
}

/** What the reports of tests say of the acceptance scenarios; one without a test is no success. */
export function scenariosPart({ stages, runId }: Report, { rows, characters }: PageView): Markup | null {
  const all = stages.flatMap(({ id: stage, checks }) =>
    checks.flatMap(({ scenarios }) => (scenarios ?? []).map((scenario) => ({ stage, ...scenario }))),
  );
  if (all.length === 0) return null;
  const { shown, left } = capByWeight(all, rows, ({ status }) => ({ failed: 2, "not-linked": 1, passed: 0 })[status]);
  const count = (status: string): number => all.filter((one) => one.status === status).length;
  const marks = { passed: ["s-completed", "✓"], failed: ["s-failed", "✕"], "not-linked": ["s-waiting", "?"] } as const;
  return html`<section id="scenarios" aria-labelledby="scenarios-title"><h2 id="scenarios-title">Acceptance scenarios</h2>
<p>${count("passed")} passed, ${count("failed")} failed, ${count("not-linked")} not linked to a test, of ${all.length}.</p>
<div class="table-frame" tabindex="0" role="region" aria-label="Table of the acceptance scenarios"><table><thead><tr><th scope="col">Scenario</th><th scope="col">Title</th><th scope="col">Stage</th><th scope="col">Result</th></tr></thead><tbody>${each(
    shown,
    ({ id, title, stage, status }) => {
      const [state, mark] = marks[status];
      return html`<tr><th scope="row"><code>${id}</code></th><td><bdi>${clipped(title, characters)}</bdi></td><td><code>${stage}</code></td><td><span class="badge ${state}"><span class="mark" aria-hidden="true">${mark}</span>${describeScenario(status)}</span></td></tr>`;
    },
  )}</tbody></table></div>${leftOut(left, "scenario", runId)}</section>`;
}
