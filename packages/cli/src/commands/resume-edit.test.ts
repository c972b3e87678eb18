import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cassette, createCli, OBJECTIVE, type TestCli } from "../../test/cli-harness.js";

const STAGES = `stages:
  SPEC: { work_agent: worker, artifacts: [spec.md], description: First }
  BUILD: { work_agent: worker, artifacts: [], writes: artifacts }
  DOCS: { work_agent: writer, artifacts: [], writes: artifacts }
  END: { work_agent: worker, artifacts: [] }
parallel_groups:
  both: { stages: [BUILD, DOCS] }
`;
const SPEC = { stage: "SPEC", files: [{ path: "spec.md", content: "one", root: "artifacts" }] };
const WHOLE = cassette(SPEC, { stage: "BUILD" }, { stage: "DOCS", agent: "writer" }, { stage: "END" });
const FILES = {
  "objective.md": OBJECTIVE,
  "stages.yaml": STAGES,
  "tape.jsonl": cassette(SPEC, { stage: "BUILD" }, { stage: "DOCS", agent: "writer" }),
  "troupe.yaml": 'agents:\n  default: ["replay", { file: tape.jsonl }]\n',
};

/** A run whose last stage has failed, with a cassette that would let it succeed. */
async function createFailed(): Promise<TestCli> {
  const cli = await createCli(FILES);
  expect((await cli.run("run", "objective.md")).code).toBe(1);
  await cli.write("tape.jsonl", WHOLE);
  return cli;
}

const EDITED = STAGES.replace("First", "Another text");

/** The turns that a command started. */
function started({ stderr }: { readonly stderr: string }): readonly string[] {
  return [...stderr.matchAll(/(\w+): \w+ by \w+ started/g)].flatMap(([, stage]) => stage ?? []);
}

