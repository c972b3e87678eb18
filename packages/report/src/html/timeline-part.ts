import type { StageId } from "@troupe/core";
import { describeTurn } from "../describe-turn.js";
import type { Report, ReportStage, ReportTurn } from "../report.js";
import { showDuration, showMoment, showTimeOfDay } from "../show-time.js";
import { createTimeAxis, type TimeAxis } from "../time-axis.js";
import { stageHref } from "./anchors.js";
import { cap, capByWeight, leftOut, type PageView } from "./limits.js";
import { clipped, each, html, type Markup, percent } from "./markup.js";
import { urgency } from "./stages-part.js";
import { glyphOf, stateClass } from "./state-mark.js";
import { createTicks } from "./ticks.js";

const BAR = 16;
const ROW = 26;

/** A row for each stage that did something, its turns as bars, so that what overlapped can be seen. */
export function timelinePart(report: Report, limits: PageView): Markup | null {
  const turns = Map.groupBy(report.turns, ({ stage }) => stage);
  const begun = report.stages.filter(({ id }) => turns.has(id));
  if (turns.size === 0) return null;
  const { shown, left } = capByWeight(begun, limits.stages, urgency);
  const axis = createTimeAxis(report);
  return html`<section id="timeline" aria-labelledby="timeline-title"><h2 id="timeline-title">Timeline</h2>
${legend(axis)}
<div class="timeline" role="group" aria-label="Turns over time; arrow keys move between them">
<div class="line axis"><span class="label">UTC, from ${showMoment(axis.from).slice(0, 10)}</span><svg class="track" height="20" aria-hidden="true">${each(createTicks(axis), ({ at, label }) => html`<line x1="${percent(at)}" x2="${percent(at)}" y1="14" y2="20"/><text x="${percent(at)}" y="11">${label}</text>`)}</svg><span class="sum"></span></div>
${each(cap(report.removed, limits.rows).shown, ({ id, activeMs }) => line({ id, activeMs, status: null }, turns.get(id) ?? [], axis, limits))}${each(bandsOf(shown), (band) => bandPart(band, turns, axis, limits))}
</div><p class="readout" id="readout" aria-hidden="true">Point at a bar, or move to one with Tab and the arrow keys.</p>
${leftOut(left, "stage", report.runId)}</section>`;
}

function legend(axis: TimeAxis): Markup {
  return html`<p class="legend"><span class="key k-work">work</span><span class="key k-review">review</span><span class="key k-check">check</span><span class="key k-fix">fix</span><span class="key k-failed">failed</span><span class="key k-interrupted">interrupted or left</span>${axis.breaks.length === 0 ? null : html`<span class="key k-break">pause, shortened (${axis.breaks.length === 1 ? showDuration((axis.breaks[0]?.to ?? 0) - (axis.breaks[0]?.from ?? 0)) : `${axis.breaks.length} of them`})</span>`}</p>`;
}

interface Band {
  readonly group: string | null;
  readonly stages: readonly ReportStage[];
}

/** Neighbours of one group are drawn as one. */
function bandsOf(stages: readonly ReportStage[]): readonly Band[] {
  const bands: { group: string | null; stages: ReportStage[] }[] = [];
  for (const stage of stages) {
    const last = bands.at(-1);
    if (last !== undefined && last.group === stage.group) last.stages.push(stage);
    else bands.push({ group: stage.group, stages: [stage] });
  }
  return bands;
}

function bandPart(
  { group, stages }: Band,
  turns: ReadonlyMap<StageId, readonly ReportTurn[]>,
  axis: TimeAxis,
  limits: PageView,
): Markup {
  const lines = each(stages, (stage) => line(stage, turns.get(stage.id) ?? [], axis, limits));
  if (group === null) return lines;
  return html`<div class="band" role="group" aria-label="Group ${group}"><span class="band-name">${group}</span>${lines}</div>`;
}

/** `status` null = the stage is no longer there. */
type Row = Pick<ReportStage, "id" | "activeMs"> & { readonly status: ReportStage["status"] | null };

function line(stage: Row, all: readonly ReportTurn[], axis: TimeAxis, view: PageView): Markup {
  const { shown, left } = cap(all, view.turns);
  const href = stage.status === null ? "#timeline" : stageHref(stage.id, view);
  const lanes = lanesOf(shown);
  const height = Math.max(1, new Set(lanes).size) * ROW;
  return html`<div class="line">${labelPart(stage, view)}<svg class="track" height="${height}" role="group" aria-label="Turns of ${stage.id}">${each(axis.breaks, ({ at, width }) => html`<rect class="pause" x="${percent(at)}" width="${percent(width)}" y="0" height="${height}"/>`)}${each(shown, (turn, index) => bar(turn, { top: (lanes[index] ?? 0) * ROW, axis, href }))}</svg><span class="sum">${showDuration(stage.activeMs)}${left === 0 ? null : html`<span class="more">${String(left)} more turns</span>`}</span></div>`;
}

function labelPart({ id, status }: Row, view: PageView): Markup {
  if (status === null)
    return html`<span class="label dim"><span class="mark" aria-hidden="true">×</span><code>${id}</code></span>`;
  return html`<a class="label" href="${stageHref(id, view)}"><span class="mark ${stateClass(status)}" aria-hidden="true">${glyphOf(status)}</span><code>${id}</code></a>`;
}

/** Turns at the same time lie below each other. */
function lanesOf(turns: readonly ReportTurn[]): readonly number[] {
  const ends: number[] = [];
  return turns.map(({ startedAt, endedAt }) => {
    const free = ends.findIndex((end) => end <= startedAt);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = endedAt ?? Number.POSITIVE_INFINITY;
    return lane;
  });
}

function bar(
  turn: ReportTurn,
  { top, axis, href }: { readonly top: number; readonly axis: TimeAxis; readonly href: string },
): Markup {
  const from = axis.place(turn.startedAt);
  const width = Math.max(0.0005, axis.place(turn.endedAt ?? axis.to) - from);
  const label = labelOf(turn);
  return html`<a class="bar ${classOf(turn)}" href="${href}" aria-label="${label}"><title>${label}</title><rect x="${percent(from)}" width="${percent(width)}" y="${top + (ROW - BAR) / 2}" height="${BAR}" rx="3"/></a>`;
}

function classOf({ status, kind }: ReportTurn): string {
  if (status === "failed") return "k-failed";
  return status === "interrupted" || status === "abandoned" ? "k-interrupted" : `k-${kind}`;
}

function labelOf(turn: ReportTurn): string {
  const { turn: id, kind, round, agent, activeFrom, activeTo, startedAt } = turn;
  const who = agent === null ? "" : ` by ${agent}`;
  return `${id}: ${kind}${who}, round ${round}, ${clipped(describeTurn(turn), 120)}, ${showDuration(activeTo - activeFrom)} from ${showTimeOfDay(startedAt)}`;
}
