import type { ShownRunStatus, ShownStageStatus } from "@troupe/core";
import { html, type Markup } from "./markup.js";

type State = ShownStageStatus | ShownRunStatus;

/** Beside its word, so that colour is never alone. */
const GLYPHS: Readonly<Record<State, string>> = {
  completed: "✓",
  succeeded: "✓",
  failed: "✕",
  running: "▸",
  waiting: "?",
  limited: "!",
  interrupted: "!",
  stalled: "!",
  cancelled: "–",
  skipped: "»",
  pending: "·",
};

/** The colours of a state: see `page-style.ts`. */
export function stateClass(state: State): string {
  if (state === "succeeded") return "s-completed";
  if (state === "limited" || state === "stalled") return "s-interrupted";
  return `s-${state}`;
}

export function glyphOf(state: State): string {
  return GLYPHS[state];
}

/** A state as a word with its mark. */
export function badge(state: State): Markup {
  return html`<span class="badge ${stateClass(state)}"><span class="mark" aria-hidden="true">${GLYPHS[state]}</span>${state}</span>`;
}
