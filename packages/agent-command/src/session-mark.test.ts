import { describe, expect, test } from "vitest";
import { readSession, usageOfTurn, writeSession } from "./session-mark.js";

const amounts = (inputTokens: number | null, outputTokens: number | null, costUsd: number | null) => ({
  inputTokens,
  outputTokens,
  costUsd,
});

describe("a session", () => {
  test.each([
    ["ses_1", { id: "ses_1", total: null }],
    ["a-b?in=100&out=7", { id: "a-b", total: amounts(100, 7, null) }],
    ["a-b?in=0&out=7&usd=0.125", { id: "a-b", total: amounts(0, 7, 0.125) }],
  ])("%s is written and read", (text, mark) => {
    expect(readSession(text)).toEqual(mark);
    expect(writeSession(mark)).toBe(text);
  });

  test("with counts that are none keeps its id", () => {
    expect(readSession("a?in=x&out=-1")).toEqual({ id: "a", total: amounts(null, null, null) });
  });

  test.each(["", "-x", "--help", "a b", "a/b", "@file", "x".repeat(129)])(
    "%j is nothing to give to a program",
    (text) => {
      expect(readSession(text)).toBeNull();
    },
  );
});

describe("usage of a turn", () => {
  const total = amounts(300, 30, 0.75);
  test("is what the program tells of it", () => {
    expect(usageOfTurn(amounts(1, 2, 3), total, { id: "a", total: null })).toEqual(amounts(1, 2, 3));
  });

  test("is the session's in a new session, and what was added in one that goes on", () => {
    expect(usageOfTurn(null, total, null)).toEqual(total);
    expect(usageOfTurn(null, total, { id: "a", total: amounts(100, 10, 0.5) })).toEqual(amounts(200, 20, 0.25));
    const mixed = usageOfTurn(amounts(5, 6, null), amounts(null, null, 0.75), {
      id: "a",
      total: amounts(null, null, 0.5),
    });
    expect(mixed).toEqual(amounts(5, 6, 0.25));
  });

  test("is unknown when nobody knows where the count began", () => {
    expect(usageOfTurn(null, total, { id: "a", total: null })).toBeNull();
    expect(usageOfTurn(null, total, { id: "a", total: amounts(301, 10, null) })).toEqual(amounts(null, 20, null));
    expect(usageOfTurn(null, null, null)).toBeNull();
  });
});
