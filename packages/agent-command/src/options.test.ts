import { expect, test } from "vitest";
import { commandAgentOptions } from "./options.js";

const validate = (value: unknown) => commandAgentOptions["~standard"].validate(value);

test("options get their defaults", () => {
  expect(validate({ command: ["agent", "-p"] })).toEqual({
    value: { command: ["agent", "-p"], prompt: "stdin", resultFile: null, env: {}, maxOutputBytes: 1_048_576 },
  });
  const full = {
    command: ["a", "{prompt_file}"],
    prompt: "file",
    resultFile: "x/y.md",
    env: { A: "" },
    maxOutputBytes: 1,
  };
  expect(validate(full)).toEqual({ value: full });
});

test("every mistake is reported at its place", () => {
  const value = {
    command: [" ", 1, "a\0"],
    prompt: "argv",
    resultFile: "../x",
    env: { "a=b": "", C: 1 },
    maxOutputBytes: 0,
    modle: "x",
  };
  expect(validate(value)).toEqual({
    issues: [
      { path: ["modle"], message: "is not known; known: command, prompt, resultFile, env, maxOutputBytes" },
      { path: ["command", 0], message: "must name a program" },
      { path: ["command", 1], message: "must be text" },
      { path: ["command", 2], message: "has a NUL character" },
      { path: ["env", "a=b"], message: "is no name of a variable" },
      { path: ["env", "C"], message: "must be text" },
      { path: ["prompt"], message: 'must be "stdin" or "file"' },
      { path: ["resultFile"], message: 'must be a relative path: it has a part ".."' },
      { path: ["maxOutputBytes"], message: "must be a whole number of bytes, at least 1" },
    ],
  });
});

test("what is no map of options is refused", () => {
  for (const value of [null, "agent", ["agent"], undefined]) {
    expect(validate(value)).toEqual({ issues: [{ message: "must be a map with a command" }] });
  }
  const list = { path: ["command"], message: "must be a list: the program, then its arguments" };
  expect(validate({ command: "agent -p" })).toEqual({ issues: [list] });
  expect(validate({ command: [], env: 1, resultFile: 1 })).toEqual({
    issues: [
      list,
      { path: ["env"], message: "must be a map from names to texts" },
      { path: ["resultFile"], message: "must be a relative path" },
    ],
  });
});

test("a prompt file and its placeholder need each other", () => {
  expect(validate({ command: ["a"], prompt: "file" })).toEqual({
    issues: [{ path: ["command"], message: 'needs an argument with {prompt_file} when prompt is "file"' }],
  });
  expect(validate({ command: ["a", "-f", "{prompt_file}"] })).toEqual({
    issues: [{ path: ["command", 2], message: '{prompt_file} needs prompt: "file"' }],
  });
});
