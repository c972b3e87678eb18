import { sanitizeLine } from "@troupe/core";
import { type Delivery, failed, refused, sent } from "./delivery.js";
import { hostOf } from "./hook.js";
import { parseRetryAfter } from "./retry-after.js";

/** A POST of JSON. */
export interface JsonPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Wall time, for dates in answers. */
  readonly now: number;
  /** Takes out of foreign text what must not be shown. */
  readonly clean: (text: string) => string;
  /** What to do when the service says that the address or the token is wrong. */
  readonly hint: string;
}

/** In bytes: of an answer that is no success so much is read. */
const MOST_ANSWER = 2048;
const SHOWN_ANSWER = 200;
/** By the code of the system's error. */
const UNREACHED: Readonly<Record<string, string>> = {
  ECONNREFUSED: "Nothing listens there: start it, or check the address.",
  ENOTFOUND: "No such host is known here: check its name.",
  EAI_AGAIN: "Names are not looked up here just now: check the network.",
};
/** Of the ports that the Fetch standard blocks. */
const OTHER_PORT = "Let it listen on another one: https://fetch.spec.whatwg.org/#port-blocking";
/** The service is busy or broken, and says nothing about the request. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);

/** Sends it once; never rejects. Its time limit holds for the whole answer. A redirection is a refusal: a POST does not follow it. */
export async function postJson(post: JsonPost): Promise<Delivery> {
  const { url, headers, body, timeoutMs, signal, now, clean, hint } = post;
  if (!isWebAddress(url)) return refused("the address is no http or https URL", hint);
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8", "user-agent": "troupe-notify", ...headers },
      body: JSON.stringify(body),
      redirect: "manual",
      signal: AbortSignal.any([signal, timeout]),
    });
    if (response.ok) {
      await response.body?.cancel();
      return sent(`${hostOf(url)} answered ${response.status}`);
    }
    const answer = await beginningOf(response);
    const shown = clean(sanitizeLine(answer)).slice(0, SHOWN_ANSWER);
    const reason = `${hostOf(url)} answered ${response.status}${shown === "" ? "" : `: ${shown}`}`;
    if (response.status < 500 && !PASSING.has(response.status)) return refused(reason, hint);
    return failed(reason, null, askedWait(response, answer, now));
  } catch (error) {
    if (signal.aborted) return failed("there was no time left");
    if (timeout.aborted) return failed(`${hostOf(url)} gave no answer within ${timeoutMs / 1000} s`);
    const reason = clean(reasonOf(error));
    if (reason === "bad port") return refused(`${hostOf(url)} has a port that is closed to HTTP`, OTHER_PORT);
    return failed(`${hostOf(url)} was not reached: ${reason}`, UNREACHED[reason] ?? null);
  }
}

/** Whether a text can be posted to. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\/./i.test(text) && URL.canParse(text);
}

async function beginningOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  while (reader !== undefined && bytes < MOST_ANSWER) {
    const { done, value } = await reader.read();
    if (done) return text;
    bytes += value.length;
    text += decoder.decode(value, { stream: true });
  }
  await reader?.cancel();
  return text;
}

/** By the header, or as Telegram says it: `{"parameters": {"retry_after": 7}}`. */
function askedWait(response: Response, answer: string, now: number): number {
  const byHeader = parseRetryAfter(response.headers.get("retry-after"), now);
  const seconds = /"retry_after"\s*:\s*(\d{1,9})/.exec(answer)?.[1] ?? null;
  return Math.max(byHeader, parseRetryAfter(seconds, now));
}

/** `fetch` says only that it failed; what it failed of is its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string") return cause.code;
  return sanitizeLine(cause instanceof Error ? cause.message : String(cause));
}
