import { expect, test } from "vitest";
import { createUsageMeter, NOTHING_YET, type UsageMeter } from "./usage-meter.js";

function begun(before: Parameters<UsageMeter["startFrom"]>[0], tokens: "turn" | "session" = "turn"): UsageMeter {
  const meter = createUsageMeter(tokens);
  meter.startFrom(before);
  meter.begin();
  return meter;
}

test("a cost is what was added since the session was taken up", () => {
  const meter = begun({ inputTokens: null, outputTokens: null, costUsd: 0.5 });
  expect([meter.turn(), meter.totals().costUsd]).toEqual([null, 0.5]);
  meter.cost(0.75);
  meter.cost(1);
  expect(meter.turn()).toEqual({ inputTokens: null, outputTokens: null, costUsd: 0.5 });
  expect(meter.totals()).toEqual({ inputTokens: null, outputTokens: null, costUsd: 1 });
});

test("a count that begins anew adds all that it tells, also in the middle of a turn", () => {
  const meter = begun({ inputTokens: null, outputTokens: null, costUsd: 3 });
  meter.cost(0.25);
  expect(meter.turn()?.costUsd).toBe(0.25);
  meter.cost(0.5);
  meter.cost(0.125);
  meter.cost(0.25);
  expect(meter.turn()?.costUsd).toBe(0.75);
  expect(meter.totals().costUsd).toBe(0.25);
});

test("a cost without a known beginning is unknown, and known from its end on", () => {
  const meter = begun(null);
  meter.cost(2);
  meter.cost(1);
  expect(meter.turn()).toBeNull();
  expect(meter.totals().costUsd).toBe(1);
});

test("tokens are of the turn, or what was added to the session's", () => {
  const before = { inputTokens: 100, outputTokens: 10, costUsd: null };
  const [own, counted] = [begun(before), begun(before, "session")];
  for (const meter of [own, counted]) meter.tokens({ input: 150, output: 12 });
  expect(own.turn()).toEqual({ inputTokens: 150, outputTokens: 12, costUsd: null });
  expect(counted.turn()).toEqual({ inputTokens: 50, outputTokens: 2, costUsd: null });
  expect(own.totals()).toEqual({ inputTokens: null, outputTokens: null, costUsd: null });
  expect(counted.totals()).toEqual({ inputTokens: 150, outputTokens: 12, costUsd: null });
  expect(begun(NOTHING_YET, "session").totals()).toEqual(NOTHING_YET);
});
