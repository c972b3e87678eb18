import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cassette, createCli, OBJECTIVE, type TestCli } from "../../test/cli-harness.js";
import { createTeamBot, upTo } from "../../test/teambot-project.js";

const STAGES = `stages:
  SPEC: { work_agent: worker, artifacts: [] }
  EXTRA: { work_agent: worker, artifacts: [], optional: true }
  TEST: { work_agent: worker, is_acceptance_test_stage: true, artifacts: [] }
`;
const TAPE = cassette({ stage: "SPEC" }, { stage: "EXTRA" }, { stage: "TEST" });
const FILES = {
  "objective.md": OBJECTIVE,
  "stages.yaml": STAGES,
  "tape.jsonl": TAPE,
  "none.jsonl": cassette({ stage: "NONE" }),
};

/** A run whose first stage has failed, for nobody knows its turn. */
async function createFailed(files: Readonly<Record<string, string>> = {}): Promise<TestCli> {
  const cli = await createCli({ ...FILES, ...files });
  expect((await cli.run("run", "objective.md", "--check", "false", "--agent", "all=replay:none.jsonl")).code).toBe(1);
  return cli;
}

function journal(cli: TestCli): string {
  return cli.read(`.troupe/runs/${cli.runId()}/journal.jsonl`);
}

describe("flags that are typed again at a resume", () => {
  test("go before those of the start, and are the ones that stay", async () => {
    const cli = await createFailed();
    const typed = ["--agent", "all=replay:tape.jsonl", "--skip", "EXTRA", "--check", "test -n 'a b'"];
    const { stdout } = await cli.run("resume", "--plan", ...typed);
    expect(stdout).toContain(
      "troupe resume RUN --skip EXTRA --check 'test -n '\\''a b'\\''' --agent all=replay:tape.jsonl\n",
    );
    const again = await cli.run("resume", ...typed);
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining("1 skipped")]);
    expect(journal(cli)).toContain(`"agents":{"all":"replay:${cli.folder}/tape.jsonl"}`);
    expect(journal(cli)).toContain(`"checks":[{"shell":"test -n 'a b'"}]`);
  });

  test("an agent for all leaves nobody as he was; one for an id leaves the others", async () => {
    const cli = await createFailed();
    expect((await cli.run("resume", "--agent", "worker=replay:tape.jsonl")).code).toBe(1); // its check is still false
    expect(journal(cli)).toContain(
      `"agents":{"all":"replay:${cli.folder}/none.jsonl","worker":"replay:${cli.folder}/tape.jsonl"}`,
    );
    expect((await cli.run("resume", "--check", "true", "--agent", "all=replay:tape.jsonl")).code).toBe(0);
  });

  test("another agent is an edit of what is finished", async () => {
    const cli = await createFailed();
    expect((await cli.run("resume", "--agent", "all=replay:tape.jsonl")).code).toBe(1);
    await cli.write("other.jsonl", TAPE);
    expect(await cli.run("resume", "--agent", "all=replay:other.jsonl")).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("SPEC   ask   starts anew, for its agent changed (work_agent)"),
    });
  });

  test("an unknown agent, an unknown stage and a check that is empty are refused", async () => {
    const cli = await createFailed();
    for (const typed of [
      ["--agent", "nobody=claude"],
      ["--skip", "NOWHERE"],
      ["--check", " "],
      ["--recorded", "--agent", "nobody=claude"],
    ]) {
      expect((await cli.run("resume", "--plan", ...typed)).code, typed.join(" ")).toBe(2);
    }
  });

  test("--ignore-missing-templates makes a resume go on that would be refused", async () => {
    const stages = STAGES.replace("SPEC: {", "SPEC: { prompt_template: spec.md,");
    const cli = await createFailed({ "stages.yaml": stages, "spec.md": "Do it." });
    await rm(join(cli.folder, "spec.md"));
    expect((await cli.run("resume", "--plan")).code).toBe(3);
    const { code, stdout } = await cli.run("resume", "--plan", "--ignore-missing-templates");
    expect([code, stdout]).toEqual([0, expect.stringContaining("troupe resume RUN --ignore-missing-templates\n")]);
  });

  test("--recorded goes with who does the work, not with what changes it", async () => {
    const cli = await createFailed();
    await rm(join(cli.folder, "stages.yaml"));
    expect((await cli.run("resume")).stderr).toContain("troupe resume RUN --recorded\n");
    for (const typed of [
      ["--rerun-changed"],
      ["--skip", "EXTRA"],
      ["--check", "true"],
      ["--ignore-missing-templates"],
    ]) {
      expect(await cli.run("resume", "--recorded", ...typed)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(`so ${typed[0]} cannot count [USAGE]`),
      });
    }
    const { stdout } = await cli.run("resume", "--recorded", "--agent", "all=replay:tape.jsonl");
    expect(stdout).toContain("2 completed, 1 failed of 3 stages.");
  });
});

test("an imported run without an agent goes on with the command that its refusal names", async () => {
  const cli = await createTeamBot({ current_stage: "SPEC_REVIEW", stage_outputs: upTo("SPEC") });
  await cli.write("troupe.yaml", 'checks: ["true"]\n');
  expect((await cli.run("import", ".")).code).toBe(0);
  expect((await cli.run("resume")).stderr).toContain("--agent all=claude");
  const again = await cli.run("resume", "--agent", "all=replay:tape.jsonl");
  expect(again.stderr).toContain("AGENT_CASSETTE_MISS");
});

test("what is edited of a stage is said as one or as several", async () => {
  const cli = await createFailed();
  await cli.write("stages.yaml", STAGES.replace("artifacts: []", "artifacts: [spec.md]"));
  expect((await cli.run("resume", "--plan")).stdout).toContain("its artifacts were edited, and the new text counts");
});

test("a finished stage that was renamed: the plan says what is given up and what starts, and its logs stay", async () => {
  const cli = await createFailed();
  expect((await cli.run("resume", "--agent", "all=replay:tape.jsonl")).code).toBe(1);
  await cli.write("stages.yaml", STAGES.replace("EXTRA", "EXTRAS"));
  const { stdout } = await cli.run("resume", "--plan", "--keep-completed");
  expect(stdout).toContain(
    "EXTRA   drop  is completed and no longer in the workflow: its result is given up, and EXTRAS starts anew\n",
  );
  const before = await cli.run("logs", cli.runId(), "EXTRA");
  expect(before.code).toBe(0);
  expect((await cli.run("resume", "--keep-completed")).stderr).toContain(
    "its result is given up, and EXTRAS starts anew.",
  );
  expect(await cli.run("logs", cli.runId(), "EXTRA")).toEqual(before);
});
