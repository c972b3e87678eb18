import type { Report, ReportStage } from "../report.js";
import { showDuration } from "../show-time.js";
import { stageHref } from "./anchors.js";
import { layOut, NODE, type PlacedStage } from "./graph-layout.js";
import { createUnits, type Unit } from "./graph-units.js";
import type { PageView } from "./limits.js";
import { each, html, type Markup, round } from "./markup.js";
import { glyphOf, stateClass } from "./state-mark.js";

/** Characters that have room in a node. */
const MOST_CHARACTERS = 20;

/** The graph of the stages, each a link to what it did; null = it has none, or too many to be drawn. */
export function graphPart({ stages, groups, figures }: Report, view: PageView): Markup | null {
  if (stages.length === 0 || stages.length > view.graph) return null;
  const units = createUnits(stages, groups);
  const { width, height, stages: placed, boxes, edges } = layOut(units);
  const critical = new Set(figures.criticalPath.stages);
  const isCritical = (unit: Unit): boolean => unit.stages.some(({ id }) => critical.has(id));
  return html`<svg class="graph" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}" role="group" aria-label="Graph of the stages">
<defs><marker id="arrow" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8Z"/></marker></defs>
${each(boxes, (box) => html`<g class="box"><rect x="${round(box.x)}" y="${round(box.y)}" width="${round(box.width)}" height="${round(box.height)}" rx="10"/><text x="${round(box.x + 12)}" y="${round(box.y + 19)}">${shorten(box.name, 40)}</text></g>`)}
${each(edges, ({ from, to, path }) => html`<path class="edge${isCritical(from) && isCritical(to) ? " critical" : ""}" d="${path}"/>`)}
${each(placed, (one) => node(one, critical.has(one.stage.id), view))}
</svg>`;
}

function node({ stage, x, y }: PlacedStage, isCritical: boolean, view: PageView): Markup {
  const middle = y + NODE.height / 2;
  return html`<a href="${stageHref(stage.id, view)}" class="node ${stateClass(stage.status)}${isCritical ? " critical" : ""}" aria-label="${labelOf(stage, isCritical)}"><title>${labelOf(stage, isCritical)}</title><rect x="${round(x)}" y="${round(y)}" width="${NODE.width}" height="${NODE.height}" rx="8"/><circle cx="${round(x + 20)}" cy="${round(middle)}" r="9"/><text class="glyph" aria-hidden="true" x="${round(x + 20)}" y="${round(middle + 4)}">${glyphOf(stage.status)}</text><text class="id" x="${round(x + 37)}" y="${round(middle - 3)}">${shorten(stage.id, MOST_CHARACTERS)}</text> <text class="sub" x="${round(x + 37)}" y="${round(middle + 12)}">${subOf(stage)}</text></a>`;
}

function subOf({ status, turns, activeMs }: ReportStage): string {
  return turns === 0 ? status : `${status} · ${showDuration(activeMs)}`;
}

function labelOf(stage: ReportStage, isCritical: boolean): string {
  const needs = stage.needs.length === 0 ? "" : `, after ${stage.needs.join(", ")}`;
  const group = stage.group === null ? "" : `, in group ${stage.group}`;
  return `${stage.id} ${subOf(stage)}${group}${needs}${isCritical ? ", on the critical path" : ""}`;
}

function shorten(text: string, most: number): string {
  const letters = [...text];
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join("")}…`;
}
