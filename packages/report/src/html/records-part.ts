import type { Report, ReportGroup, ReportWait } from "../report.js";
import { showDuration, showMoment } from "../show-time.js";
import { showBytes, showCost, showTokens } from "../show-usage.js";
import { cap, leftOut, type PageView } from "./limits.js";
import { clipped, each, html, type Markup } from "./markup.js";

export function groupsPart({ groups, runId }: Report, { rows }: PageView): Markup | null {
  if (groups.length === 0) return null;
  const { shown, left } = cap(groups, rows);
  return html`<section id="groups" aria-labelledby="groups-title"><h2 id="groups-title">Parallel groups</h2>
<div class="table-frame" tabindex="0" role="region" aria-label="Table of the parallel groups"><table><thead><tr><th scope="col">Group</th><th scope="col" class="n">Stages</th><th scope="col">On failure</th><th scope="col" class="n">Active</th><th scope="col" class="n">One after another</th><th scope="col" class="n">Saved</th><th scope="col" class="n">Tokens</th><th scope="col" class="n">Cost</th></tr></thead><tbody>${each(shown, groupRow)}</tbody></table></div>${leftOut(left, "group", runId)}</section>`;
}

function groupRow({ name, stages, onFailure, activeMs, busyMs, savedMs, usage }: ReportGroup): Markup {
  return html`<tr><th scope="row">${clipped(name, 80)}</th><td class="n">${stages.length}</td><td>${onFailure === "continue" ? "the others go on" : "all end at once"}</td><td class="n">${showDuration(activeMs)}</td><td class="n">${showDuration(busyMs)}</td><td class="n">${savedMs === 0 ? "nothing" : showDuration(savedMs)}</td><td class="n">${showTokens(usage)}</td><td class="n">${showCost(usage)}</td></tr>`;
}

export function artifactsPart({ artifacts, runId }: Report, { rows, characters }: PageView): Markup | null {
  if (artifacts.length === 0) return null;
  const { shown, left } = cap(artifacts, rows);
  return html`<section id="artifacts" aria-labelledby="artifacts-title"><h2 id="artifacts-title">Artifacts</h2>
<div class="table-frame" tabindex="0" role="region" aria-label="Table of the artifacts"><table><thead><tr><th scope="col">File</th><th scope="col">Stage</th><th scope="col">Left by</th><th scope="col" class="n">Size</th><th scope="col">SHA-256</th></tr></thead><tbody>${each(
    shown,
    ({ name, path, stage, turn, bytes, sha256 }) =>
      html`<tr><th scope="row"><bdi>${clipped(name, characters)}</bdi>${path === null ? null : html`<span class="path">${clipped(path, characters)}</span>`}</th><td><code>${stage}</code></td><td><code>${turn}</code></td><td class="n">${showBytes(bytes)}</td><td><code class="hash">${sha256}</code></td></tr>`,
  )}</tbody></table></div>${leftOut(left, "artifact", runId)}</section>`;
}

export function waitsPart({ waits, runId }: Report, { rows, characters }: PageView): Markup | null {
  if (waits.length === 0) return null;
  const { shown, left } = cap(waits, rows);
  return html`<section id="waits" aria-labelledby="waits-title"><h2 id="waits-title">Retries and waits</h2>
<ul class="log">${each(shown, (wait) => html`<li><time>${showMoment(wait.from)}</time> <code>${wait.stage}</code> ${describeWait(wait)}${wait.error === null ? null : html`: <code>${wait.error.code}</code> <bdi>${clipped(wait.error.message, Math.min(300, characters))}</bdi>`}</li>`)}</ul>${leftOut(left, "wait", runId)}</section>`;
}

function describeWait({ kind, turn, from, until, endedAt }: ReportWait): string {
  const what = {
    retry: `waited to try ${turn} again`,
    limit: `waited for a limit of the agent of ${turn}`,
    approval: `waited for a person to judge ${turn}`,
  }[kind];
  if (endedAt !== null) return `${what} for ${showDuration(endedAt - from)}`;
  return `${what}, and still does${until === null ? "" : `, until ${showMoment(until)}`}`;
}

export function historyPart({ history, runId }: Report, { rows, characters }: PageView): Markup | null {
  if (history.length === 0) return null;
  const { shown, left } = cap(history, rows);
  return html`<section id="history" aria-labelledby="history-title"><h2 id="history-title">History</h2>
<ul class="log">${each(shown, ({ at, type, text }) => html`<li class="h-${type}"><time>${showMoment(at)}</time> <bdi>${clipped(text, characters)}</bdi></li>`)}</ul>${leftOut(left, "incident", runId)}</section>`;
}
