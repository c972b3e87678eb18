import { expect, test } from "vitest";
import { cassette, createCli, OBJECTIVE, TWO_STAGE_FILES } from "../../test/cli-harness.js";

/** FIRST succeeds, SECOND is not on the cassette. */
const FAILING = { ...TWO_STAGE_FILES, "tape.jsonl": cassette({ stage: "FIRST" }) };
/** FIRST takes an hour. */
const LONG = { ...TWO_STAGE_FILES, "tape.jsonl": cassette({ stage: "FIRST", delayMs: 3_600_000 }) };

test("an unfinished run of the same objective is named, and without a terminal it takes --new", async () => {
  const cli = await createCli(FAILING);
  expect((await cli.run("run", "objective.md")).code).toBe(1);
  expect(await cli.shown("run", "objective.md")).toMatchInlineSnapshot(`
    "exit 4
    --- stderr
    error: run RUN of this objective is unfinished (failed) [RUN_UNFINISHED]
    hint: Go on with it: troupe resume RUN
    or start a new one: add --new
    "
  `);
  expect((await cli.run("run", "-m", OBJECTIVE)).code).toBe(4);
  await cli.write("objective.md", `${OBJECTIVE}- It is edited\n`);
  expect((await cli.run("run", "objective.md")).code).toBe(4);
  expect(cli.runs()).toHaveLength(1);
  expect((await cli.run("run", "objective.md", "--new")).code).toBe(1);
  expect((await cli.run("run", "objective.md", "--yes")).code).toBe(1);
  expect(cli.runs()).toHaveLength(3);
});

test("another objective starts a run of its own", async () => {
  const cli = await createCli(FAILING);
  await cli.run("run", "objective.md");
  expect((await cli.run("run", "-m", "# Objective: Try it\n\nOtherwise.\n")).code).toBe(1);
  expect((await cli.run("run", "-m", "Something else")).code).toBe(1);
  expect(cli.runs()).toHaveLength(3);
});

test("a person at the terminal is asked, and the answer counts", async () => {
  const cli = await createCli(FAILING);
  await cli.run("run", "objective.md");
  const questions: string[] = [];
  const answering = (answer: string) => ({
    ask: async (question: string) => {
      questions.push(question.replace(cli.runId(), "RUN"));
      return answer;
    },
  });
  expect((await cli.runWith(answering(""), "run", "objective.md")).code).toBe(4);
  expect((await cli.runWith(answering("no"), "run", "objective.md")).code).toBe(4);
  expect((await cli.runWith(answering("y"), "run", "objective.md", "--no-input")).code).toBe(4);
  expect((await cli.runWith(answering(" Yes "), "run", "objective.md")).code).toBe(1);
  expect(questions).toEqual(
    Array.from(
      { length: 3 },
      () => "Run RUN of this objective is unfinished (failed). Start a new one all the same? [y/N] ",
    ),
  );
  expect(cli.runs()).toHaveLength(2);
});

test("while a run may write the working tree another one is refused, unless the tree is shared", async () => {
  const cli = await createCli(LONG);
  const first = cli.run("run", "objective.md", "--quiet");
  await cli.journaled("turn.started");
  expect(await cli.shown("run", "-m", "Something else")).toMatchInlineSnapshot(`
    "exit 4
    --- stderr
    error: run RUN (process PID on HOST) may change the same working tree [TREE_BUSY]
    hint: Wait for it: troupe status RUN
    or accept the risk: add --share-tree
    "
  `);
  expect(await cli.shown("run", "objective.md")).toMatchInlineSnapshot(`
    "exit 4
    --- stderr
    error: run RUN of this objective is unfinished (running) [RUN_UNFINISHED]
    hint: See what it does: troupe status RUN
    or start a new one: add --new
    "
  `);
  expect(cli.runs()).toHaveLength(1);
  const second = cli.run("run", "-m", "Something else", "--share-tree", "--quiet", "--max-duration", "20ms");
  expect((await second).code).toBe(7);
  cli.signal("SIGINT");
  expect((await first).code).toBe(130);
  expect(cli.runs()).toHaveLength(2);
});

test("runs that only write artifacts do not disturb each other", async () => {
  const cli = await createCli({
    ...LONG,
    "stages.yaml": "stages:\n  FIRST: { work_agent: worker, artifacts: [], writes: artifacts }\n",
    "other.yaml": "stages:\n  OTHER: { work_agent: worker, artifacts: [] }\n",
    "other.jsonl": cassette({ stage: "OTHER" }),
  });
  const first = cli.run("run", "objective.md", "--quiet");
  await cli.journaled("turn.started");
  const other = ["run", "-m", "Else", "--workflow", "other.yaml", "--agent", "all=replay:other.jsonl", "--quiet"];
  expect((await cli.run(...other)).code).toBe(0);
  expect((await cli.run("run", "-m", "More", "--quiet", "--max-duration", "20ms")).code).toBe(7);
  cli.signal("SIGTERM");
  expect((await first).code).toBe(143);
});
