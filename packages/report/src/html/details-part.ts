import { describeTurn } from "../describe-turn.js";
import type { Report, ReportStage, ReportTurn } from "../report.js";
import { showActive, showMoment } from "../show-time.js";
import { showTurnUsage } from "../show-usage.js";
import { stageAnchor } from "./anchors.js";
import { cap, capByWeight, leftOut, type PageView } from "./limits.js";
import { clipped, each, html, type Markup } from "./markup.js";
import { urgency } from "./stages-part.js";
import { badge } from "./state-mark.js";

/** What each stage did, folded but for failed ones. */
export function detailsPart(report: Report, limits: PageView): Markup | null {
  const turns = Map.groupBy(report.turns, ({ stage }) => stage);
  const { shown, left } = capByWeight(report.stages, limits.details, urgency);
  if (shown.length === 0) return leftOut(left, "stage", report.runId);
  return html`<section id="details" aria-labelledby="details-title"><h2 id="details-title">Turns by stage</h2>
${each(shown, (stage) => stagePart(report.runId, stage, turns.get(stage.id) ?? [], limits))}${leftOut(left, "stage", report.runId)}</section>`;
}

function stagePart(runId: string, stage: ReportStage, turns: readonly ReportTurn[], limits: PageView): Markup {
  const { id, name, kind, needs, reviews, status, error, why, turns: count } = stage;
  // the newest matter most
  const left = Math.max(0, turns.length - limits.turns);
  const shown = turns.slice(left);
  const facts = [
    `a ${kind} stage`,
    ...(needs.length === 0
      ? []
      : [`after ${cap(needs, 8).shown.join(", ")}${needs.length > 8 ? ` and ${needs.length - 8} more` : ""}`]),
    ...(reviews === null ? [] : [`reviews ${reviews}`]),
    ...(count === 0 ? ["no turn was started"] : []),
  ];
  return html`<details id="${stageAnchor(id)}"${status === "failed" ? html` open` : null}><summary><code>${id}</code>${name === id ? null : html` <span class="name">${clipped(name, 80)}</span>`} ${badge(status)}</summary>
<p class="dim">${facts.join(" · ")}${why === null ? "" : ` · ${why}`}</p>${
    error === null
      ? null
      : html`<p class="error"><code>${error.code}</code> <bdi>${clipped(error.message, limits.characters)}</bdi></p>`
  }${shown.length === 0 ? null : turnTable(stage, shown, limits)}${leftOut(left, "earlier turn", runId)}</details>`;
}

function turnTable({ id }: ReportStage, turns: readonly ReportTurn[], { characters }: PageView): Markup {
  return html`<div class="table-frame" tabindex="0" role="region" aria-label="Turns of ${id}"><table><thead><tr><th scope="col">Turn</th><th scope="col">Kind</th><th scope="col">By</th><th scope="col">Began (UTC)</th><th scope="col" class="n">Active</th><th scope="col">Used</th><th scope="col">Outcome</th></tr></thead><tbody>${each(
    turns,
    (turn) =>
      html`<tr><th scope="row"><code>${turn.turn}</code></th><td>${turn.kind}${turn.round > 1 ? ` (round ${turn.round})` : null}</td><td>${turn.agent ?? "-"}</td><td class="time">${showMoment(turn.startedAt)}</td><td class="n">${showActive(turn.activeTo - turn.activeFrom)}</td><td>${showTurnUsage(turn.usage) ?? (turn.agent === null ? "-" : "unknown")}</td><td><bdi>${clipped(describeTurn(turn), Math.min(300, characters))}</bdi>${turn.log === null ? null : html`<span class="path">${turn.log}</span>`}</td></tr>`,
  )}</tbody></table></div>`;
}
