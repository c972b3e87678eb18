import {
  DEFAULT_HOOK_EVENTS,
  DEFAULT_HOOK_TIMEOUT_MS,
  HOOK_EVENTS,
  type HookChannel,
  type HookDefinition,
  type HookEvent,
  type NamedValue,
  type OptionsSchema,
  type SchemaIssue,
  type SchemaResult,
} from "@troupe/core";

/** What this reporter takes. */
export interface NotifyOptions {
  readonly hooks: readonly HookDefinition[];
  /** Values by the name that hooks call them, which go before those of the environment. */
  readonly values?: Readonly<Record<string, string>>;
  /** Runs that nobody performs any more, whose notifications may not all have been sent. */
  readonly catchUp?: readonly string[];
}

/** The options as a program gives them: events and time limit of a hook may be left out, and no hooks at all are fine. */
export const notifyOptions: OptionsSchema<NotifyOptions> = {
  "~standard": { version: 1, vendor: "troupe", validate: validateOptions },
};

type Given = Readonly<Record<string, unknown>>;

function validateOptions(value: unknown): SchemaResult<NotifyOptions> {
  if (value === undefined || value === null) return { value: { hooks: [] } };
  if (!isMap(value)) return { issues: [{ message: "expected a map of options" }] };
  const issues: SchemaIssue[] = [];
  const hooks: HookDefinition[] = [];
  const { hooks: given = [], values, catchUp, ...unknown } = value;
  for (const key of Object.keys(unknown)) {
    issues.push({ message: "unknown option; there are hooks, values and catchUp", path: [key] });
  }
  if (!Array.isArray(given)) issues.push({ message: "expected a list of hooks", path: ["hooks"] });
  else {
    for (const [index, one] of given.entries()) {
      const hook = readHook(one);
      if (typeof hook === "string") issues.push({ message: hook, path: ["hooks", index] });
      else hooks.push(hook);
    }
  }
  if (values !== undefined && !isTextMap(values)) issues.push({ message: "expected a map of texts", path: ["values"] });
  if (catchUp !== undefined && !isTexts(catchUp))
    issues.push({ message: "expected a list of run ids", path: ["catchUp"] });
  if (issues.length > 0) return { issues };
  return {
    value: {
      hooks,
      ...(isTextMap(values) ? { values } : {}),
      ...(isTexts(catchUp) ? { catchUp } : {}),
    },
  };
}

/** A text = what is wrong with it. */
function readHook(value: unknown): HookDefinition | string {
  if (!isMap(value)) return "expected a hook: a map with kind, events and timeoutMs";
  const { events = DEFAULT_HOOK_EVENTS, timeoutMs = DEFAULT_HOOK_TIMEOUT_MS } = value;
  if (!isEvents(events)) return `events: expected a list of ${HOOK_EVENTS.join(", ")}`;
  if (typeof timeoutMs !== "number" || !(timeoutMs > 0)) return "timeoutMs: expected milliseconds, more than 0";
  const channel = readChannel(value);
  return typeof channel === "string" ? channel : { ...channel, events, timeoutMs };
}

function readChannel({ kind, command, url, headers = {}, token, chat, api = null }: Given): HookChannel | string {
  switch (kind) {
    case "bell":
    case "desktop":
      return { kind };
    case "command": {
      if (!isMap(command)) return "command: expected { argv } or { shell }";
      const { argv, shell } = command;
      if (typeof shell === "string") return { kind, command: { shell } };
      return isTexts(argv) && argv.length > 0 ? { kind, command: { argv } } : "command: expected { argv } or { shell }";
    }
    case "webhook":
      if (!isGiven(url)) return "url: expected a text or { from: NAME }";
      return isGivenMap(headers) ? { kind, url, headers } : "headers: expected a map of texts or { from: NAME }";
    case "slack":
      return isNamed(url) ? { kind, url } : "url: expected { from: NAME }";
    case "telegram":
      if (!isNamed(token)) return "token: expected { from: NAME }";
      if (api !== null && typeof api !== "string") return "api: expected a URL";
      return isGiven(chat) ? { kind, token, chat, api } : "chat: expected a text or { from: NAME }";
    default:
      return "kind: expected command, webhook, slack, telegram, desktop or bell";
  }
}

function isMap(value: unknown): value is Given {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function isTextMap(value: unknown): value is Readonly<Record<string, string>> {
  return isMap(value) && isTexts(Object.values(value));
}

function isNamed(value: unknown): value is NamedValue {
  return isMap(value) && typeof value.from === "string";
}

function isGiven(value: unknown): value is string | NamedValue {
  return typeof value === "string" || isNamed(value);
}

function isGivenMap(value: unknown): value is Readonly<Record<string, string | NamedValue>> {
  return isMap(value) && Object.values(value).every(isGiven);
}

function isEvents(value: unknown): value is readonly HookEvent[] {
  return Array.isArray(value) && value.every((one) => HOOK_EVENTS.some((event) => event === one));
}
