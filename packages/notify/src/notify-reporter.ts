import { basename } from "node:path";
import {
  NO_SECRETS,
  type ProgressEvent,
  type ProgressReporter,
  type ReporterHost,
  sanitizeLine,
  systemWitness,
} from "@troupe/core";
import { describeHook, type Hook, isLasting, toHooks } from "./hook.js";
import { createHookQueue, type HookQueue } from "./hook-queue.js";
import { newsOfQuestion } from "./news.js";
import { type Notification, toNotification } from "./notification.js";
import type { NotifyOptions } from "./notify-options.js";
import type { Outbox } from "./outbox.js";
import { createOutboxSender, type OutboxSender } from "./outbox-sender.js";
import { type Addressed, addressAll, type BacklogRequest, joinOutbox, lineOf, takeBacklog } from "./run-outbox.js";
import { send } from "./send.js";

/** `close` has 2 s; what ends a process and writes the last line needs some of it. */
const CLOSE_MS = 1700;
/** How often it is looked whether another process still sends what is left of the run. */
const LOOK_MS = 4000;

type EntryEvent = Extract<ProgressEvent, { readonly type: "entry" }>;
type QuestionEvent = Extract<ProgressEvent, { readonly type: "question" }>;

/**
 * Tells people by hooks. A hook that fails or hangs neither fails nor delays a run: it is named once in the log, tried
 * again after longer and longer waits, and what has not arrived when the run ends lies in the run's outbox for the next
 * one. What was put there arrives at least once, unless it gets a day old.
 */
export function createNotifyReporter(
  options: NotifyOptions,
  host: ReporterHost,
  platform: NodeJS.Platform = process.platform,
): ProgressReporter {
  return new Notifier(options, host, platform);
}

class Notifier implements ProgressReporter {
  readonly #options: NotifyOptions;
  readonly #host: ReporterHost;
  readonly #platform: NodeJS.Platform;
  readonly #project: string;
  readonly #hooks: readonly Hook[];
  readonly #queues: ReadonlyMap<string, HookQueue>;
  readonly #sender: OutboxSender;
  /** Aborted by `close`. */
  readonly #ending: AbortController = new AbortController();
  /** Keys of what is to be sent by this process, or was. */
  readonly #pushed: Set<string> = new Set();
  /** By run. */
  readonly #outboxes: Map<string, Outbox> = new Map();
  readonly #named: Set<string> = new Set();
  /** What has to happen one after another; never rejects. */
  #work: Promise<void> = Promise.resolve();
  /** The run that is told of; null = nothing was reported yet. */
  #run: EntryEvent["state"]["definition"] | null = null;
  #questions = 0;
  #closed: Promise<void> | null = null;

  constructor(options: NotifyOptions, host: ReporterHost, platform: NodeJS.Platform) {
    this.#options = options;
    this.#host = host;
    this.#platform = platform;
    this.#project = basename(host.projectFolder);
    this.#hooks = toHooks(options.hooks);
    this.#sender = createOutboxSender(host.randomHex(8), host.clock, systemWitness);
    this.#queues = new Map(this.#hooks.map((hook) => [hook.id, this.#createQueue(hook)]));
  }

  report(event: ProgressEvent): void {
    if (this.#closed !== null || this.#hooks.length === 0) return;
    try {
      if (event.type === "entry") this.#takeEntry(event);
      else if (event.type === "question") this.#takeQuestion(event);
    } catch (error) {
      this.#host.logger.debug(`a notification was not made: ${reasonOf(error)}`);
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  #takeEntry({ entry, state }: EntryEvent): void {
    const { runId } = state;
    if (this.#run === null) {
      this.#begin(runId, entry.seq);
      for (const other of this.#options.catchUp ?? []) if (other !== runId) this.#catchUp(other);
    }
    this.#run = state.definition;
    const { masker } = this.#host;
    this.#address(runId, addressAll({ entry, state, hooks: this.#hooks, project: this.#project, masker }));
  }

  #takeQuestion(asked: QuestionEvent): void {
    if (this.#run === null) return;
    this.#questions += 1;
    const at = this.#host.clock.now();
    const source = {
      run: asked.runId,
      project: this.#project,
      objective: this.#run.objective.title,
      workflow: this.#run.workflow.name,
      at,
      key: `${asked.runId}/question-${at}-${this.#questions}`,
    };
    const news = newsOfQuestion(asked);
    const all = this.#hooks.flatMap((hook) => {
      const notification = toNotification(news, hook, source, this.#host.masker ?? NO_SECRETS);
      return notification === null ? [] : [{ hook, notification }];
    });
    this.#address(asked.runId, all);
  }

  /** Opens the outbox of the run that is performed, and sends what is left in it. */
  #begin(runId: string, firstSeq: number): void {
    const request = this.#requestFor(runId, firstSeq);
    this.#after(async () => {
      const outbox = await joinOutbox(request);
      if (outbox === null) return;
      this.#outboxes.set(runId, outbox);
      // what another process is sending would arrive twice: its turn comes when that one has ended
      if ((await this.#takeOver(request)) === "taken") void this.#waitForTurn(request);
    });
  }

  /** Sends what is left of a run that nobody performs any more. */
  #catchUp(runId: string): void {
    this.#after(async () => void (await this.#takeOver(this.#requestFor(runId, null))));
  }

