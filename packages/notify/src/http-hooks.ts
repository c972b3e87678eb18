import type { Clock, HookDefinition, NamedValue } from "@troupe/core";
import { type Delivery, refused } from "./delivery.js";
import type { Notification } from "./notification.js";
import { isWebAddress, type JsonPost, postJson } from "./post-json.js";

/** What the hooks that send over HTTP need. */
export interface HttpContext {
  readonly clock: Pick<Clock, "now">;
  /** Of an environment variable or a secret by file; undefined = there is none. */
  readonly lookUp: (name: string) => string | undefined;
  readonly signal: AbortSignal;
}

type HttpHook = Extract<HookDefinition, { readonly kind: "webhook" | "slack" | "telegram" }>;
type HttpRequest = Pick<JsonPost, "url" | "headers" | "body" | "hint">;

const TELEGRAM = "https://api.telegram.org";

export async function sendOverHttp(
  hook: HttpHook,
  notification: Notification,
  context: HttpContext,
): Promise<Delivery> {
  const values = new Map<string, string>();
  const lookUp = (given: string | NamedValue): string => {
    if (typeof given === "string") return given;
    const value = context.lookUp(given.from)?.trim() ?? "";
    if (value === "") throw new MissingValue(given.from);
    values.set(given.from, value);
    return value;
  };
  try {
    const request = toRequest(hook, notification, lookUp);
    const { signal, clock } = context;
    if ("url" in hook && typeof hook.url !== "string" && !isWebAddress(request.url)) return noAddress(hook.url.from);
    return await postJson({ ...request, timeoutMs: hook.timeoutMs, signal, now: clock.now(), clean: cleaner(values) });
  } catch (error) {
    if (error instanceof MissingValue)
      return refused(`${error.variable} is not set`, `Set it: export ${error.variable}=...`);
    throw error;
  }
}

/** Of a variable that holds something else; what it holds is not shown. */
export function noAddress(name: string): Extract<Delivery, { readonly status: "failed" }> & { readonly hint: string } {
  const hint = `Put the address into it: export ${name}=https://...`;
  return { status: "failed", reason: `${name} holds no http or https URL`, hint, retry: "never" };
}

class MissingValue extends Error {
  readonly variable: string;

  constructor(variable: string) {
    super(variable);
    this.variable = variable;
  }
}

/** Services repeat what they were asked, a token among it. */
function cleaner(values: ReadonlyMap<string, string>): (text: string) => string {
  return (text) =>
    [...values].reduce((cleaned, [name, value]) => {
      const forms = [value, encodeURIComponent(value), ...(URL.canParse(value) ? [pathOf(value)] : [])];
      return forms
        .filter((form) => form.length > 3)
        .reduce((one, form) => one.replaceAll(form, `[secret ${name}]`), cleaned);
    }, text);
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}

function toRequest(
  hook: HttpHook,
  notification: Notification,
  lookUp: (given: string | NamedValue) => string,
): HttpRequest {
  switch (hook.kind) {
    case "webhook": {
      const headers = Object.entries(hook.headers).map(([name, given]) => [name, lookUp(given)] as const);
      const own = { "idempotency-key": notification.key, ...Object.fromEntries(headers) };
      const hint = "Check the address, and what the service says it needs.";
      return { url: lookUp(hook.url), headers: own, body: notification, hint };
    }
    case "slack": {
      const hint = `Make a new incoming webhook and put its address into ${hook.url.from}.`;
      return { url: lookUp(hook.url), headers: {}, body: { text: slackText(notification) }, hint };
    }
    case "telegram": {
      const token = lookUp(hook.token);
      const hint = `Check the token in ${hook.token.from}, and that the bot may write to the chat.`;
      const body = {
        chat_id: lookUp(hook.chat),
        text: plainText(notification),
        link_preview_options: { is_disabled: true },
      };
      return {
        url: `${hook.api?.replace(/\/+$/, "") ?? TELEGRAM}/bot${encodeToken(token)}/sendMessage`,
        headers: {},
        body,
        hint,
      };
    }
  }
}

/** A token has a colon, which belongs into the path as it is; whatever else is no token must not become another path. */
function encodeToken(token: string): string {
  return encodeURIComponent(token).replaceAll("%3A", ":");
}

function plainText({ title, text, next }: Pick<Notification, "title" | "text" | "next">): string {
  return [title, text, ...(next === null ? [] : [next])].join("\n");
}

/** As text: `<!channel>` and `@here` of an agent must call nobody. */
function slackText(notification: Notification): string {
  const { title, text, next } = notification;
  const lines = [`*${toSlack(title).replaceAll("*", "")}*`, toSlack(text)];
  if (next !== null) lines.push(`\`${toSlack(next)}\``);
  return lines.join("\n");
}

function toSlack(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/@(?=here|channel|all|everyone)/giu, "@\u200b");
}
