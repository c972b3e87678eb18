import type { CommandLine } from "./workflow.js";

/**
 * What people can be notified of. `finished`: any end of a claim; then each end by itself (`reached`: the stage of
 * `--until` is done). `started`: the run was begun or taken up again.
 */
export type HookEvent =
  | "started"
  | "finished"
  | "succeeded"
  | "failed"
  | "cancelled"
  | "limited"
  | "waiting"
  | "interrupted"
  | "reached"
  | "approval"
  | "question"
  | "limit-neared"
  | "stage-completed"
  | "stage-failed";

/** All of them, what weighs most first: of several at once the first names the notification. */
export const HOOK_EVENTS: readonly HookEvent[] = [
  "failed",
  "limited",
  "cancelled",
  "succeeded",
  "reached",
  "waiting",
  "interrupted",
  "finished",
  "question",
  "approval",
  "stage-failed",
  "limit-neared",
  "stage-completed",
  "started",
];

/** What a hook that names no events is for: the ends that nobody at the keyboard caused, and whatever waits for a person. */
export const DEFAULT_HOOK_EVENTS: readonly HookEvent[] = [
  "succeeded",
  "failed",
  "cancelled",
  "limited",
  "waiting",
  "reached",
  "approval",
  "question",
];

/** The name of an environment variable, or of a secret by file, that has the value. */
export interface NamedValue {
  readonly from: string;
}

/** How a hook reaches somebody. */
export type HookChannel =
  /** A command of the project file's author, in the project's folder; the notification is JSON on its standard input. */
  | { readonly kind: "command"; readonly command: CommandLine }
  /** An HTTP POST of the notification as JSON. */
  | {
      readonly kind: "webhook";
      readonly url: string | NamedValue;
      readonly headers: Readonly<Record<string, string | NamedValue>>;
    }
  /** An incoming webhook of Slack, or of a service that takes its messages. */
  | { readonly kind: "slack"; readonly url: NamedValue }
  /** A message of a bot; `api`: a Bot API server of one's own, null = Telegram's. */
  | {
      readonly kind: "telegram";
      readonly token: NamedValue;
      readonly chat: string | NamedValue;
      readonly api: string | null;
    }
  /** A notification of the desktop that the run's process belongs to. */
  | { readonly kind: "desktop" }
  /** The bell of the run's terminal. */
  | { readonly kind: "bell" };

/** Who is told of a run, how, and of what. */
export type HookDefinition = HookChannel & {
  readonly events: readonly HookEvent[];
  /** Of one attempt, in milliseconds. */
  readonly timeoutMs: number;
};

/** Of one attempt of a hook that names none, in milliseconds. */
export const DEFAULT_HOOK_TIMEOUT_MS = 10_000;