  #requestFor(runId: string, firstSeq: number | null): BacklogRequest {
    return {
      runId,
      project: this.#project,
      hooks: this.#hooks,
      host: this.#host,
      firstSeq,
      sender: this.#sender,
    };
  }

  async #takeOver(request: BacklogRequest): Promise<"taken" | "done"> {
    const backlog = await takeBacklog(request);
    if (backlog === "taken") return "taken";
    if (backlog === null) return "done";
    if (request.firstSeq === null) this.#outboxes.set(request.runId, backlog.outbox);
    for (const { hook, notification } of backlog.unsent) this.#push(hook, notification);
    return "done";
  }

  async #waitForTurn(request: BacklogRequest): Promise<void> {
    let isWaiting = true;
    while (isWaiting) {
      await this.#host.clock.wait(LOOK_MS, this.#ending.signal);
      if (this.#ending.signal.aborted) return;
      this.#after(async () => {
        isWaiting = (await this.#takeOver(request)) === "taken";
      });
      await this.#work;
    }
  }

  #push(hook: Hook, notification: Notification): void {
    if (this.#pushed.has(notification.key)) return;
    this.#pushed.add(notification.key);
    this.#queues.get(hook.id)?.push(notification);
  }

  /** What can wait is put into the outbox before it is sent; the rest is sent at once. */
  #address(runId: string, all: readonly Addressed[]): void {
    const lasting = all.filter(({ hook }) => isLasting(hook));
    for (const { hook, notification } of all) if (!isLasting(hook)) this.#push(hook, notification);
    if (lasting.length === 0) return;
    this.#after(async () => {
      const outbox = this.#outboxes.get(runId);
      try {
        await outbox?.append(...lasting.map(({ hook, notification }) => lineOf(hook, notification)));
      } finally {
        // told all the same, only not again after a crash
        for (const { hook, notification } of lasting) this.#push(hook, notification);
      }
    });
  }

  #after(step: () => Promise<void>): void {
    this.#work = this.#work.then(step).catch((error: unknown) => {
      this.#warnOnce("outbox", `notifications are not kept for later: ${reasonOf(error)}`);
    });
  }

  #createQueue(hook: Hook): HookQueue {
    const { clock, environment } = this.#host;
    const lookUp = (name: string): string | undefined => this.#options.values?.[name] ?? environment[name];
    const context = { host: this.#host, lookUp, platform: this.#platform };
    return createHookQueue({
      clock,
      once: !isLasting(hook),
      send: (notification, signal) => send(hook, notification, context, signal),
      done: async ({ run, key }, how) => {
        if (!isLasting(hook)) return;
        await this.#outboxes
          .get(run)
          ?.append({ done: key, how })
          .catch((error: unknown) => this.#warnOnce("outbox", `notifications may be sent again: ${reasonOf(error)}`));
      },
      failed: ({ reason, hint }) => {
        const next = hint === null ? "" : ` ${hint}`;
        this.#warnOnce(
          hook.id,
          `notifying by ${describeHook(hook)} failed: ${reason}.${next} Check it: troupe notify --test`,
        );
      },
    });
  }

  async #close(): Promise<void> {
    this.#ending.abort();
    const deadline = new AbortController();
    const timer = this.#host.clock.wait(CLOSE_MS, deadline.signal).then(() => deadline.abort());
    await Promise.race([this.#work, timer]);
    const left = await Promise.all(
      this.#hooks.map(
        async (hook) => [hook, (await this.#queues.get(hook.id)?.finish(deadline.signal)) ?? []] as const,
      ),
    );
    deadline.abort();
    await Promise.race([this.#work, timer]);
    for (const [hook, { length }] of left) if (length > 0) this.#tellUnsent(hook, length);
    await this.#leave();
  }

  /** Says in each outbox that others may send now; who does not get to it is found dead. */
  async #leave(): Promise<void> {
    for (const outbox of this.#outboxes.values()) {
      await outbox.leave(this.#sender.id).catch(() => {}); // nobody can be told: this process is found dead soon
    }
  }

  #tellUnsent(hook: Hook, count: number): void {
    if (!isLasting(hook)) return;
    const what = count === 1 ? "1 notification" : `${count} notifications`;
    const later = this.#outboxes.size === 0 ? "" : "; the next run or resume in this project tries again";
    this.#host.logger.warn(`${what} by ${describeHook(hook)} ${count === 1 ? "was" : "were"} not sent${later}`);
  }

  #warnOnce(name: string, message: string): void {
    if (this.#named.has(name)) return;
    this.#named.add(name);
    this.#host.logger.warn((this.#host.masker ?? NO_SECRETS).mask(message));
  }
}

function reasonOf(error: unknown): string {
  return sanitizeLine(error instanceof Error ? error.message : String(error));
}
