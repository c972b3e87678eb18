import { sanitizeText } from "@troupe/core";
import { objectAt, parseObject, textOf } from "./json-lines.js";

const NOT_LOGGED_IN: readonly RegExp[] = [
  /\bnot logged in\b|\bplease (?:run \/)?log ?in\b|\bplease run \/login\b|\blogin required\b/i,
  /\bno authentication information found\b|\bset an auth method\b|\bno auth type is selected\b|\bfailed to authenticate\b|\bnot authenticated\b/i,
  /\bauthentication_error\b|\bauthentication[_ ](?:failed|required)\b|\bUNAUTHENTICATED\b/,
  /\binvalid (?:x-)?api[ -]?key\b|\bincorrect api key\b|\bmissing api key\b|\bapi key (?:not valid|is missing|not found)\b/i,
  /\b401 unauthorized\b|\bstatus(?: code)?:? 401\b|\berror: 401\b|\bunauthorized: \b/i,
  /\boauth (?:token|session)[^\n]{0,40}\b(?:expired|revoked|invalid)\b|\brefresh token\b[^\n]{0,60}\b(?:expired|used|revoked)\b/i,
  /\bmissing environment variable: `?\w*(?:KEY|TOKEN)\b/i,
];

/** True when a program's reason means that it has no login, or one that is not accepted. */
export function saysNotLoggedIn(reason: string): boolean {
  return NOT_LOGGED_IN.some((mark) => mark.test(reason));
}

/**
 * What standard error gives as the reason: an `{"error": ...}` object, on one line or over many, else the first line
 * that says that it is an error. Null = neither; a backtrace or hints may stand at the end.
 */
export function reportedReason(errorText: string): string | null {
  const text = sanitizeText(errorText);
  const found = errorObject(text);
  if (found !== null) return found;
  const lines = text.split("\n").map((line) => line.trim());
  return lines.find((line) => /^(?:fatal |api )?error\b\s?[:(]/i.test(line)) ?? null;
}

function errorObject(text: string): string | null {
  for (let at = text.indexOf("{"); at !== -1; at = text.indexOf("\n{", at + 1)) {
    const object =
      parseObject(text.slice(at, text.lastIndexOf("}") + 1)) ?? parseObject(text.slice(at).trim().split("\n")[0] ?? "");
    const error = objectAt(object ?? undefined, "error");
    const message = textOf(error.message) ?? textOf(object?.error);
    if (message !== null) return [textOf(error.type), message].filter((part) => part !== null).join(": ");
  }
  return null;
}
