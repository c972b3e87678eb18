import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createJsonLines } from "./json-lines.js";
import { PRESETS } from "./presets.js";
import { NOTHING_READ, type StreamState } from "./stream-state.js";

/**
 * Whole turns as the programs of the README printed them against the scripted service of `pnpm e2e:agents`, which asks
 * for one tool. Only paths, ids and long texts are others. `pnpm e2e:agents --record DIR` records anew.
 */
function readRecorded(name: keyof typeof PRESETS): readonly StreamState[] {
  const states = [NOTHING_READ];
  const lines = createJsonLines((object) => {
    const before = states.at(-1) ?? NOTHING_READ;
    states.push(PRESETS[name].dialect?.read(before, object) ?? before);
  });
  lines.write(readFileSync(new URL(`../test/recorded/${name}.jsonl`, import.meta.url)));
  lines.end();
  return states;
}

const text = "It is done.\n\nVERIFIED_APPROVED: the file is there.";
const tokens = { inputTokens: 200, outputTokens: 14, costUsd: null };
const unknown = { inputTokens: null, outputTokens: null };

test.each<[keyof typeof PRESETS, Partial<StreamState>]>([
  ["claude", { usage: { ...tokens, costUsd: 0.00108 }, total: { ...unknown, costUsd: 0.00108 } }],
  ["codex", { total: tokens }],
  // with a service of the user's own it does not even tell the tokens that it wrote
  ["copilot", { session: "00000000-0000-4000-8000-000000000058" }],
  // the model that chooses the model is asked as well
  ["gemini", { usage: { ...tokens, inputTokens: 300, outputTokens: 21 }, isMessageOver: false }],
  ["opencode", { session: "ses_00000000000000000000000001", usage: { ...tokens, costUsd: 0 }, isMessageOver: false }],
  ["qwen", { total: tokens }],
])("a recorded turn of %s gives text, session and usage", (name, expected) => {
  const session = "00000000-0000-4000-8000-000000000001";
  const states = readRecorded(name);
  expect(states.at(-1)).toEqual({
    ...NOTHING_READ,
    isDone: true,
    text,
    session,
    calls: expect.any(Array),
    ...expected,
  });
  // only OpenCode says nothing of a tool while it runs
  expect(states.some(({ tools }) => tools.length > 0)).toBe(name !== "opencode");
});
