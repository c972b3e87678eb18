import { describe, expect, test } from "vitest";
import { sessionForArgument } from "./session-argument.js";
import { usageOfTurn } from "./usage-of-turn.js";

const amounts = (inputTokens: number | null, outputTokens: number | null, costUsd: number | null) => ({
  inputTokens,
  outputTokens,
  costUsd,
});

test.each(["", "-x", "--help", "a b", "a/b", "@file", "x".repeat(129), "a\n", "-x?in=1"])(
  "the session %j is nothing to give to a program",
  (text) => {
    expect(sessionForArgument(text)).toBeNull();
  },
);

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
    expect(usageOfTurn(null, total, { id: "a", total: amounts(null, 10, null) })).toEqual(amounts(null, 20, null));
    expect(usageOfTurn(null, null, null)).toBeNull();
  });

  test("is all that the program counts where it has begun anew", () => {
    expect(usageOfTurn(null, total, { id: "a", total: amounts(301, 10, 3) })).toEqual(amounts(300, 20, 0.75));
  });
});
