import { expect, test } from "vitest";
import { showTurnUsage } from "./show-usage.js";

test.each([
  [null, null],
  [{ inputTokens: null, outputTokens: null, costUsd: null }, null],
  [{ inputTokens: 41_000, outputTokens: 200, costUsd: 0.42 }, "41,200 tokens, $0.42"],
  [{ inputTokens: 41_000, outputTokens: null, costUsd: 0.42 }, "at least 41,000 tokens, $0.42"],
  [
    { inputTokens: 9, outputTokens: 1, costUsd: 1, partial: ["tokens", "cost"] as const },
    "at least 10 tokens, at least $1.00",
  ],
])("what a turn used, of %j, is shown as %s", (usage, text) => {
  expect(showTurnUsage(usage)).toBe(text);
});
