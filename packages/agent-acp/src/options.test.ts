import { expect, test } from "vitest";
import { acpAgentOptions } from "./options.js";
import { PRESETS } from "./presets.js";

const validate = (value: unknown) => acpAgentOptions["~standard"].validate(value);

test("a command gets its defaults", () => {
  const rest = { preset: null, fallback: false, modes: {}, env: {}, tokens: "turn" };
  expect(validate({ command: ["agent", "--acp"] })).toEqual({ value: { command: ["agent", "--acp"], ...rest } });
  const modes = { ask: "a", edit: ["b", { option: "c", value: true }], readOnly: [] };
  expect(validate({ command: ["a"], args: ["b"], modes, env: { A: "" }, tokens: "session" })).toEqual({
    value: {
      command: ["a", "b"],
      preset: null,
      fallback: false,
      modes: { ask: ["a"], edit: ["b", { option: "c", value: true }], readOnly: [] },
      env: { A: "" },
      tokens: "session",
    },
  });
});

test.each(Object.keys(PRESETS))("the preset %s can be used as it is, and changed", (name) => {
  const preset = { ...PRESETS[name], name };
  expect(validate({ preset: name, fallback: true, args: ["-x"], env: { B: "c" }, modes: { full: "mine" } })).toEqual({
    value: {
      command: [...(preset.command ?? []), "-x"],
      preset,
      fallback: true,
      modes: { ...preset.modes, full: ["mine"] },
      env: { ...preset.env, B: "c" },
      tokens: preset.tokens,
    },
  });
});

test("every mistake is reported at its place", () => {
  const value = {
    preset: "clade",
    command: [" ", 1],
    args: "x",
    fallback: 1,
    modes: { write: "x", ask: [1, { option: "a", value: 2 }], edit: "" },
    env: { "a=b": "", C: 1 },
    tokens: "all",
    modle: "x",
  };
  const mode = "must be the id of a mode, { option, value }, or a list of them";
  expect(validate(value)).toEqual({
    issues: [
      { path: ["modle"], message: "is not known; known: preset, command, args, fallback, modes, env, tokens" },
      { path: ["preset"], message: "must be one of: claude, codex, gemini, copilot, opencode, qwen" },
      { path: ["command", 1], message: "must be text" },
      { path: ["command"], message: "must be a list: the program, then its arguments" },
      { path: ["args"], message: "must be a list of texts" },
      { path: ["fallback"], message: "must be true or false" },
      { path: ["tokens"], message: 'must be "turn" or "session"' },
      { path: ["modes", "write"], message: "is not known; known: readOnly, ask, edit, full" },
      { path: ["modes", "ask"], message: mode },
      { path: ["modes", "ask"], message: mode },
      { path: ["modes", "edit"], message: mode },
      { path: ["env", "a=b"], message: "is no name of a variable" },
      { path: ["env", "C"], message: "must be text" },
    ],
  });
});

test("what is no map of options, or neither names a preset nor a command, is refused", () => {
  for (const value of [null, "claude", ["claude"]])
    expect(validate(value)).toEqual({ issues: [{ message: "must be a map with a preset or a command" }] });
  expect(validate({})).toEqual({ issues: [{ path: [], message: "must have a preset or a command" }] });
  expect(validate({ command: ["a\0"], fallback: true, modes: 1, env: 1, preset: 1 })).toMatchObject({
    issues: expect.arrayContaining([
      { path: ["command", 0], message: "has a NUL character" },
      { path: ["fallback"], message: "needs a preset, without a command" },
      { path: ["modes"], message: "must be a map from accesses to modes" },
      { path: ["env"], message: "must be a map from names to texts" },
    ]),
  });
});
