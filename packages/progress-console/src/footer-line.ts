import type { RunTotals } from "./console-model.js";
import { formatActive, formatTally, formatUsage, formatUsageShort } from "./format.js";
import type { Glyphs } from "./glyphs.js";
import { type Segment, segment, widthOf } from "./segment.js";

/**
 * The last line: how far the run is, for how long, of what limit, at what cost. In little room it is said shorter, then
 * without the tokens, then without limits: the cost stays as long as it can.
 */
export function footerLine(run: RunTotals, columns: number, glyphs: Glyphs): readonly Segment[] {
  const forms = [longForm(run), ...shortForms(run)].map((parts) => joined(parts, glyphs));
  return forms.find((form) => widthOf(form) <= columns) ?? forms.at(-1) ?? [];
}

function longForm(run: RunTotals): readonly Segment[] {
  const { counts, limits } = run;
  const cancelled = formatTally(counts.cancelled, "cancelled");
  const rest = [...cancelled, formatActive(run.activeMs, limits), ...formatUsage(run.usage, limits)];
  return [...ending(run), segment(`${doneOf(run)} stages done`, "name"), ...failed(run), ...dim(rest)];
}

function shortForms(run: RunTotals): readonly (readonly Segment[])[] {
  const { limits, usage } = run;
  const unlimited = { ...limits, durationMs: null, costUsd: null, tokens: null };
  const start = [...ending(run), segment(`${doneOf(run)} done`, "name"), ...failed(run)];
  const withLimits = formatUsageShort(usage, limits);
  const costOnly = { ...usage, inputTokens: 0, outputTokens: 0 };
  const rests = [
    [formatActive(run.activeMs, limits, "/"), ...withLimits],
    [formatActive(run.activeMs, limits, "/"), ...formatUsageShort(costOnly, limits)],
    [formatActive(run.activeMs, unlimited), ...formatUsageShort(costOnly, unlimited)],
    [formatActive(run.activeMs, unlimited)],
  ];
  return rests.map((rest) => [...start, ...dim(rest)]);
}

function doneOf({ counts, stages }: RunTotals): string {
  return `${counts.completed + counts.skipped}/${stages}`;
}

function ending(run: RunTotals): readonly Segment[] {
  return run.ending === null ? [] : [segment(run.ending, "wait")];
}

function failed({ counts }: RunTotals): readonly Segment[] {
  return formatTally(counts.failed, "failed").map((text) => segment(text, "bad"));
}

function dim(texts: readonly string[]): readonly Segment[] {
  return texts.map((text) => segment(text, "dim"));
}

function joined(parts: readonly Segment[], { separator }: Glyphs): readonly Segment[] {
  return parts.flatMap((part, index) => (index === 0 ? [part] : [segment(separator, "dim"), part]));
}
