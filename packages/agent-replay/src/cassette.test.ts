import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCassette } from "./cassette.js";
import type { CassetteLine } from "./cassette-line.js";

const key = { stage: "PLAN", round: 1, turn: "work", agent: "writer" } as const;
const line = (changes: object = {}): string => JSON.stringify({ ...key, output: "done", ...changes });
const failureOf = (text: string): unknown => {
  try {
    return parseCassette(text, "demo.jsonl");
  } catch (error) {
    return error;
  }
};

describe("a cassette", () => {
  test("is read with defaults, blank lines, a byte order mark and Windows line ends", () => {
    const full = {
      ...key,
      round: 2,
      delayMs: 5,
      output: "",
      files: [
        { path: "src/a.ts", content: "x" },
        { path: "b.md", content: "", root: "artifacts" },
      ],
      usage: { inputTokens: 1, costUsd: 0.5 },
      error: { code: "AGENT_FAILED", message: "HTTP 429", retry: "never" },
    };
    const cassette = parseCassette(`\u{feff}${line()}\r\n\n${JSON.stringify(full)}`, "demo.jsonl");
    const defaults = { delayMs: 0, files: [], usage: null, error: null };
    expect(cassette.lines).toEqual([
      { ...key, output: "done", ...defaults },
      {
        ...full,
        files: [
          { path: "src/a.ts", content: "x", encoding: "utf8", root: "workspace" },
          { path: "b.md", content: "", encoding: "utf8", root: "artifacts" },
        ],
        usage: { inputTokens: 1, outputTokens: null, costUsd: 0.5 },
      },
    ]);
    expect(cassette.find({ ...key, round: 2 })).toBe(cassette.lines[1]);
    expect(cassette.find({ ...key, round: 3 })).toBe(null);
  });

  test("may give an error as text and then needs no output", () => {
    const { lines } = parseCassette(JSON.stringify({ ...key, error: "it broke" }), "demo.jsonl");
    expect(lines).toMatchObject([{ output: "", error: { code: "AGENT_FAILED", message: "it broke", retry: null } }]);
  });

  test("finds each line by its key, whatever the order of the file", () => {
    const keys = fc.record({
      stage: fc.constantFrom("A", "B", "A.1"),
      round: fc.integer({ min: 1, max: 12 }),
      turn: fc.constantFrom("work" as const, "review" as const, "fix" as const),
      agent: fc.constantFrom("a", "b"),
    });
    const unique = fc.uniqueArray(keys, { selector: (each) => JSON.stringify(each) });
    fc.assert(
      fc.property(unique, (all) => {
        const lines = all.map((each, index) => JSON.stringify({ output: `${index}`, ...each }));
        const cassette = parseCassette(lines.join("\n"), "demo.jsonl");
        expect(all.map((each) => cassette.find(each)?.output)).toEqual(all.map((_, index) => `${index}`));
      }),
    );
  });

  test("with mistakes is refused with all of them, each at its line", () => {
    const text = [
      line(),
      "{",
      "[]",
      line({ stage: "a b", round: 0, turn: "play", agent: 1, extra: true }),
      line({ output: 1, delayMs: -1, files: {}, usage: [], error: 1 }),
      line({ round: 2, files: [1, { path: "../x", content: 1, root: "home", mode: 1 }, { content: "" }] }),
      line({ round: 2, usage: { inputTokens: -1, tokens: 1 }, error: { code: "NO_CODE", retry: "later", why: 1 } }),
      line(),
    ].join("\n");
    const error = failureOf(text);
    expect(error).toMatchObject({ code: "CASSETTE_INVALID", hint: expect.stringContaining("demo.jsonl") });
    expect(error instanceof Error ? error.message.replace(/not JSON: .*/, "not JSON") : "").toMatchInlineSnapshot(`
      "the cassette has 25 mistakes:
      demo.jsonl:2: is not JSON
      demo.jsonl:3: is not a JSON object
      demo.jsonl:4: extra is not known; known: stage, round, turn, agent, delayMs, output, files, usage, error
      demo.jsonl:4: stage must be the id of a stage
      demo.jsonl:4: round must be a whole number from 1
      demo.jsonl:4: turn must be one of work, review, check, fix
      demo.jsonl:4: agent must be the id of an agent
      demo.jsonl:5: delayMs must be a whole number of milliseconds
      demo.jsonl:5: output must be text
      demo.jsonl:5: files must be a list
      demo.jsonl:5: usage must be an object
      demo.jsonl:5: error must be text, or an object with a message
      demo.jsonl:6: files[0] must be an object with path and content
      demo.jsonl:6: files[1].mode is not known; known: path, content, encoding, root
      demo.jsonl:6: files[1].path cannot be used: it has a part ".."
      demo.jsonl:6: files[1].content must be text, or null to delete it
      demo.jsonl:6: files[1].root must be "workspace" or "artifacts"
      demo.jsonl:6: files[2].path cannot be used: it is not text
      demo.jsonl:7: usage.tokens is not known; known: inputTokens, outputTokens, costUsd
      demo.jsonl:7: usage.inputTokens must be a number, or null where it is unknown
      demo.jsonl:7: error.why is not known; known: code, message, retry
      demo.jsonl:7: error.code must be a known error code
      demo.jsonl:7: error.message must be text
      demo.jsonl:7: error.retry must be "never"
      demo.jsonl:8: stage PLAN, round 1, turn work, agent writer is already recorded in line 1"
    `);
  });

  test("with one mistake says so, and carries it as data", () => {
    expect(failureOf(line({ round: 0 }))).toMatchObject({
      message: "the cassette has a mistake:\ndemo.jsonl:1: round must be a whole number from 1",
      details: { file: "demo.jsonl", problems: [{ line: 1, message: "round must be a whole number from 1" }] },
    });
  });
});

test("the example of the README is a cassette", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const example = /```json\n(.*?)```/s.exec(readme)?.[1] ?? "";
  expect(parseCassette(example, "demo.jsonl").lines).toHaveLength(2);
});

test("a line that was read can be written and read again", () => {
  const first = parseCassette(line({ files: [{ path: "a", content: "b" }], usage: { costUsd: 1 } }), "x").lines;
  const text = first.map((each: CassetteLine) => JSON.stringify(each)).join("\n");
  expect(parseCassette(text, "x").lines).toEqual(first);
});
