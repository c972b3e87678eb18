import { expect, test } from "vitest";
import { briefMessage, lastLineOfMessage } from "./brief-message.js";

const FAILED = "npm test ended with exit code 1; the end of its output:";

test("a message for one line has its first line, and of an output at its end the last one", () => {
  expect(briefMessage("claude ended with exit code 1")).toBe("claude ended with exit code 1");
  expect(briefMessage(`${FAILED}\n\u001b[31mno disk\u001b[0m\n`)).toBe(`${FAILED} no disk`);
  expect(briefMessage(`${FAILED}\n> test\n  ok 1\n\nnot ok 2\n`)).toBe(`${FAILED} … not ok 2`);
  expect(briefMessage("\n \n")).toBe("");
});

test("where there is little room the last line is the most telling one", () => {
  expect(lastLineOfMessage(`${FAILED}\n> test\nnot ok 2\n\n`)).toBe("not ok 2");
  expect(lastLineOfMessage("claude ended with exit code 1")).toBe("claude ended with exit code 1");
  expect(lastLineOfMessage("")).toBe("");
});

test("an endless line is cut between two characters", () => {
  expect(briefMessage("x".repeat(300))).toBe("x".repeat(300));
  expect(briefMessage("x".repeat(301))).toBe(`${"x".repeat(300)}…`);
  expect(lastLineOfMessage(`${"x".repeat(299)}🚀`)).toBe(`${"x".repeat(299)}…`);
});
