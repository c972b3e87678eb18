import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunnerHost, systemClock } from "@troupe/core";
import { expect, onTestFinished, test } from "vitest";
import { createQuestionBox, giveAnswer, type OpenQuestion, readQuestions } from "./question-box.js";

const RUN = "run-1";
const never = new AbortController().signal;

interface Box {
  readonly folder: string;
  readonly warnings: string[];
  readonly ask: NonNullable<RunnerHost["ask"]>;
  /** The questions, once there are so many. */
  open(count: number): Promise<readonly OpenQuestion[]>;
}

async function createBox(waitMs = 60_000): Promise<Box> {
  const folder = await mkdtemp(join(tmpdir(), "troupe-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const warnings: string[] = [];
  const logger = { debug: () => {}, info: () => {}, warn: (message: string) => void warnings.push(message) };
  const ask = createQuestionBox({ clock: systemClock, logger, stateFolder: folder }, waitMs);
  if (ask === null) throw new Error("somebody is asked");
  const open = async (count: number): Promise<readonly OpenQuestion[]> => {
    await expect.poll(() => readQuestions(folder, RUN)).toHaveLength(count);
    return await readQuestions(folder, RUN);
  };
  return { folder, warnings, ask, open };
}

function pick(questions: readonly OpenQuestion[], id: string): OpenQuestion {
  const found = questions.find((question) => question.id === id);
  if (found === undefined) throw new Error(`no question ${id}`);
  return found;
}

test("questions lie there until they are answered, each by itself, and it is said how", async () => {
  const { folder, ask, open, warnings } = await createBox();
  const asker = { runId: RUN, turn: "SPEC.1" };
  const answers = [ask("First? ", never, asker), ask("Second? ", never, asker)];
  const questions = await open(2);
  expect(questions.map(({ id, question }) => [id, question]).toSorted()).toEqual([
    ["SPEC.1", "First? "],
    ["SPEC.1-2", "Second? "],
  ]);
  expect(warnings.toSorted()[0]).toMatch(
    /^First\? \(waits for an answer until .* UTC; .*: troupe answer run-1 SPEC\.1 yes\)$/,
  );
  await giveAnswer(folder, RUN, pick(questions, "SPEC.1-2"), "no");
  await giveAnswer(folder, RUN, pick(questions, "SPEC.1"), "yes");
  expect(await Promise.all(answers)).toEqual(["yes", "no"]);
  expect(await readQuestions(folder, RUN)).toEqual([]);
});

test("an answer is given once", async () => {
  const { folder, ask, open } = await createBox();
  const answer = ask("May I? ", never, { runId: RUN, turn: "SPEC.1" });
  const [question] = await open(1);
  if (question === undefined) throw new Error("a question");
  const given = await Promise.allSettled(["yes", "no"].map((text) => giveAnswer(folder, RUN, question, text)));
  expect(given.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(given.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "NOT_WAITING" } });
  expect(await answer).toBe(given[0]?.status === "fulfilled" ? "yes" : "no");
});

test("one that nobody answers in time, or whose turn has ended, is taken away", async () => {
  const { folder, ask } = await createBox(1);
  await expect(ask("May I? ", never, { runId: RUN, turn: "SPEC.1" })).rejects.toThrow("nobody has answered in time");
  const patient = await createBox();
  const over = new AbortController();
  const asked = patient.ask("May I? ", over.signal, { runId: RUN, turn: "SPEC.1" });
  await patient.open(1);
  over.abort(new Error("over"));
  await expect(asked).rejects.toThrow("over");
  expect([await readQuestions(folder, RUN), await readQuestions(patient.folder, RUN)]).toEqual([[], []]);
  await expect(patient.ask("May I? ", over.signal, { runId: RUN, turn: "SPEC.1" })).rejects.toThrow("over");
});

test("what an agent has put there is no question, and a link in its place is refused", async () => {
  const { folder, ask, open } = await createBox();
  const asked = ask("May I? ", never, { runId: RUN, turn: "SPEC.1" });
  const questions = await open(1);
  for (const text of ["null", "{", '{"id":"../x","turn":"x","question":"x","askedAt":1,"until":1}'])
    await writeFile(join(folder, "runs", RUN, "questions", "foreign.json"), text);
  expect(await readQuestions(folder, RUN)).toEqual(questions);
  await giveAnswer(folder, RUN, pick(questions, "SPEC.1"), "yes");
  expect(await asked).toBe("yes");
  await rm(join(folder, "runs", RUN, "questions"), { recursive: true });
  await symlink(tmpdir(), join(folder, "runs", RUN, "questions"));
  await expect(ask("May I? ", never, { runId: RUN, turn: "SPEC.2" })).rejects.toThrow("is not a folder");
});

test("without a time to wait nobody is asked", () => {
  const logger = { debug: () => {}, info: () => {}, warn: () => {} };
  expect(createQuestionBox({ clock: systemClock, logger, stateFolder: "/nowhere" }, null)).toBe(null);
});

test("the command that answers names the folder where it was asked", async () => {
  const warnings: string[] = [];
  const logger = { debug: () => {}, info: () => {}, warn: (message: string) => void warnings.push(message) };
  const { folder } = await createBox();
  const place = (text: string): string => text.replace("troupe ", 'troupe --cwd "my project" ');
  const ask = createQuestionBox({ clock: systemClock, logger, stateFolder: folder }, 60_000, place);
  const over = new AbortController();
  const asked = ask?.("May I? ", over.signal, { runId: RUN, turn: "SPEC.1" });
  await expect.poll(() => warnings).toHaveLength(1);
  expect(warnings[0]).toContain(`from any terminal: troupe --cwd "my project" answer ${RUN} SPEC.1 yes)`);
  over.abort();
  await expect(asked).rejects.toThrow();
});
