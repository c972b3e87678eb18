import {
  type EventOf,
  HOOK_EVENTS,
  type HookEvent,
  type JournalEntry,
  limitWord,
  percentUsed,
  type RunEvent,
  type RunStateView,
  sanitizeLine,
} from "@troupe/core";
import { endOf } from "./run-end.js";

/** One thing that people may want to know. Its texts are made safe to show; secrets are not masked yet. */
export interface NewsItem {
  readonly event: HookEvent;
  readonly title: string;
  /** Lines, without the one at the end. */
  readonly text: string;
  /** The command to type; null = none. */
  readonly next: string | null;
}

/** What an entry of the journal means to people, what weighs most first; empty = nothing. `state` is the one after it. */
export function newsOf({ events }: Pick<JournalEntry, "events">, state: RunStateView): readonly NewsItem[] {
  const items = events.flatMap((event) => itemsOf(event, state));
  return items.toSorted((one, other) => HOOK_EVENTS.indexOf(one.event) - HOOK_EVENTS.indexOf(other.event));
}

function itemsOf(event: RunEvent, state: RunStateView): readonly NewsItem[] {
  const title = sanitizeLine(state.definition.objective.title);
  const status = `troupe status ${state.runId}`;
  switch (event.type) {
    case "run.claimed": {
      const began = event.epoch === 1 ? "Started" : "Resumed";
      return [item("started", `${began}: ${title}`, `${began} ${state.runId}`, `troupe watch ${state.runId}`)];
    }
    case "run.finished": {
      const { events, title: head, text } = endOf(event.outcome, event.limit, state);
      return events.map((one) => item(one, `${head}: ${title}`, text, status));
    }
    case "approval.requested":
      return [approvalItem(event, state)];
    case "limit.neared": {
      const limit = limitWord(event.limit);
      const text = `${percentUsed(event)}% of the ${limit} limit of ${state.runId} is used`;
      return [item("limit-neared", `${limit} limit: ${title}`, text, status)];
    }
    case "stage.completed":
      // an end without a turn is the end of the run, and that is told
      if (event.turn === null) return [];
      return [
        item(
          "stage-completed",
          `${event.stage} completed: ${title}`,
          `${event.stage} of ${state.runId} completed`,
          null,
        ),
      ];
    case "stage.failed": {
      const { code, message } = event.error;
      const text = `${event.stage} of ${state.runId} failed: ${code}: ${sanitizeLine(message)}`;
      return [
        item("stage-failed", `${event.stage} failed: ${title}`, text, `troupe logs ${state.runId} ${event.stage}`),
      ];
    }
    default:
      return []; // of no interest, or of a later version
  }
}

function approvalItem({ stage, turn }: EventOf<"approval.requested">, { runId, definition }: RunStateView): NewsItem {
  const title = `${stage} waits for approval: ${sanitizeLine(definition.objective.title)}`;
  const text = `The result of ${turn} of ${runId} waits until a person approves or rejects it. See it: troupe show ${runId} ${stage}`;
  return item("approval", title, text, `troupe approve ${runId} ${stage} --turn ${turn}`);
}

/** What a question of an agent means to people. */
export function newsOfQuestion(asked: {
  readonly runId: string;
  readonly turn: string;
  readonly question: string;
  readonly elsewhere: boolean;
}): readonly NewsItem[] {
  const { runId, turn, question, elsewhere } = asked;
  const where = elsewhere ? `${turn} of ${runId} asks` : `${turn} of ${runId} asks at its terminal`;
  const next = elsewhere ? `troupe answer ${runId}` : null;
  return [item("question", `${turn} asks`, `${where}: ${sanitizeLine(question)}`, next)];
}

function item(event: HookEvent, title: string, text: string, next: string | null): NewsItem {
  return { event, title, text, next };
}
