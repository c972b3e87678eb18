import { expect, test } from "vitest";
import { messageParts } from "./message-parts.js";

test("a message of one line has nothing below it", () => {
  expect(messageParts("claude ended\twith exit code 1\n", 100)).toEqual({
    first: "claude ended with exit code 1",
    below: null,
  });
});

test("the end of an output keeps its line breaks and is made safe", () => {
  expect(
    messageParts("make failed; the end of its output:\n\n  cc \u001b[31mmain.c\u001b[0m  \n\nError 1\n", 100),
  ).toEqual({
    first: "make failed; the end of its output:",
    below: "  cc main.c\n\nError 1",
  });
});

test("of too long an output the end is kept, cut between two characters", () => {
  expect(messageParts(`make failed\nfirst ${"🚀".repeat(3)} last`, 9).below).toBe("(8 more characters) …🚀🚀 last");
  expect(messageParts(`make failed\nfirst ${"🚀".repeat(3)} last`, 8).below).toBe("(10 more characters) …🚀 last");
});