test("a finished stage that was edited: the resume stops with the plan, and goes on as it is told", async () => {
  const cli = await createFailed();
  await cli.write("stages.yaml", EDITED);
  const before = cli.read(`.troupe/runs/${cli.runId()}/journal.jsonl`);
  expect(await cli.shown("resume")).toMatchInlineSnapshot(`
    "exit 3
    --- stderr
    Resuming RUN would ask what to do with what is finished
      SPEC   ask   starts anew, for its definition changed (description)
      BUILD  ask   builds on SPEC, which runs before it
      DOCS   ask   builds on SPEC, which runs before it
      END    run   has failed and starts anew

    Nothing was changed.
    error: run RUN does not go on by itself: SPEC changed after being finished; BUILD, DOCS build on what would run [STAGE_CHANGED]
    hint: Run what changed again, with what depends on it: troupe resume RUN --rerun-changed
    or let what is finished stand: troupe resume RUN --keep-completed
    "
  `);
  expect(cli.read(`.troupe/runs/${cli.runId()}/journal.jsonl`)).toBe(before);
  expect(await cli.shown("resume", "--plan", "--rerun-changed")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Resuming RUN would
      SPEC   run   starts anew, for its definition changed (description)
      BUILD  run   builds on SPEC, which runs before it
      DOCS   run   builds on SPEC, which runs before it
      END    run   has failed and starts anew

    Nothing was changed. To do it: troupe resume RUN --rerun-changed
    "
  `);
  const again = await cli.run("resume", "--rerun-changed");
  expect([again.code, [...started(again)].sort()]).toEqual([0, ["BUILD", "DOCS", "END", "SPEC"]]);
});

test("told to keep what is finished, it runs only what is not, and does not ask again", async () => {
  const cli = await createFailed();
  await cli.write("tape.jsonl", FILES["tape.jsonl"]);
  await cli.write("stages.yaml", EDITED);
  const kept = await cli.run("resume", "--keep-completed");
  expect([kept.code, started(kept)]).toEqual([1, ["END"]]);
  expect(kept.stderr).toContain("Edited: SPEC is finished, before its description was edited.\n");
  await cli.write("tape.jsonl", WHOLE);
  const again = await cli.run("resume");
  expect([again.code, started(again)]).toEqual([0, ["END"]]);
});

test("an edit of what has not completed counts, is said, and runs nothing finished again", async () => {
  const cli = await createFailed();
  await cli.write("stages.yaml", STAGES.replace("END: {", "END: { description: Mended,"));
  const { code, stderr } = await cli.run("resume");
  expect([code, started({ stderr })]).toEqual([0, ["END"]]);
  expect(stderr).toContain(
    "Edited: END has failed and starts anew; its description was edited, and the new text counts.\n",
  );
});

test("names, timeouts, limits and groups run nothing again", async () => {
  const cli = await createFailed();
  const [stages = ""] = STAGES.replace("description: First", "description: First, timeout: 5m").split("parallel");
  await cli.write("stages.yaml", stages);
  await cli.write("troupe.yaml", `${FILES["troupe.yaml"]}limits: { duration: 20h }\n`);
  const again = await cli.run("resume");
  expect([again.code, started(again)]).toEqual([0, ["END"]]);
});

test("a stage that was renamed is not started again silently: the nearest id is named", async () => {
  const cli = await createFailed();
  await cli.write("stages.yaml", STAGES.replaceAll("BUILD", "BUILDS"));
  expect(await cli.shown("resume")).toMatchInlineSnapshot(`
    "exit 3
    --- stderr
    Resuming RUN would ask what to do with what is finished
      SPEC    keep  is finished
      BUILDS  run   is new
      DOCS    keep  is finished
      END     run   has failed and starts anew
      BUILD   ask   is completed and no longer in the workflow (or did you rename it to BUILDS?)

    Nothing was changed.
    error: run RUN does not go on by itself: BUILD is no longer in the workflow; did you rename it to BUILDS? [STAGE_CHANGED]
    hint: Run what changed again, with what depends on it: troupe resume RUN --rerun-changed
    or let what is finished stand: troupe resume RUN --keep-completed
    Both forget what BUILD has done.
    "
  `);
});

test("an edited objective changes the prompts of all who read it", async () => {
  const cli = await createFailed();
  await cli.write("objective.md", `${OBJECTIVE}- And more\n`);
  const { code, stderr } = await cli.run("resume");
  expect([code, stderr]).toEqual([
    3,
    expect.stringContaining("SPEC   ask   starts anew, for its prompt changed (objective)"),
  ]);
});

test("a missing objective or workflow is a coded error, with the way to go on without it", async () => {
  const cli = await createFailed();
  await rm(join(cli.folder, "objective.md"));
  expect(await cli.shown("resume")).toMatchInlineSnapshot(`
    "exit 3
    --- stderr
    error: cannot read objective.md: it does not exist [FILE_NOT_FOUND]
    hint: See what is there: ls -l PROJECT
    or go on with the files as they were recorded: troupe resume RUN --recorded
    "
  `);
  await rm(join(cli.folder, "stages.yaml"));
  expect((await cli.run("resume")).code).toBe(3);
  const again = await cli.run("resume", "--recorded");
  expect([again.code, started(again)]).toEqual([0, ["END"]]);
});

test("mistakes in an edited workflow are shown, and nothing is touched", async () => {
  const cli = await createFailed();
  await cli.write("stages.yaml", STAGES.replace("work_agent: writer", "work_agnt: writer"));
  const { code, stderr } = await cli.run("resume");
  expect([code, stderr]).toEqual([3, expect.stringContaining("--recorded\n")]);
  expect(stderr).toContain("stages.yaml:4");
});

test("--from starts a stage and what depends on it anew; an unknown one is a coded error with the nearest", async () => {
  const cli = await createFailed();
  const again = await cli.run("resume", "--from", "DOCS");
  expect([again.code, started(again)]).toEqual([0, ["DOCS", "END"]]);
  const other = await createFailed();
  expect(await other.shown("resume", "--from", "DOC")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: the workflow has no stage "DOC" [STAGE_UNKNOWN]
    hint: Did you mean DOCS? Its stages are SPEC, BUILD, DOCS, END.
    "
  `);
});

