import { HOOK_EVENTS, type Owner } from "@troupe/core";
import type { Notification } from "./notification.js";

/** A line of the outbox. */
export type OutboxLine =
  /** The hook is told of entries after `from`: what was before is none of its business. */
  | { readonly hook: string; readonly from: number }
  /** To be sent. */
  | {
      readonly key: string;
      readonly hook: string;
      readonly event: Notification["event"];
      readonly payload: Notification;
    }
  /** Sent, or too old to be. */
  | { readonly done: string; readonly how: "sent" | "expired" }
  /** A process that sends from here on, until it leaves or dies. */
  | Sender
  | { readonly left: string };

/** Who sends what lies in the outbox. */
export interface Sender {
  /** Of this process and no other. */
  readonly sender: string;
  readonly owner: Owner;
  /** When it began, milliseconds since the epoch. */
  readonly at: number;
}

/** A newline before it too: a line that was torn never swallows the next one. */
export function writeLine(line: OutboxLine): string {
  return `\n${JSON.stringify(line)}\n`;
}

/** null = torn, or of a later version: it is passed over. */
export function readLine(text: string): OutboxLine | null {
  let value: Readonly<Record<string, unknown>>;
  try {
    value = Object(JSON.parse(text));
  } catch {
    return null;
  }
  const { hook, from, key, payload, done, how, sender, owner, at, left } = value;
  if (typeof left === "string") return { left };
  if (typeof sender === "string" && typeof at === "number") return { sender, owner: readOwner(owner), at };
  if (typeof done === "string") return { done, how: how === "expired" ? "expired" : "sent" };
  if (typeof hook !== "string") return null;
  if (typeof from === "number") return { hook, from };
  const notification = readNotification(payload);
  if (typeof key !== "string" || notification === null || notification.key !== key) return null;
  return { key, hook, event: notification.event, payload: notification };
}

function readOwner(value: unknown): Owner {
  const given: Readonly<Record<string, unknown>> = Object(value);
  const read = (name: keyof Owner): string | null => (typeof given[name] === "string" ? String(given[name]) : null);
  return {
    pid: typeof given.pid === "number" ? given.pid : 0,
    startTime: read("startTime"),
    bootId: read("bootId"),
    pidNamespace: read("pidNamespace"),
    host: read("host") ?? "",
    command: read("command") ?? "",
  };
}

function readNotification(value: unknown): Notification | null {
  const given: Readonly<Record<string, unknown>> = Object(value);
  const { version, event, events, at, next } = given;
  const read = (name: keyof Notification): string => (typeof given[name] === "string" ? String(given[name]) : "");
  const known = HOOK_EVENTS.find((one) => one === event);
  if (version !== 1 || known === undefined || typeof at !== "number" || !Array.isArray(events)) return null;
  return {
    version,
    key: read("key"),
    event: known,
    events: HOOK_EVENTS.filter((one) => events.includes(one)),
    run: read("run"),
    project: read("project"),
    objective: read("objective"),
    workflow: read("workflow"),
    at,
    title: read("title"),
    text: read("text"),
    next: typeof next === "string" ? next : null,
  };
}
