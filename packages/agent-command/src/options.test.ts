import { expect, test } from "vitest";
import { commandAgentOptions } from "./options.js";

const validate = (value: unknown) => commandAgentOptions["~standard"].validate(value);

test("options get their defaults", () => {
  expect(validate({ command: ["agent", "-p"] })).toEqual({
    value: {
      preset: "shell",
      command: ["agent", "-p"],
      args: [],
      model: null,
      prompt: "stdin",
      resultFile: null,
      env: {},
      maxOutputBytes: 1_048_576,
    },
  });
  const full = {
    command: ["a", "{prompt_file}"],
    prompt: "file",
    resultFile: "x/y.md",
    env: { A: "" },
    maxOutputBytes: 1,
  };
  expect(validate(full)).toEqual({ value: { preset: "shell", args: [], model: null, ...full } });
});

test("a preset brings its program and its way to give the prompt", () => {
  const rest = { args: [], model: null, resultFile: null, env: {}, maxOutputBytes: 1_048_576 };
  expect(validate({ preset: "claude" })).toEqual({
    value: { preset: "claude", command: ["claude"], prompt: "stdin", ...rest },
  });
  const command = ["npx", "-y", "opencode-ai@1.18.33"];
  expect(validate({ preset: "opencode", command, args: ["--pure"], model: "a/b" })).toEqual({
    value: { preset: "opencode", command, prompt: "stdin", ...rest, args: ["--pure"], model: "a/b" },
  });
  expect(validate({ preset: "aider", resultFile: "out.md" })).toEqual({
    value: { preset: "aider", command: ["aider"], prompt: "file", ...rest, resultFile: "out.md" },
  });
});

test("a preset refuses what it cannot use", () => {
  const known = "is not known; known: preset, command, args, model, env, maxOutputBytes";
  expect(validate({ preset: "claude", prompt: "file", resultFile: "x", args: "-x", model: "-x", command: [] })).toEqual(
    {
      issues: [
        { path: ["prompt"], message: known },
        { path: ["resultFile"], message: known },
        { path: ["command"], message: "must be a list: the program, then its arguments" },
        { path: ["args"], message: "must be a list of arguments" },
        { path: ["model"], message: "must be the name of a model" },
      ],
    },
  );
  expect(validate({ preset: "cursor", command: ["cursor"] })).toEqual({
    issues: [
      { path: ["preset"], message: "must be one of claude, codex, copilot, gemini, opencode, qwen, aider, shell" },
    ],
  });
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
      { path: ["modle"], message: "is not known; known: preset, command, prompt, resultFile, env, maxOutputBytes" },
      { path: ["command", 0], message: "must name a program" },
      { path: ["command", 1], message: "must be text" },
      { path: ["command", 2], message: "has a NUL character" },
      { path: ["prompt"], message: 'must be "stdin" or "file"' },
      { path: ["env", "a=b"], message: "is no name of a variable" },
      { path: ["env", "C"], message: "must be text" },
      { path: ["resultFile"], message: 'must be a relative path: it has a part ".."' },
      { path: ["maxOutputBytes"], message: "must be a whole number of bytes, at least 1" },
    ],
  });
});

test("what is no map of options is refused", () => {
  for (const value of [null, "agent", ["agent"], undefined]) {
    expect(validate(value)).toEqual({ issues: [{ message: "must be a map with a preset or a command" }] });
  }
  const list = { path: ["command"], message: "must be a list: the program, then its arguments" };
  const line = `${list.message}; for a line of the shell: ["sh", "-c", "agent -p"]`;
  expect(validate({ command: "agent -p" })).toEqual({ issues: [{ ...list, message: line }] });
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
