import { describe, expect, test } from "vitest";
import { reportedReason, saysNotLoggedIn } from "./reported-reason.js";

describe("the reason on standard error", () => {
  test.each<[string, string | null]>([
    ['{"error":{"type":"Error","message":"nope"}}', "Error: nope"],
    ['{"error":"nope"}\nbacktrace {', "nope"],
    ['using {x}\n{\n  "session_id": "s",\n  "error": { "message": "nope", "code": 1 }\n}\n', "nope"],
    ['{"level":"info"}\n{"error":{"message":"nope"}}', "nope"],
    ["\u001b[91m\u001b[1mError: \u001b[0mSession not found\n  at x", "Error: Session not found"],
    ["WARNING: old\nError: thread/resume failed\n\nStack backtrace:\n  0: <unknown>", "Error: thread/resume failed"],
    ["Fatal error: no disk", "Fatal error: no disk"],
    ["all is well { not json }", null],
    ["", null],
  ])("in %j", (text, reason) => {
    expect(reportedReason(text)).toBe(reason);
  });
});

describe("a missing login", () => {
  test.each([
    "Not logged in · Please run /login",
    "Invalid API key · Fix external API key",
    'API Error: 401 {"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}',
    "unexpected status 401 Unauthorized: Missing bearer",
    "Error: No authentication information found.",
    "Please set an Auth method in your settings.json",
    "OAuth token has expired. Please obtain a new token",
    "Your refresh token was already used. Please log out and sign in again.",
    "Missing environment variable: `OPENAI_API_KEY`.",
    "API key not valid. Please pass a valid API key.",
  ])("is told by: %s", (text) => {
    expect(saysNotLoggedIn(text)).toBe(true);
  });

  test.each([
    "no such model",
    "the tests of the login page fail",
    "status 500",
    "Missing environment variable: `HOME`.",
  ])("is not told by: %s", (text) => {
    expect(saysNotLoggedIn(text)).toBe(false);
  });
});
