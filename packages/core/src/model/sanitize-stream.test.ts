import { expect, test } from "vitest";
import { createTextSanitizer, jsonLine, sanitizeText } from "./sanitize.js";

const HOSTILE =
  "a\u001b[1;31mred\u001b[0mb\u001b]0;title\u0007c\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\d\u009b31me\u0090q\u009cf\r\ng";

test("text in pieces is as safe, and as whole, as the same text at once", () => {
  for (let at = 0; at <= HOSTILE.length; at += 1) {
    const sanitizer = createTextSanitizer();
    expect(sanitizer.push(HOSTILE.slice(0, at)) + sanitizer.push(HOSTILE.slice(at))).toBe(sanitizeText(HOSTILE));
    sanitizer.end();
  }
  const letters = createTextSanitizer();
  expect([...HOSTILE].map((one) => letters.push(one)).join("")).toBe(sanitizeText(HOSTILE));
});

test("a sequence that does not end cannot swallow the rest for ever", () => {
  const sanitizer = createTextSanitizer();
  expect(sanitizer.push("a\u001b]0;")).toBe("a");
  const rest = Array.from({ length: 50 }, () => sanitizer.push("x".repeat(100))).join("");
  expect(rest).toMatch(/^\]0;x+$/);
  expect(sanitizer.push("plain")).toBe("plain");
  expect(sanitizer.push("b\u001b[3")).toBe("b");
  sanitizer.end();
  expect(sanitizer.push("1m")).toBe("1m");
});

test("JSON keeps its values and holds nothing that a terminal obeys", () => {
  const value = { text: "\u009b31m\u202e\u2028\u{e0041}\u200b\u001b[1m\ufeffü" };
  const line = jsonLine(value);
  expect(line).toBe('{"text":"\\u009b31m\\u202e\\u2028\\udb40\\udc41\\u200b\\u001b[1m\\ufeffü"}');
  expect(JSON.parse(line)).toEqual(value);
});
