import { type JournalEntry, NO_SECRETS, type ReporterHost, type RunState, reduce } from "@troupe/core";
import { type Hook, isLasting } from "./hook.js";
import { newsOf } from "./news.js";
import { type Notification, toNotification } from "./notification.js";
import { type Outbox, openOutbox } from "./outbox.js";
import type { OutboxLine } from "./outbox-line.js";
import type { OutboxSender } from "./outbox-sender.js";

/** A notification and the hook that is to send it. */
export interface Addressed {
  readonly hook: Hook;
  readonly notification: Notification;
}

/** What is left to be sent of a run from before. */
export interface Backlog {
  readonly outbox: Outbox;
  /** Oldest first. */
  readonly unsent: readonly Addressed[];
}

export interface BacklogRequest {
  readonly runId: string;
  /** The name of the project's folder. */
  readonly project: string;
  readonly hooks: readonly Hook[];
  readonly host: Pick<ReporterHost, "runFolder" | "entries" | "masker" | "clock">;
  /** Entries from here on are told as they come; null = the run is only caught up with, and no hook begins here. */
  readonly firstSeq: number | null;
  readonly sender: OutboxSender;
}

/**
 * Opens the outbox of a run that this process performs, as one who sends, and says there which hooks begin. null = the
 * host has no folder for it, or no hook needs it. Rejects when the file cannot be read or written.
 */
export async function joinOutbox(request: BacklogRequest): Promise<Outbox | null> {
  const { runId, host, firstSeq, hooks, sender } = request;
  const folder = host.runFolder?.(runId);
  const lasting = hooks.filter(isLasting);
  if (folder === undefined || lasting.length === 0) return null;
  const outbox = await openOutbox(folder);
  const begins = lasting.filter(({ id }) => !outbox.began.has(id));
  const lines = begins.map(({ id }) => ({ hook: id, from: (firstSeq ?? 1) - 1 }));
  await outbox.append(...lines, await sender.line());
  return outbox;
}

/**
 * Finds what has to be sent of before: what lies in the outbox, and what the journal says that nobody came to put there,
 * because the process was killed between the two. null = nothing. `taken`: another living process sends it. Rejects when
 * a file cannot be read or written, and as `StateStore.read`.
 */
export async function takeBacklog(request: BacklogRequest): Promise<Backlog | "taken" | null> {
  const { runId, host, firstSeq, sender } = request;
  const folder = host.runFolder?.(runId);
  if (folder === undefined) return null;
  const hooks = request.hooks.filter(isLasting);
  const outbox = await openOutbox(folder);
  const byId = new Map(hooks.map((hook) => [hook.id, hook]));
  const put = outbox.unsent.flatMap(({ hook: id, notification }) => {
    const hook = byId.get(id);
    return hook === undefined ? [] : [{ hook, notification }]; // one that is configured no longer has nobody to tell
  });
  const { missed, isPerformed } = await missedOf(request, hooks, outbox);
  if (firstSeq === null && isPerformed) return null; // whoever goes on with it catches up
  if (put.length + missed.length === 0) return null;
  if (await sender.isBehind(outbox.senders)) return "taken";
  if (firstSeq === null && !(await takeTurn(folder, outbox, sender))) return "taken";
  if (missed.length > 0) await outbox.append(...missed.map(({ hook, notification }) => lineOf(hook, notification)));
  return { outbox, unsent: [...put, ...missed].toSorted((one, other) => one.notification.at - other.notification.at) };
}

/** Of two who look at the same time the one whose line stands first sends. */
async function takeTurn(folder: string, outbox: Outbox, sender: OutboxSender): Promise<boolean> {
  await outbox.append(await sender.line());
  if (!(await sender.isBehind((await openOutbox(folder)).senders))) return true;
  await outbox.leave(sender.id);
  return false;
}

export function lineOf(hook: Hook, notification: Notification): OutboxLine {
  return { key: notification.key, hook: hook.id, event: notification.event, payload: notification };
}

/** Reads the journal again for hooks that were here before: nothing of theirs is lost, whenever the process was killed. */
async function missedOf(
  { runId, project, host, firstSeq }: BacklogRequest,
  hooks: readonly Hook[],
  outbox: Outbox,
): Promise<{ readonly missed: readonly Addressed[]; readonly isPerformed: boolean }> {
  const missed: Addressed[] = [];
  if (host.entries === undefined || !hooks.some(({ id }) => outbox.began.has(id))) return { missed, isPerformed: true };
  let state: RunState | null = null;
  for await (const entry of host.entries(runId, 0)) {
    if (firstSeq !== null && entry.seq >= firstSeq) break;
    for (const event of entry.events) state = reduce(state, event, entry.at);
    if (state === null) break;
    const told = hooks.filter(({ id }) => entry.seq > (outbox.began.get(id) ?? Number.POSITIVE_INFINITY));
    const all = addressAll({ entry, state, hooks: told, project, masker: host.masker });
    missed.push(...all.filter(({ notification }) => !outbox.keys.has(notification.key)));
  }
  return { missed, isPerformed: state === null || state.status === "running" };
}

/** What an entry has for each hook. */
export function addressAll(news: {
  readonly entry: JournalEntry;
  readonly state: Parameters<typeof newsOf>[1];
  readonly hooks: readonly Hook[];
  readonly project: string;
  readonly masker: ReporterHost["masker"];
}): readonly Addressed[] {
  const { entry, state, hooks, project, masker } = news;
  const items = newsOf(entry, state);
  if (items.length === 0) return [];
  const { runId, definition } = state;
  const source = {
    run: runId,
    project,
    objective: definition.objective.title,
    workflow: definition.workflow.name,
    at: entry.at,
    key: `${runId}/${entry.seq}`,
  };
  return hooks.flatMap((hook) => {
    const notification = toNotification(items, hook, source, masker ?? NO_SECRETS);
    return notification === null ? [] : [{ hook, notification }];
  });
}
