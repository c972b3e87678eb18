import { expect, test } from "vitest";
import { cassette, createCli, TWO_STAGE_FILES } from "../../test/cli-harness.js";

test("logs prints what the turns wrote, all or one stage or the failed ones", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "tape.jsonl": cassette(
      { stage: "FIRST", output: "red \u001b[31mline\r\n\nwhole" },
      { stage: "SECOND", output: "it broke", error: { message: "no", retry: "never" } },
    ),
  });
  await cli.run("run", "objective.md");
  expect(await cli.shown("logs")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    red line

    whole
    it broke
    --- stderr
    --- FIRST.1
    --- SECOND.1
    "
  `);
  expect(await cli.shown("logs", cli.runId(), "FIRST")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    red line

    whole
    --- stderr
    --- FIRST.1
    "
  `);
  expect(await cli.shown("logs", "--failed", "--quiet")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    it broke
    "
  `);
  expect(await cli.shown("logs", cli.runId(), "THIRD")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: the workflow has no stage "THIRD" [STAGE_UNKNOWN]
    hint: Its stages are FIRST, SECOND.
    "
  `);
  expect(await cli.shown("logs", "nope-1")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: there is no run "nope-1" [RUN_NOT_FOUND]
    hint: See all runs: troupe list
    "
  `);
});

test("logs --follow goes on until the run has ended", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "tape.jsonl": cassette({ stage: "FIRST", output: "first answer" }, { stage: "SECOND", delayMs: 3_600_000 }),
  });
  const running = cli.run("run", "objective.md");
  await cli.journaled("SECOND.1");
  let printed = "";
  const stdout = {
    write: (text: string) => {
      printed += text;
    },
    isTerminal: false,
    size: () => ({ columns: 80, rows: 24 }),
  };
  const following = cli.runWith({ stdout }, "logs", "--follow", "--quiet");
  await expect.poll(() => printed).toBe("first answer");
  cli.signal("SIGINT");
  expect((await running).code).toBe(130);
  expect((await following).code).toBe(0);
  expect(printed).toBe("first answer\n");
});

test("logs --json has the pieces of each log with their turn, and -f goes on while the run does", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "stages.yaml": "stages:\n  FIRST: { run: [node, wait.mjs] }\n",
    "wait.mjs":
      'import { existsSync } from "node:fs";\nconsole.log("begun");\nconst look = () => existsSync("go") ? console.log("ended") : setTimeout(look, 20);\nlook();\n',
  });
  const running = cli.run("run", "objective.md");
  await cli.journaled("turn.started");
  let printed = "";
  const stdout = {
    isTerminal: false,
    size: () => ({ columns: 80, rows: 24 }),
    write: (text: string) => {
      printed += text;
    },
  };
  const following = cli.runWith({ stdout }, "logs", "-f", "--json");
  await expect.poll(() => printed, { timeout: 60_000 }).toContain("begun");
  await cli.write("go", "");
  expect([(await following).code, (await running).code]).toEqual([0, 0]);
  const pieces = printed
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(pieces.map(({ v, turn }) => [v, turn])).toEqual(pieces.map(() => [1, "FIRST.1"]));
  expect(pieces.map(({ text }) => text).join("")).toBe("begun\nended\n");
});

test("the end of a log stands with its turn, also where it could have become a secret", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "troupe.yaml": `secrets: [TOKEN]\n${TWO_STAGE_FILES["troupe.yaml"] ?? ""}`,
    "tape.jsonl": cassette(
      { stage: "FIRST", output: "one\nbegins with canary-12" },
      { stage: "SECOND", output: "two" },
    ),
  });
  const environment = { PATH: process.env.PATH, TOKEN: "canary-1234567890" };
  await cli.runWith({ environment }, "run", "objective.md");
  expect(await cli.shownWith({ environment }, "logs")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    one
    begins with canary-12
    two
    --- stderr
    --- FIRST.1
    --- SECOND.1
    "
  `);
  const { stdout } = await cli.runWith({ environment }, "logs", "--json");
  const parts = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(parts.map(({ turn }) => turn)).toEqual(["FIRST.1", "FIRST.1", "SECOND.1"]);
});

test("logs says so when there is nothing to print", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "stages.yaml": `stages:
  QUIET: { run: [node, -e, ""] }
  BREAKS: { run: [node, -e, "process.exit(1)"] }
  LATER: { run: [node, -e, ""] }
`,
  });
  await cli.run("run", "objective.md");
  const said = async (...args: readonly string[]): Promise<string> => (await cli.run("logs", ...args)).stderr;
  expect([await said(cli.runId(), "QUIET"), await said(cli.runId(), "LATER")]).toEqual([
    "No turn of QUIET has written anything.\n",
    "No turn of LATER has started.\n",
  ]);
  expect(await said(cli.runId(), "QUIET", "--failed")).toBe("No turn of QUIET has failed.\n");
});