test("two attempts leave two folders of artifacts, and the first stays as it is", async () => {
  const cli = await createFailed();
  await cli.write("tape.jsonl", WHOLE.replace('"one"', '"two"'));
  expect((await cli.run("resume", "--from", "SPEC")).code).toBe(0);
  const artifacts = `.troupe/runs/${cli.runId()}/artifacts`;
  expect(["SPEC.1", "SPEC.2", "latest"].map((turn) => cli.read(`${artifacts}/${turn}/spec.md`))).toEqual([
    "one",
    "two",
    "two",
  ]);
});

test("both answers at once are refused", async () => {
  const cli = await createFailed();
  expect((await cli.run("resume", "--rerun-changed", "--keep-completed")).code).toBe(2);
  expect((await cli.run("resume", "--recorded", "--input", "A=1")).code).toBe(2);
});

test("the built-in workflow is the recorded one, and a stages.yaml that appears later is not adopted", async () => {
  const cli = await createCli({
    "objective.md": OBJECTIVE,
    "tape.jsonl": cassette(),
    "package.json": '{"scripts":{"test":"true"}}',
  });
  expect((await cli.run("run", "objective.md", "--agent", "all=replay:tape.jsonl")).code).toBe(1);
  await cli.write("stages.yaml", STAGES);
  const { code, stdout } = await cli.run("resume", "--plan");
  expect([code, stdout]).toEqual([0, expect.stringContaining("BUSINESS_PROBLEM")]);
});

test("resume at the second member of a group does not skip the first", async () => {
  const cli = await createCli({ ...FILES, "tape.jsonl": cassette(SPEC, { stage: "DOCS", agent: "writer" }) });
  expect((await cli.run("run", "objective.md", "--concurrency", "1")).code).toBe(1);
  await cli.write("tape.jsonl", WHOLE);
  const again = await cli.run("resume");
  expect([again.code, started(again)]).toEqual([0, ["BUILD", "END"]]);
});

test("why: kept, failed, edited and behind what was edited, each with its facts and the next command", async () => {
  const cli = await createFailed();
  expect(await cli.shown("why", "SPEC")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    SPEC of RUN: keep. It is finished.
      completed at DATE UTC, after 1 turn
    Next: troupe resume RUN
    "
  `);
  expect(await cli.shown("why", "END", cli.runId())).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    END of RUN: run. It has failed and starts anew.
      failed at DATE UTC, after 1 turn
      AGENT_CASSETTE_MISS: tape.jsonl has no line for stage END, round 1, turn work, agent worker
    Next: troupe resume RUN
    "
  `);
  await cli.write("stages.yaml", EDITED);
  expect(await cli.shown("why", "SPEC")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    SPEC of RUN: ask first. It starts anew, for its definition changed (description).
      completed at DATE UTC, after 1 turn
      description: "First" -> "Another text"
    Next: troupe resume RUN --rerun-changed
      or: troupe resume RUN --keep-completed
    "
  `);
  expect(await cli.shown("why", "DOCS", "--rerun-changed")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    DOCS of RUN: run. It builds on SPEC, which runs before it.
      completed at DATE UTC, after 1 turn
      SPEC starts anew, for its definition changed (description)
    Next: troupe resume RUN --rerun-changed
    "
  `);
  await cli.write("stages.yaml", STAGES.replaceAll("BUILD", "BUILDS"));
  expect(await cli.shown("why", "BUILD")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    BUILD of RUN: it is completed and no longer in the workflow (or did you rename it to BUILDS?).
      completed at DATE UTC, after 1 turn
    Next: troupe resume RUN --rerun-changed
      or: troupe resume RUN --keep-completed
    "
  `);
  expect((await cli.run("why", "NOBODY")).code).toBe(2);
  expect(JSON.parse((await cli.raw("why", "END", "--recorded", "--json")).stdout)).toMatchObject({
    stage: "END",
    action: "run",
    reason: "failed",
  });
});

test("why of a run that has succeeded says that everything is kept", async () => {
  const cli = await createFailed();
  expect((await cli.run("resume")).code).toBe(0);
  expect(await cli.shown("why", "END")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    END of RUN: keep. It is finished.
      completed at DATE UTC, after 2 turns
    "
  `);
});
