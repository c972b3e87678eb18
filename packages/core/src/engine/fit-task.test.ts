import { expect, test } from "vitest";
import { definitionOf, HandRun } from "../../test/hand-run.js";
import type { TextRef, TurnTask } from "../index.js";
import { createMemoryStore } from "../memory.js";
import { fitTask } from "./fit-task.js";
import { readText, sha256, writeText } from "./text.js";

const RUN = "run-1";

function inline(size: number, letter: string): TextRef {
  const text = letter.repeat(size);
  return { sha256: sha256(text), bytes: size, text };
}

/** A task as it comes from the state, with texts of the given size in all places. */
function taskWith(size: number): TurnTask {
  const run = new HandRun(definitionOf([{ id: "A", workAgent: "w" }]));
  const task = run.task("A.1");
  const input = { ...inline(size, "i"), stage: "Z", name: null, turn: "Z.1" };
  const file = { ...inline(size, "f"), stage: "Z", name: "z.md", turn: "Z.1", text: null };
  return {
    ...task,
    objective: inline(size, "o"),
    inputs: [input, file],
    feedback: [{ source: "review", round: 1, text: inline(size, "b") }],
    underReview: { stage: "Z", name: "Z", turns: [{ turn: "Z.1", output: inline(size, "u") }] },
  };
}

test("a task that fits stays as it is", async () => {
  const { blobs } = createMemoryStore();
  const task = taskWith(8_000);
  expect(await fitTask(blobs, task)).toBe(task);
  const small = { ...taskWith(100), underReview: null };
  expect(await fitTask(blobs, small)).toBe(small);
});

test("the texts of a task that would not fit move to the blob store, and can be read from there", async () => {
  const { blobs } = createMemoryStore();
  const task = taskWith(20_000);
  const fitting = await fitTask(blobs, task);
  expect(JSON.stringify(fitting).length).toBeLessThan(4_000);
  const texts = [
    fitting.objective,
    ...fitting.inputs,
    ...fitting.feedback.map(({ text }) => text),
    ...(fitting.underReview?.turns ?? []).map(({ output }) => output),
  ];
  expect(texts.map(({ text }) => text)).toEqual([null, null, null, null, null]);
  for (const [index, letter] of [..."oi", null, ..."bu"].entries()) {
    const ref = texts[index];
    if (ref === undefined || letter === null) continue; // a file was in the store before
    expect(await readText(blobs, RUN, ref)).toBe(letter.repeat(20_000));
  }
  expect(fitting).toMatchObject({ runId: RUN, turn: "A.1", inputs: [{ stage: "Z", turn: "Z.1" }, { name: "z.md" }] });
  expect((await fitTask(blobs, { ...task, underReview: null })).underReview).toBeNull();
});

test("a text of up to 8 KiB is its own reference, a longer one is content of the store", async () => {
  const { blobs } = createMemoryStore();
  const small = "ä".repeat(4_096);
  expect(await writeText(blobs, RUN, small)).toEqual({ sha256: sha256(small), bytes: 8_192, text: small });
  const large = `${small}!`;
  const ref = await writeText(blobs, RUN, large);
  expect(ref).toEqual({ sha256: sha256(large), bytes: 8_193, text: null });
  expect(await readText(blobs, RUN, ref)).toBe(large);
  expect(await readText(blobs, RUN, { ...ref, text: "given" })).toBe("given");
});
