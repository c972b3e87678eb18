import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createCli, createStalled, HALF, type TestCli, TWO_STAGE_FILES } from "../../test/cli-harness.js";

async function finished(files: Readonly<Record<string, string>> = TWO_STAGE_FILES): Promise<TestCli> {
  const cli = await createCli(files);
  await cli.run("run", "objective.md");
  return cli;
}

test("without a run it says so and what to type", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  expect(await cli.shown("report")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: there is no run yet [RUN_NOT_FOUND]
    hint: Start one: troupe run objective.md
    "
  `);
  expect((await cli.run("report", "nope-1")).code).toBe(2);
  expect(cli.has(".troupe")).toBe(false);
});

test("the report on a failed run has the reason, the log and the next command", async () => {
  const cli = await finished(HALF);
  const { stdout } = await cli.run("report");
  expect(stdout.slice(0, stdout.indexOf("## Overview"))).toMatchInlineSnapshot(`
    "# Run \`RUN\`: failed

    Try it · workflow stages (\`stages.yaml\`)

    **The run failed at SECOND: 1 of 2 stages completed, 1 failed.** Created DATE UTC, reported DATE UTC.

    Next: \`troupe resume RUN\`

    ## Failures

    **\`SECOND\` failed** with \`AGENT_CASSETTE_MISS\`: tape.jsonl has no line for stage SECOND, round 1, turn work, agent worker

    - What to do: Nearest recorded: stage FIRST, round 1, turn work, agent worker.
    - Last turn: \`SECOND.1\`

    "
  `);
});

test("each format goes to standard output, and into a file with --output", async () => {
  const cli = await finished();
  const starts = {
    markdown: "# Run `",
    junit: "<?xml",
    github: "## Troupe run `",
    html: "<!doctype html>",
    json: '{"version":1,',
  };
  for (const [format, start] of Object.entries(starts)) {
    const { code, stdout } = await cli.run("report", "--format", format);
    expect([format, code, stdout.slice(0, start.length)]).toEqual([format, 0, start]);
    const written = await cli.run("report", cli.runId(), "--format", format, "-o", `out.${format}`);
    expect([written.code, written.stdout]).toEqual([0, `out.${format}\n`]);
    expect(written.stderr).toMatch(/^Wrote the report \([\d.]+ KB\)\.\n$/);
    expect(cli.read(`out.${format}`).slice(0, start.length)).toBe(start);
  }
  await cli.run("report", "-o", "out.html"); // over the older one
  expect(cli.read("out.html")).toMatch(/^# Run/);
});

test("--json is the JSON format, and contradicts another", async () => {
  const cli = await finished();
  const report = JSON.parse((await cli.raw("report", "--json")).stdout);
  expect(report).toMatchObject({
    version: 1,
    runId: cli.runId(),
    status: "succeeded",
    holder: null,
    next: null,
    counts: { completed: 2, failed: 0 },
    turns: [{ turn: "FIRST.1" }, { turn: "SECOND.1" }],
  });
  expect(report.turns[0].log).toBe(`.troupe/runs/${cli.runId()}/logs/FIRST.1.log`);
  expect(await cli.shown("report", "--json", "--format", "html")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    {"version":1,"error":{"code":"USAGE","message":"--json and --format html contradict each other","hint":"Leave one of them out: troupe report --format html","exitCode":2,"file":null,"line":null,"column":null,"diagnostics":[],"details":{},"stack":null}}
    "
  `);
});

test("in GitHub Actions the summary of the step grows; a file or standard output that was asked for comes first", async () => {
  const cli = await finished();
  await cli.write("summary.md", "before\n");
  const environment = { GITHUB_STEP_SUMMARY: `${cli.folder}/summary.md` };
  const added = await cli.runWith({ environment }, "report", "--format", "github");
  expect(added).toEqual({ code: 0, stdout: "", stderr: "Added the report to the summary of this step.\n" });
  expect(cli.read("summary.md")).toMatch(/^before\n## Troupe run `[\s\S]*```mermaid\n/);
  const printed = await cli.runWith({ environment }, "report", "--format", "github", "-o", "-");
  expect(printed.stdout).toMatch(/^## Troupe run/);
  await cli.runWith({ environment }, "report"); // markdown has nothing to do with it
  expect(cli.read("summary.md").match(/## Troupe run/g)).toHaveLength(1);
});

test("a file that cannot be written is named, with another way, and leaves nothing behind", async () => {
  const cli = await finished();
  expect(await cli.shown("report", "-o", "no/such/folder.md")).toMatchInlineSnapshot(`
    "exit 6
    --- stderr
    error: the report cannot be written to PROJECT/no/such/folder.md: ENOENT: no such file or directory, open 'PROJECT/no/such/folder.md' [FILE_NOT_WRITTEN]
    hint: Name another place with -o, or print it: troupe report -o -
    "
  `);
  await cli.write("folder/file", "");
  const { code, stderr } = await cli.run("report", "-o", "folder");
  expect([code, stderr.includes("FILE_NOT_WRITTEN")]).toEqual([6, true]);
});

test("where the store keeps logs elsewhere, the command that prints one is named", async () => {
  const cli = await finished();
  // as with a store that has no such folder
  await rm(join(cli.folder, ".troupe/runs", cli.runId(), "logs"), { recursive: true });
  const report = JSON.parse((await cli.raw("report", "--json")).stdout);
  expect(report.turns[0].log).toBe(`troupe logs ${report.runId} FIRST`);
});

test("a run whose process is dead is stalled, and what was running is interrupted", async () => {
  const cli = await createStalled();
  const report = JSON.parse((await cli.raw("report", "--json")).stdout);
  expect(report).toMatchObject({
    status: "stalled",
    next: `troupe resume ${report.runId}`,
    stages: [{ status: "interrupted" }, { status: "pending" }],
    turns: [{ status: "abandoned" }],
  });
});

test("the value of a secret that was declared later is masked in a file too", async () => {
  const cli = await finished({ ...TWO_STAGE_FILES, "objective.md": "# Objective: use hunter2-hunter2\n" });
  await cli.run("report", "-o", "before.html", "--format", "html");
  expect(cli.read("before.html")).toContain("hunter2-hunter2");
  await cli.write("troupe.yaml", `${TWO_STAGE_FILES["troupe.yaml"]}secrets: [TOKEN]\n`);
  await cli.runWith({ environment: { TOKEN: "hunter2-hunter2" } }, "report", "-o", "after.html", "--format", "html");
  expect(cli.read("after.html")).not.toContain("hunter2-hunter2");
  expect(cli.read("after.html")).toContain("<!doctype html>");
});
