import { expect, test } from "vitest";
import { createOutputTail } from "./output-tail.js";

test.each<[string, readonly string[], string]>([
  ["nothing yet", [], ""],
  ["an unfinished line counts", ["half"], "half"],
  ["a finished one stays until there is more to see", ["one\n", "two\n", "\n", "  \n"], "two"],
  ["a line comes in pieces", ["one\ntw", "o and", " more"], "two and more"],
  ["a progress bar overwrites itself", ["10 %\r20 %\r30 %"], "30 %"],
  ["codes alone are nothing to see", ["seen\n\u001b[2K\u001b[0m\n\u001b[1m"], "seen"],
  ["a code in two pieces is one", ["\u001b[3", "1mred\u001b[0m"], "red"],
])("%s", (_what, chunks, line) => {
  const tail = createOutputTail();
  for (const chunk of chunks) tail.push(chunk);
  expect(tail.lastLine()).toBe(line);
});

test("an endless line costs no more memory than a long one", () => {
  const tail = createOutputTail();
  for (let n = 0; n < 100; n += 1) tail.push("x".repeat(100_000));
  expect(tail.lastLine()).toBe("x".repeat(1024));
});
