import { parseDuration } from "@troupe/config";
import { expect, test } from "vitest";
import { writeDuration } from "./write-duration.js";

test("a duration is written as in a file, and read as the same one", () => {
  const written = { 1: "1ms", 500: "500ms", 90000: "1m30s", 5400000: "1h30m", 28800000: "8h", 172800001: "48h1ms" };
  for (const [ms, text] of Object.entries(written)) {
    expect([writeDuration(Number(ms)), parseDuration(text)]).toEqual([text, Number(ms)]);
  }
});
