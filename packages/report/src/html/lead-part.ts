import { isNear, isReached, percentUsed } from "@troupe/core";
import { messageParts } from "../message-parts.js";
import { describeOutcome, factsOf } from "../outcome.js";
import type { Report } from "../report.js";
import { showMoment } from "../show-time.js";
import { showLimit } from "../show-usage.js";
import { stageHref } from "./anchors.js";
import { cap, leftOut, type PageView } from "./limits.js";
import { clipped, each, html, type Markup, percent } from "./markup.js";
import { badge, stateClass } from "./state-mark.js";

/** What a reader wants to know first. */
export function leadPart(report: Report, { characters }: PageView): Markup {
  const { runId, objective, workflow, source, status, createdAt, reportedAt, holder, next, isAdopted } = report;
  return html`<header class="lead ${stateClass(status)}"><p class="eyebrow">Troupe run <code>${runId}</code></p>
<h1><bdi>${clipped(objective, 200)}</bdi></h1>
<p class="outcome">${badge(status)} <span>${clipped(describeOutcome(report), characters)}</span></p>
<p class="dim">Workflow ${clipped(workflow, 100)} from <code>${clipped(source, 200)}</code> · created ${showMoment(createdAt)} UTC · reported ${showMoment(reportedAt)} UTC</p>
${holder === null ? null : html`<p class="note">Process ${holder.pid} on ${clipped(holder.host, 100)} is at work on it: <code>${clipped(holder.command, 300)}</code></p>`}
${isAdopted ? html`<p class="note">Finished stages were brought in from elsewhere: what they took and cost is not known.</p>` : null}
${next === null ? null : html`<p class="note">Next: <code>${next}</code></p>`}</header>`;
}

export function figuresPart(report: Report): Markup {
  return html`<section aria-labelledby="figures-title"><h2 id="figures-title" class="unseen">Figures</h2><dl class="figures">${each(
    factsOf(report),
    ({ name, value, note }) =>
      html`<div><dt>${name}</dt><dd><strong>${figureOf(value)}</strong>${note === null ? null : html`<span>${clipped(note, 200)}</span>`}</dd></div>`,
  )}</dl>${limitsPart(report)}</section>`;
}

const AT_LEAST = "at least ";

function figureOf(value: string): Markup {
  return value.startsWith(AT_LEAST) ? html`<small>at least</small> ${value.slice(AT_LEAST.length)}` : html`${value}`;
}

function limitsPart({ limits }: Report): Markup | null {
  if (limits.length === 0) return null;
  return html`<ul class="limits" aria-label="Limits">${each(limits, (use) => {
    const percentage = percentUsed(use);
    return html`<li class="${isReached(use) ? "s-failed" : isNear(use) ? "s-waiting" : "s-running"}"><svg class="share" aria-hidden="true"><rect width="${percent(Math.min(1, percentage / 100))}" height="4"/></svg>${showLimit(use)} <span class="dim">(${percentage} %)</span></li>`;
  })}</ul>`;
}

export function failuresPart({ failures, runId }: Report, view: PageView): Markup | null {
  if (failures.length === 0) return null;
  const { shown, left } = cap(failures, view.rows);
  return html`<section id="failures" aria-labelledby="failures-title"><h2 id="failures-title">${failures.length === 1 ? "Failure" : `${failures.length} failures`}</h2>${each(
    shown,
    ({ stage, code, message, hint, turn, log, failureReport }) =>
      html`<article class="failure"><h3><a href="${stageHref(stage, view)}"><code>${stage}</code></a> <code class="dim">${code}</code></h3>${messagePart(message, view)}<dl>${fact("What to do", hint, view.characters)}${fact("Last turn", turn, 100)}${fact("Log", log, 500)}${fact("Rounds and open points", failureReport, 500)}</dl></article>`,
  )}${leftOut(left, "failure", runId)}</section>`;
}

function messagePart(message: string, { characters }: PageView): Markup {
  const { first, below } = messageParts(message, characters);
  return html`<p class="message"><bdi>${clipped(first, characters)}</bdi></p>${below === null ? null : html`<pre class="output" tabindex="0" role="region" aria-label="The end of what it wrote"><bdi>${below}</bdi></pre>`}`;
}

function fact(name: string, value: string | null, most: number): Markup | null {
  return value === null ? null : html`<div><dt>${name}</dt><dd><code>${clipped(value, most)}</code></dd></div>`;
}

export function unreviewedPart({ unreviewed, runId }: Report, { rows }: PageView): Markup | null {
  if (unreviewed.length === 0) return null;
  const { shown, left } = cap(unreviewed, rows);
  return html`<section id="unreviewed" aria-labelledby="unreviewed-title"><h2 id="unreviewed-title">Unreviewed work</h2><ul class="warnings">${each(
    shown,
    ({ stage, review, status }) =>
      html`<li><code>${stage}</code> is finished and no reviewer has approved it: its review <code>${review}</code> is ${status}.</li>`,
  )}</ul>${leftOut(left, "stage", runId)}</section>`;
}
