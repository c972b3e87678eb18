import { briefMessage, type UsageTotals } from "@troupe/core";
import { showRounds } from "../outcome.js";
import type { RemovedStage, Report, ReportStage } from "../report.js";
import { showActive, showDuration } from "../show-time.js";
import { showCost, showNumber, showTokens } from "../show-usage.js";
import { stageHref } from "./anchors.js";
import { graphPart } from "./graph-part.js";
import { cap, capByWeight, leftOut, type PageView } from "./limits.js";
import { clipped, each, html, type Markup, percent } from "./markup.js";
import { badge } from "./state-mark.js";

/** The graph, and a table that says the same and more. */
export function stagesPart(report: Report, limits: PageView): Markup {
  const graph = graphPart(report, limits);
  const { shown, left } = capByWeight(report.stages, limits.stages, urgency);
  const longest = Math.max(1, ...shown.map(({ activeMs }) => activeMs));
  return html`<section id="stages" aria-labelledby="stages-title"><h2 id="stages-title">Stages</h2>
<div class="${graph === null ? "stages" : "stages beside"}">
${
  graph === null
    ? html`<p class="left-out" role="note">The graph is left out: ${showNumber(report.stages.length, "stage")} are too many to be drawn. The table has what it would show.</p>`
    : html`<div class="graph-frame" tabindex="0" role="region" aria-label="Graph of the stages, the table beside it says the same">${graph}</div>`
}
<div class="table-frame" tabindex="0" role="region" aria-label="Table of the stages">
<table class="stage-table"><caption class="unseen">Stages with state, rounds, active time, tokens and cost</caption>
<thead><tr><th scope="col">Stage</th><th scope="col">State</th><th scope="col" class="n">Rounds</th><th scope="col" class="n">Active</th><th scope="col" class="n">Cost, tokens</th></tr></thead>
<tbody>${each(shown, (stage) => row(stage, longest, limits))}${each(cap(report.removed, limits.rows).shown, removedRow)}</tbody></table>
${leftOut(left, "stage", report.runId)}</div></div></section>`;
}

/** What a reader must not miss when not all have room. */
export function urgency({ status }: ReportStage): number {
  if (status === "failed") return 3;
  if (status === "running" || status === "waiting" || status === "interrupted") return 2;
  return status === "cancelled" ? 1 : 0;
}

function row(stage: ReportStage, longest: number, view: PageView): Markup {
  const { id, name, group, status, activeMs, usage, error } = stage;
  const remark = error === null ? stage.why : `${error.code}: ${briefMessage(error.message)}`;
  return html`<tr><th scope="row"><a href="${stageHref(id, view)}"><code>${id}</code></a>${group === null ? null : html` <span class="tag">${group}</span>`}${name === id ? null : html`<span class="remark">${clipped(name, 80)}</span>`}${remark === null ? null : html`<span class="remark">${clipped(remark, Math.min(view.characters, 240))}</span>`}</th><td>${badge(status)}</td><td class="n">${showRounds(stage)}</td><td class="n">${activeMs === 0 ? "-" : html`${showDuration(activeMs)}<svg class="share" aria-hidden="true"><rect width="${percent(activeMs / longest)}" height="3"/></svg>`}</td><td class="n">${usedPart(usage)}</td></tr>`;
}

function removedRow({ id, activeMs, usage }: RemovedStage): Markup {
  return html`<tr class="dim"><th scope="row"><code>${id}</code><span class="remark">taken out of the workflow by an edit</span></th><td>removed</td><td class="n">-</td><td class="n">${showActive(activeMs)}</td><td class="n">${usedPart(usage)}</td></tr>`;
}

/** Cost above tokens; nothing known is said once. */
function usedPart(usage: UsageTotals): Markup {
  const [cost, tokens] = [showCost(usage), showTokens(usage)];
  return cost === tokens ? html`${cost}` : html`${cost}<span class="below">${tokens}</span>`;
}
