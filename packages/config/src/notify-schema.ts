import { DEFAULT_HOOK_EVENTS, HOOK_EVENTS, type HookEvent } from "@troupe/core";
import * as z from "zod";
import { command, duration, listOf } from "./common-schema.js";

type Given<T> = T | null | undefined;

/** The environment variable, or secret by file, that has the value. */
interface WrittenName {
  readonly from: string;
}

/** A hook as a file writes it. Which of the keys go together is no matter of its form. */
export interface WrittenHookMap {
  readonly command?: Given<string | readonly string[]>;
  readonly webhook?: Given<string | WrittenName>;
  readonly headers?: Given<Readonly<Record<string, string | WrittenName>>>;
  readonly slack?: Given<WrittenName>;
  readonly telegram?: Given<{
    readonly token: WrittenName;
    readonly chat: string | number | WrittenName;
    readonly api?: Given<string>;
  }>;
  readonly desktop?: Given<true>;
  readonly bell?: Given<true>;
  readonly events?: Given<readonly HookEvent[]>;
  readonly timeout?: Given<string>;
}

export type WrittenHook = "desktop" | "bell" | WrittenHookMap;

const NAME = "the name of an environment variable";
const NAMED = "a map with from: the name of an environment variable or of a secret";
const ADDRESS = "an http or https URL, or a map with from: the name of an environment variable or of a secret";
const HEADER = "a text, or a map with from: the name of an environment variable or of a secret";
const CHAT = "the id or @name of a chat, or a map with from: the name of an environment variable";
const URL_TEXT = "an http or https URL";
const HOOK = '"desktop", "bell", or a map with command, webhook, slack or telegram';
const EVENT = `one of ${HOOK_EVENTS.join(", ")}`;

const named = z.strictObject(
  {
    from: z
      .string({ error: NAME })
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: NAME })
      .meta({ description: "Environment variable, or secret by file, that has the value." }),
  },
  { error: NAMED },
);
const url = z.string({ error: URL_TEXT }).regex(/^https?:\/\/[^\s/]/, { error: URL_TEXT });
const headers = z.record(
  z.string(),
  z.union([z.string({ error: HEADER }).regex(/^[^\r\n]*$/, { error: HEADER }), named], { error: HEADER }),
  { error: "a map of headers" },
);
const telegram = z.strictObject(
  {
    token: named.meta({
      description: "Token of the bot, as BotFather gave it.",
      examples: [{ from: "TELEGRAM_TOKEN" }],
    }),
    chat: z
      .union([z.string({ error: CHAT }).regex(/\S/, { error: CHAT }), z.number({ error: CHAT }).int(), named], {
        error: CHAT,
      })
      .meta({
        description: "Chat that the bot writes to: its number, or @channel.",
        examples: ["@my_channel", -1001234567890],
      }),
    api: url.nullish().meta({ description: "A Bot API server of one's own.", default: "https://api.telegram.org" }),
  },
  { error: "a map with token and chat" },
);
const only = z.literal(true, { error: "true" });

const hookMap = z.strictObject(
  {
    command: command.nullish().meta({
      description:
        "Command to start in the project's folder. It gets the notification as JSON on standard input, and in TROUPE_EVENT, TROUPE_TITLE, TROUPE_TEXT.",
      examples: [["./tell-the-team.sh"], 'mail -s "$TROUPE_TITLE" me@example.com'],
    }),
    webhook: z
      .union([url, named], { error: ADDRESS })
      .nullish()
      .meta({
        description:
          "Address that the notification is posted to as JSON. One that holds a secret never as text: { from: NAME }.",
        examples: ["http://localhost:8080/runs", { from: "WEBHOOK_URL" }],
      }),
    headers: headers.nullish().meta({
      description: "Headers of the request, with webhook. A secret never as text: { from: NAME }.",
      examples: [{ Authorization: { from: "WEBHOOK_AUTHORIZATION" } }],
    }),
    slack: named.nullish().meta({
      description: "Incoming webhook of Slack, or of a service that takes its messages.",
      examples: [{ from: "SLACK_WEBHOOK_URL" }],
    }),
    telegram: telegram.nullish().meta({
      description: "Message of a Telegram bot.",
      examples: [{ token: { from: "TELEGRAM_TOKEN" }, chat: { from: "TELEGRAM_CHAT" } }],
    }),
    desktop: only
      .nullish()
      .meta({ description: "Notification of the desktop: notify-send, Notification Center, or a toast." }),
    bell: only.nullish().meta({ description: "Bell of the terminal." }),
    events: listOf(z.enum(HOOK_EVENTS, { error: EVENT }), "a list of events")
      .min(1, { error: "a list of events, at least one" })
      .nullish()
      .meta({
        description: "What the hook is for. finished: any end; reached: the stage of --until is done.",
        default: [...DEFAULT_HOOK_EVENTS],
        examples: [["failed", "approval"]],
      }),
    timeout: duration.nullish().meta({ description: "Of one attempt.", default: "10s" }),
  },
  { error: HOOK },
);

/** `notify` of the project file. */
export const hooks: z.ZodType<readonly WrittenHook[]> = listOf(
  z.union([z.enum(["desktop", "bell"], { error: HOOK }), hookMap], { error: HOOK }),
  "a list of hooks",
);
