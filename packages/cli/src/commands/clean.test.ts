import { expect, test } from "vitest";
import { createCli, HALF, LONG, TWO_STAGE_FILES } from "../../test/cli-harness.js";

test("runs that are over are removed once somebody has said yes, and the bytes are counted", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  await cli.run("run", "objective.md");
  const dry = await cli.run("clean", "--dry-run");
  expect(dry.stdout).toMatch(
    /^RUN +succeeded +DATE {2}[\d.]+ KB +Try it\nWould remove 1 run of [\d.]+ KB\. Nothing was changed\.\n$/,
  );
  expect(dry.stderr).toBe("To do it: troupe clean\n");
  const refused = await cli.run("clean");
  expect([refused.code, refused.stderr.split("\n").slice(1)]).toEqual([
    2,
    [
      "error: this run would be removed for good [CONFIRMATION_NEEDED]",
      "hint: Remove for good: troupe clean --yes",
      "",
    ],
  ]);
  expect(cli.runs()).toHaveLength(1);
  const report = JSON.parse((await cli.runWith({ ask: async () => "y" }, "clean", "--json")).stdout);
  expect(report).toMatchObject({
    version: 1,
    dryRun: false,
    removed: [{ runId: "RUN", status: "succeeded" }],
    heldMeanwhile: [],
  });
  expect(report.freedBytes).toBeGreaterThan(1_000);
  expect(report.freedBytes).toBe(report.removed[0].bytes);
  expect([cli.runs(), cli.has(".troupe/blobs")]).toEqual([[], true]);
  expect((await cli.run("clean")).stderr).toBe(
    "There is nothing to remove. Runs that are not over stay unless they are named; see all: troupe list\n",
  );
});

test("a run that is not over stays unless it is meant, and one that is held stays in any case", async () => {
  const half = await createCli(HALF);
  await half.run("run", "objective.md");
  expect((await half.run("clean", "--yes")).stdout).toBe("");
  expect((await half.run("clean", "--unfinished", "--yes")).stdout).toMatch(/^Removed 1 run, [\d.]+ KB freed\.\n$/);
  const held = await createCli(LONG);
  const running = held.run("run", "objective.md");
  await held.journaled("turn.started");
  expect((await held.run("clean", "--unfinished", "--yes")).stdout).toBe("");
  expect(await held.shown("clean", held.runId(), "--yes")).toMatchInlineSnapshot(`
    "exit 4
    --- stderr
    error: run RUN is held by process PID on HOST [RUN_LOCKED]
    hint: End it first: troupe cancel RUN
    "
  `);
  held.signal("SIGINT");
  await running;
  expect((await held.run("clean", held.runId(), "--yes")).code).toBe(0);
  expect(held.runs()).toEqual([]);
});

test("--keep and --older-than choose", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  for (let n = 0; n < 3; n += 1) await cli.run("run", "objective.md");
  const removed = async (...args: readonly string[]): Promise<number> =>
    JSON.parse((await cli.run("clean", "--dry-run", "--json", ...args)).stdout).removed.length;
  expect([await removed(), await removed("--keep", "2"), await removed("--older-than", "1h")]).toEqual([3, 1, 0]);
  expect(await cli.shown("clean", "--older-than", "soon")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: --older-than soon is no age [USAGE]
    hint: Write it like 30d, 2w or 12h: troupe clean --older-than 30d --dry-run
    "
  `);
  expect((await cli.run("clean", "--keep", "few")).code).toBe(2);
});

test("a run whose process is dead is called stalled, as by list", async () => {
  const cli = await createCli(HALF);
  await cli.run("run", "objective.md");
  const journal = `.troupe/runs/${cli.runId()}/journal.jsonl`;
  const lines = cli.read(journal).trimEnd().split("\n");
  // as far as it had come when it was killed
  await cli.write(journal, `${lines.slice(0, 3).join("\n")}\n`);
  const { stdout } = await cli.run("clean", "--unfinished", "--dry-run", "--json");
  const report = JSON.parse(stdout) as { readonly removed: readonly { readonly status: string }[] };
  expect(report.removed.map(({ status }) => status)).toEqual(["stalled"]);
});
