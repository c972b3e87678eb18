import { expect, test } from "vitest";
import { at0, buildAutomaton } from "./mask-secrets-automaton.js";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Where patterns end in a text, with the length of the longest and whose it is. */
function matches(patterns: readonly string[], text: string): readonly (readonly number[])[] {
  const automaton = buildAutomaton(patterns.map((pattern, secret) => ({ bytes: bytesOf(pattern), secret })));
  let state = 0;
  return [...bytesOf(text)].flatMap((byte, index) => {
    state = at0(automaton.next, state * automaton.classCount + at0(automaton.classes, byte));
    const length = at0(automaton.matched, state);
    return length === 0 ? [] : [[index + 1, length, at0(automaton.secret, state)]];
  });
}

test("of patterns that end at one place the longest is found, and it knows whose it is", () => {
  expect(matches(["she", "he", "hers", "he"], "ushers he")).toEqual([
    [4, 3, 0],
    [6, 4, 2],
    [9, 2, 1],
  ]);
});

test("beyond the end of a table there is nothing", () => {
  expect([at0(new Int32Array([7]), 0), at0(new Uint16Array([7]), 1)]).toEqual([7, 0]);
});
