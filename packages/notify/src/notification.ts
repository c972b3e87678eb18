import type { HookDefinition, HookEvent, SecretMasker } from "@troupe/core";
import type { NewsItem } from "./news.js";

/** What is sent. Fields may be added; a change of their meaning raises `version`. */
export interface Notification {
  readonly version: 1;
  /** The same notification has the same key, however often it arrives: who gets one twice knows it by that. */
  readonly key: string;
  /** What weighs most of what happened. */
  readonly event: HookEvent | "test";
  /** All that happened at once, as far as the hook is for it. */
  readonly events: readonly (HookEvent | "test")[];
  /** Its id; empty of a test, which belongs to none. */
  readonly run: string;
  /** The name of the project's folder, not its path. */
  readonly project: string;
  readonly objective: string;
  readonly workflow: string;
  /** When it happened, milliseconds since the epoch. */
  readonly at: number;
  readonly title: string;
  readonly text: string;
  /** The command to type in the project; null = none. */
  readonly next: string | null;
}

/** Whose news it is. */
export interface NewsSource {
  readonly run: string;
  readonly project: string;
  readonly objective: string;
  readonly workflow: string;
  readonly at: number;
  /** Of the news: what makes the key of each hook's notification. */
  readonly key: string;
}

/** In characters; services refuse long messages whole, Telegram beyond 4096. */
const MOST_TITLE = 200;
const MOST_TEXT = 2500;

/** What a hook is to tell of some news; null = it is for none of it. Values of secrets are masked. */
export function toNotification(
  news: readonly NewsItem[],
  { events, id }: Pick<HookDefinition, "events"> & { readonly id: string },
  { key, ...source }: NewsSource,
  masker: SecretMasker,
): Notification | null {
  const told = news.filter(({ event }) => events.includes(event));
  const [first] = told;
  if (first === undefined) return null;
  // masked before it is cut, or half a secret is left
  const text = [...new Set(told.map((item) => item.text))].join("\n");
  return {
    version: 1,
    key: `${key}/${id}`,
    event: first.event,
    events: [...new Set(told.map(({ event }) => event))],
    ...source,
    objective: cut(masker.mask(source.objective), MOST_TITLE),
    title: cut(masker.mask(first.title), MOST_TITLE),
    text: cut(masker.mask(text), MOST_TEXT),
    next: first.next,
  };
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 3).replace(/[\ud800-\udbff]$/u, "")}...`;
}
