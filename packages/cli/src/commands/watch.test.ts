import { expect, test } from "vitest";
import { cassette, createCli, createStalled, HALF, LONG, TWO_STAGE_FILES } from "../../test/cli-harness.js";

test("watch of a run that is over tells all of it again and ends as it ended", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  await cli.run("run", "objective.md");
  expect(await cli.shown("watch")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Done: RUN. 2 completed of 2 stages.
    --- stderr
    TIME run RUN started: "Try it", workflow stages, 2 stages
    TIME FIRST: work by worker started
    TIME FIRST: work ended after SPAN
    TIME ✓ FIRST completed in SPAN
    TIME SECOND: work by worker started
    TIME SECOND: work ended after SPAN
    TIME ✓ SECOND completed in SPAN
    TIME run RUN succeeded: 2/2 stages done, SPAN, tokens unknown, cost unknown
    See it: troupe status RUN
    Artifacts: PROJECT/.troupe/runs/RUN/artifacts/latest
    "
  `);
});

test("watch of a failed run has its exit code, the reason and the next command", async () => {
  const cli = await createCli(HALF);
  await cli.run("run", "objective.md");
  expect(await cli.shown("watch", "-q")).toMatchInlineSnapshot(`
    "exit 1
    --- stdout
    Failed: RUN. 1 completed, 1 failed of 2 stages.
      SECOND: AGENT_CASSETTE_MISS: tape.jsonl has no line for stage SECOND, round 1, turn work, agent worker
        Nearest recorded: stage FIRST, round 1, turn work, agent worker.
    "
  `);
});

test("a late watcher gets the very lines of run --json, all of them", async () => {
  const cli = await createCli(HALF);
  const first = await cli.raw("run", "objective.md", "--json");
  const again = await cli.raw("resume", "--json");
  const watched = await cli.raw("watch", cli.runId(), "--json");
  expect(watched.stdout.startsWith(first.stdout)).toBe(true);
  expect(watched.stdout.endsWith(again.stdout)).toBe(true);
  const types = watched.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).type);
  expect(types[0]).toBe("run.created");
  expect(types.filter((type) => type === "run.finished")).toHaveLength(2);
  expect(watched.code).toBe(1);
});

test("watch follows a run that another command performs until it ends, and shows what its agents write", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "stages.yaml": "stages:\n  FIRST: { run: [node, wait.mjs] }\n  SECOND: { work_agent: worker, artifacts: [] }\n",
    "wait.mjs":
      'import { existsSync } from "node:fs";\nconsole.log("waiting for go");\nconst look = () => existsSync("go") || setTimeout(look, 20);\nlook();\n',
    "tape.jsonl": cassette({ stage: "SECOND" }),
  });
  const running = cli.run("run", "objective.md");
  await cli.journaled("turn.started");
  let screen = "";
  const terminal = {
    isTerminal: true,
    size: () => ({ columns: 120, rows: 24 }),
    write: (text: string) => {
      screen += text;
    },
  };
  const environment = { PATH: process.env.PATH, HOME: process.env.HOME, TERM: "xterm" };
  const watching = cli.runWith({ stderr: terminal, environment }, "watch");
  await expect.poll(() => screen, { timeout: 60_000 }).toContain("waiting for go");
  await cli.write("go", "");
  expect((await watching).stdout).toBe("Done: RUN. 2 completed of 2 stages.\n");
  expect((await running).code).toBe(0);
});

test("Ctrl+C leaves the run alone", async () => {
  const cli = await createCli(LONG);
  const stop = new AbortController();
  const running = cli.runWith(
    {
      onSignal: (listener) => {
        stop.signal.addEventListener("abort", () => listener("SIGINT"));
        return () => {};
      },
    },
    "run",
    "objective.md",
  );
  await cli.journaled("turn.started");
  const watching = cli.run("watch", "--json");
  await expect.poll(() => cli.listeners()).toBe(1);
  cli.signal("SIGINT");
  const { code, stderr } = await watching;
  expect({ code, stderr }).toEqual({ code: 130, stderr: "Left. The run goes on; to look again: troupe watch RUN\n" });
  expect((await cli.run("list")).stdout).toContain("running");
  stop.abort();
  expect((await running).code).toBe(130);
});

test("a run whose owner is dead is shown, and said to be", async () => {
  const cli = await createStalled();
  const { code, stdout, stderr } = await cli.run("watch");
  expect([code, stdout]).toEqual([1, "Stalled: RUN. Nobody works on it any more, and it has not finished.\n"]);
  expect(stderr).toContain("FIRST");
  expect(stderr.endsWith("Go on with it: troupe resume RUN\n")).toBe(true);
});

test("a run that does not exist is refused", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  expect(await cli.shown("watch", "nope-1")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: there is no run "nope-1" [RUN_NOT_FOUND]
    hint: See all runs: troupe list
    "
  `);
});
