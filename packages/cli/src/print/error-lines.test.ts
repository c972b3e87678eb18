import { expect, test } from "vitest";
import { errorLines } from "./error-lines.js";

const error = (message: string) => ({ code: "COMMAND_FAILED", message });

test("an error of one line is that line", () => {
  expect(errorLines(error("make ended with exit code 2"))).toEqual(["COMMAND_FAILED: make ended with exit code 2"]);
});

test("of the output at the end of a message the last lines stand below it, safe and of bearable length", () => {
  const output = ["\u001b[31mone\u001b[0m", "", "  two  ", "three", "four", "five", "six", `${"7".repeat(299)}🚀`];
  expect(errorLines(error(`make ended with exit code 2; the end of its output:\n${output.join("\n")}\n`))).toEqual([
    "COMMAND_FAILED: make ended with exit code 2; the end of its output:",
    "  | (1 more line before)",
    "  |   two",
    "  | three",
    "  | four",
    "  | five",
    "  | six",
    `  | ${"7".repeat(299)}\ufffd…`,
  ]);
  expect(errorLines(error(`x\n${"line\n".repeat(9)}`))[1]).toBe("  | (3 more lines before)");
});
