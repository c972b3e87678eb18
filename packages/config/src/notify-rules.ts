import {
  DEFAULT_HOOK_EVENTS,
  DEFAULT_HOOK_TIMEOUT_MS,
  HOOK_EVENTS,
  type HookChannel,
  type HookDefinition,
} from "@troupe/core";
import type { DiagnosticLog, Mistake } from "./diagnostic-log.js";
import { parseDuration } from "./duration.js";
import type { WrittenHook, WrittenHookMap } from "./notify-schema.js";
import { toCommandLine } from "./written-values.js";
import type { Path, YamlTree } from "./yaml-tree.js";

const CHANNELS = ["command", "webhook", "slack", "telegram", "desktop", "bell"] as const;
const HOW = "Give it one of command, webhook, slack, telegram, desktop and bell.";

/** The hooks, each with where it stands in the list, in the model's form; what is wrong with how their keys go together is reported at its place. */
export function readHooks(
  written: readonly (readonly [number, WrittenHook])[],
  tree: YamlTree,
  log: DiagnosticLog,
): readonly HookDefinition[] {
  const seen = new Map<string, number>();
  return written.flatMap(([index, hook]) => {
    const path: Path = ["notify", index];
    const read = typeof hook === "string" ? [withDefaults({ kind: hook }, {})] : readHook(hook, path, tree, log);
    for (const { timeoutMs: _, ...said } of read) {
      const first = seen.get(JSON.stringify(said));
      if (first === undefined) seen.set(JSON.stringify(said), index);
      else log.add({ ...sameHook(index, first), span: tree.valueSpan(path) });
    }
    return read;
  });
}

/** It tells nobody twice: what is meant may be another hook. */
function sameHook(index: number, first: number): Pick<Mistake, "message" | "hint" | "severity"> {
  const message = `notify[${index + 1}] says the same as notify[${first + 1}]: nobody is told twice`;
  return { message, hint: "Remove one of them.", severity: "warning" };
}

function readHook(hook: WrittenHookMap, path: Path, tree: YamlTree, log: DiagnosticLog): readonly HookDefinition[] {
  const given = CHANNELS.filter((key) => hook[key] !== undefined && hook[key] !== null);
  const shown = `notify[${Number(path[1]) + 1}]`;
  const [kind, other] = given;
  if (kind === undefined) {
    // a channel that was reported already, or under a name that is nearly right, is there as a key
    const isOther = (key: string): boolean => !["events", "timeout", "headers"].includes(key);
    if (tree.keys(path).some((key) => isOther(key) && !isEmptyChannel(hook, key))) return [];
    log.add({
      span: tree.valueSpan(path),
      message: `${shown} does not say how to tell anybody`,
      hint: HOW,
      isAbsence: true,
    });
    return [];
  }
  if (other !== undefined) {
    const message = `${shown} has both "${kind}" and "${other}"`;
    log.add({ span: tree.keySpan([...path, other]), message, hint: "Make two hooks of it." });
  }
  checkHeaders(hook, path, tree, log);
  if (typeof hook.webhook === "string")
    checkAddress(hook.webhook, [...path, "webhook"], { tree, log, shown: `${shown}.webhook` });
  const channel = channelOf(kind, hook);
  return channel === null ? [] : [withDefaults(channel, hook)];
}

/** A channel with nothing behind it says nothing; one that is not in `hook` was reported. */
function isEmptyChannel(hook: WrittenHookMap, key: string): boolean {
  return CHANNELS.some((channel) => channel === key && hook[channel] === null);
}

function channelOf(kind: (typeof CHANNELS)[number], hook: WrittenHookMap): HookChannel | null {
  const { command, webhook, headers, slack, telegram } = hook;
  switch (kind) {
    case "command":
      return command == null ? null : { kind, command: toCommandLine(command) };
    case "webhook":
      return webhook == null ? null : { kind, url: webhook, headers: headers ?? {} };
    case "slack":
      return slack == null ? null : { kind, url: slack };
    case "telegram": {
      if (telegram == null) return null;
      const { token, chat, api } = telegram;
      return { kind, token, chat: typeof chat === "number" ? String(chat) : chat, api: api ?? null };
    }
    case "desktop":
    case "bell":
      return { kind };
  }
}

/** Events in one order, each once: a hook stays the same when its list is sorted anew. */
function withDefaults(
  channel: HookChannel,
  { events, timeout }: Pick<WrittenHookMap, "events" | "timeout">,
): HookDefinition {
  const chosen = events ?? DEFAULT_HOOK_EVENTS;
  const timeoutMs =
    typeof timeout === "string" ? (parseDuration(timeout) ?? DEFAULT_HOOK_TIMEOUT_MS) : DEFAULT_HOOK_TIMEOUT_MS;
  return { ...channel, events: HOOK_EVENTS.filter((event) => chosen.includes(event)), timeoutMs };
}

interface Place {
  readonly tree: YamlTree;
  readonly log: DiagnosticLog;
  /** What is wrong, as a person would write it. */
  readonly shown: string;
}

const FROM =
  "Put it into an environment variable and write { from: NAME }. The line is not shown, as it may hold a secret.";
/** Of services whose addresses are secrets by themselves. */
const SECRET_HOSTS =
  /(?:^|\.)(?:hooks\.slack\.com|api\.telegram\.org|webhook\.office\.com|logic\.azure\.com|chat\.googleapis\.com|hooks\.zapier\.com)$/i;
const SECRET_PATHS = /\/api\/webhooks\//i; // Discord, on each of its domains
const SECRET_WORDS = /key|token|secret|passw|auth|sig|cookie|credential/i;

function checkAddress(text: string, path: Path, { tree, log, shown }: Place): void {
  const span = tree.valueSpan(path);
  if (!URL.canParse(text)) {
    log.add({ span, message: `${shown} must be an http or https URL`, hint: "Check it.", isHidden: true });
    return;
  }
  const { username, password, hostname, pathname, searchParams } = new URL(text);
  const isSecret =
    username + password !== "" ||
    SECRET_HOSTS.test(hostname) ||
    SECRET_PATHS.test(pathname) ||
    [...searchParams.keys()].some((name) => SECRET_WORDS.test(name));
  if (isSecret) log.add({ span, message: `${shown} is an address that holds a secret`, hint: FROM, isHidden: true });
}

function checkHeaders({ headers, webhook }: WrittenHookMap, path: Path, tree: YamlTree, log: DiagnosticLog): void {
  if (headers === undefined || headers === null) return;
  if (webhook === undefined || webhook === null) {
    log.add({
      span: tree.keySpan([...path, "headers"]),
      message: `headers go with webhook only`,
      hint: "Remove them.",
    });
  }
  for (const [name, value] of Object.entries(headers)) {
    const at: Path = [...path, "headers", name];
    const shown = `notify[${Number(path[1]) + 1}].headers.${name}`;
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) {
      log.add({
        span: tree.keySpan(at),
        message: `${JSON.stringify(name)} is not the name of a header`,
        hint: "It has letters, digits and dashes.",
      });
    }
    if (typeof value === "string" && SECRET_WORDS.test(name)) {
      log.add({ span: tree.valueSpan(at), message: `${shown} is a secret`, hint: FROM, isHidden: true });
    }
  }
}
