import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "@troupe/core";
import { expect, test } from "vitest";
import { createCli, LONG, TWO_STAGE_FILES } from "../../test/cli-harness.js";
import { createQuestionBox, readQuestions } from "../questions/question-box.js";

const silent = { debug: () => {}, info: () => {}, warn: () => {} };

test("answers what an agent of a living run asks, and shows what is open", async () => {
  const cli = await createCli(LONG);
  const running = cli.run("run", "objective.md");
  await cli.journaled("turn.started");
  const runId = cli.runId();
  expect(await cli.shown("answer", runId)).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    No agent waits for an answer.
    "
  `);
  const stateFolder = join(cli.folder, ".troupe");
  const ask = createQuestionBox({ clock: systemClock, logger: silent, stateFolder }, 60_000);
  const answer = ask?.("Allow it to edit: a.md? [y/N] ", new AbortController().signal, { runId, turn: "FIRST.1" });
  await expect.poll(() => readQuestions(stateFolder, runId)).toHaveLength(1);
  const shown = (await cli.shown("answer", runId)).replace(/Until \S+(?: \S+)? UTC/g, "Until THEN UTC");
  expect(shown).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Allow it to edit: a.md? [y/N]
      Until THEN UTC: troupe answer RUN FIRST.1 yes
    "
  `);
  expect(await cli.shown("answer", runId, "SECOND.1", "yes")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: no agent of run RUN waits for an answer to SECOND.1 [NOT_WAITING]
    hint: See what is open: troupe answer RUN
    "
  `);
  expect(await cli.shown("answer", runId, "FIRST.1", "yes", "but", "only", "once")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Answered FIRST.1 of RUN.
    "
  `);
  expect(await answer).toBe("yes but only once");
  cli.signal("SIGINT");
  await running;
  expect(await cli.shown("answer", runId, "FIRST.1", "yes")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: nobody works on run RUN, so no agent of it waits for an answer [NOT_WAITING]
    hint: See how it stands: troupe status RUN
    "
  `);
});

test("a run that there is none of is named", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  expect(await cli.shown("answer", "no-such-run")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: there is no run "no-such-run" [RUN_NOT_FOUND]
    hint: See all runs: troupe list
    "
  `);
});

test("as JSON: what is open, also in the status, and what was answered; of a dead process nothing is open", async () => {
  const cli = await createCli(LONG);
  const running = cli.run("run", "objective.md");
  await cli.journaled("turn.started");
  const runId = cli.runId();
  const folder = join(cli.folder, ".troupe/runs", runId, "questions");
  const first = { id: "FIRST.1", turn: "FIRST.1", question: "May I?", askedAt: 1, until: 9 };
  const second = { ...first, id: "FIRST.1-2", question: "And that?", askedAt: 2 };
  const printed = async (...args: readonly string[]): Promise<unknown> =>
    JSON.parse((await cli.raw(...args, "--json")).stdout);
  const asked = async (): Promise<unknown> => {
    const { questions } = Object(await printed("status"));
    return questions;
  };
  expect(await asked()).toEqual([]);
  expect(await printed("answer", runId)).toEqual({ version: 1, runId, answered: null, questions: [] });
  await mkdir(folder);
  for (const one of [second, first]) await writeFile(join(folder, `${one.id}.json`), JSON.stringify(one));
  const both = [first, second];
  expect(await asked()).toEqual(both);
  expect(await printed("answer", runId)).toEqual({ version: 1, runId, answered: null, questions: both });
  expect(await printed("answer", runId, second.id)).toEqual({ version: 1, runId, answered: null, questions: [second] });
  expect(await printed("answer", runId, first.id, "no", "never")).toEqual({
    version: 1,
    runId,
    answered: first.id,
    questions: [second],
  });
  expect(cli.read(`.troupe/runs/${runId}/questions/FIRST.1.answer`)).toBe("no never");
  cli.signal("SIGINT");
  await running;
  expect(await asked()).toEqual([]); // though the files lie there still
});
