import { expect, test } from "vitest";
import { cassette, createCli, OBJECTIVE, TWO_STAGE_FILES } from "../../test/cli-harness.js";

const REVIEWED: Readonly<Record<string, string>> = {
  "objective.md": OBJECTIVE,
  "stages.yaml": `stages:
  SPEC: { work_agent: ba, artifacts: [spec.md] }
  SPEC_REVIEW: { work_agent: ba, review_agent: judge, is_review_stage: true }
  CHECK: { run: [node, -e, "console.log('checked')"] }
work_to_review_mapping: { SPEC: SPEC_REVIEW }
`,
  "troupe.yaml": 'agents:\n  default: ["replay", { file: tape.jsonl }]\n',
  "tape.jsonl": cassette(
    {
      stage: "SPEC",
      agent: "ba",
      output: "written",
      files: [{ root: "artifacts", path: "spec.md", content: "# One\n" }],
      usage: { inputTokens: 900, outputTokens: 100, costUsd: 0.5 },
    },
    { stage: "SPEC_REVIEW", turn: "review", agent: "judge", output: "REJECTED: too short\n- say what \u001b[31mfails" },
    {
      stage: "SPEC_REVIEW",
      turn: "fix",
      round: 2,
      agent: "ba",
      output: "longer now",
      files: [{ root: "artifacts", path: "spec.md", content: "# Two\u001b[2J\n" }],
    },
    { stage: "SPEC_REVIEW", turn: "review", round: 2, agent: "judge", output: "VERIFIED_APPROVED: it fits" },
  ),
};

async function reviewed(): Promise<Awaited<ReturnType<typeof createCli>>> {
  const cli = await createCli(REVIEWED);
  expect((await cli.run("run", "objective.md")).code).toBe(0);
  return cli;
}

test("show of a run tells what it was started with and every turn", async () => {
  const cli = await reviewed();
  expect(await cli.shown("show")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Run RUN: succeeded
      objective  Try it
      workflow   stages, 3 stages
      started    DATE UTC, active for SPAN
      usage      at least 1000 tokens, at least $0.50
      limits     time SPAN of 8h 00m (0%)

      SPEC         completed   SPAN, 1000 tokens, $0.50
      SPEC_REVIEW  completed   SPAN, round 2 of 4, approved
      CHECK        completed   SPAN

    Started with:
      objective    PROJECT/objective.md
      workflow     stages.yaml
      agent ba     replay
      agent judge  replay

    Turns:
      SPEC.1         DATE  work by ba, round 1, succeeded, SPAN, 1000 tokens, $0.50
      SPEC_REVIEW.1  DATE  review by judge, round 1, succeeded, SPAN, rejected (by text)
      SPEC_REVIEW.2  DATE  fix by ba, round 2, succeeded, SPAN
      SPEC_REVIEW.3  DATE  review by judge, round 2, succeeded, SPAN, approved (by text)
      CHECK.1        DATE  work, round 1, succeeded, SPAN
    --- stderr
    One stage, with what it answered: troupe show RUN SPEC
    "
  `);
});

test("show of a stage tells its rounds with verdicts, files and answers, safe to look at", async () => {
  const cli = await reviewed();
  expect(await cli.shown("show", cli.runId(), "SPEC_REVIEW")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Stage SPEC_REVIEW of run RUN: completed
      kind       review of SPEC
      needs      SPEC
      agents     ba
      reviewer   judge
      rounds     at most 4

    SPEC_REVIEW.1  DATE  review by judge, round 1, succeeded, SPAN, rejected (by text)
      - too short
      - say what fails
      | REJECTED: too short
      | - say what fails

    SPEC_REVIEW.2  DATE  fix by ba, round 2, succeeded, SPAN
      left spec.md (10 bytes)
      | longer now

    SPEC_REVIEW.3  DATE  review by judge, round 2, succeeded, SPAN, approved (by text)
      - it fits
      | VERIFIED_APPROVED: it fits
    --- stderr
    What its turns wrote: troupe logs RUN SPEC_REVIEW
    "
  `);
});

test("show of a stage with --json has the whole answers", async () => {
  const cli = await reviewed();
  const { stdout } = await cli.run("show", cli.runId(), "SPEC", "--json");
  const { turns, artifacts, definition } = JSON.parse(stdout);
  expect(turns.map(({ turn, output }: { turn: string; output: string }) => [turn, output])).toEqual([
    ["SPEC.1", "written"],
  ]);
  expect([artifacts.map(({ name, turn }: { name: string; turn: string }) => [name, turn]), definition.id]).toEqual([
    [["spec.md", "SPEC_REVIEW.2"]],
    "SPEC",
  ]);
});

test("an unknown stage is refused with the nearest one", async () => {
  const cli = await reviewed();
  expect(await cli.shown("show", cli.runId(), "SPEC_REVEW")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: the workflow has no stage "SPEC_REVEW" [STAGE_UNKNOWN]
    hint: Did you mean SPEC_REVIEW? Its stages are SPEC, SPEC_REVIEW, CHECK.
    "
  `);
});

test("artifacts lists each file with all of its versions", async () => {
  const cli = await reviewed();
  expect(await cli.shown("artifacts")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    spec.md  10 bytes   SPEC  versions of SPEC.1, SPEC_REVIEW.2
    --- stderr
    Print one: troupe artifacts RUN spec.md
    All newest: PROJECT/.troupe/runs/RUN/artifacts/latest
    "
  `);
  const { artifacts } = JSON.parse((await cli.run("artifacts", "--json")).stdout);
  expect(artifacts).toMatchObject([
    {
      name: "spec.md",
      stage: "SPEC",
      versions: [
        { turn: "SPEC.1", bytes: 6 },
        { turn: "SPEC_REVIEW.2", bytes: 10 },
      ],
    },
  ]);
});

test("an artifact goes into a pipe as its very bytes, and to a terminal made safe", async () => {
  const cli = await reviewed();
  const chunks: Uint8Array[] = [];
  const writeBytes = async (bytes: Uint8Array) => void chunks.push(bytes);
  expect(await cli.runWith({ writeBytes }, "artifacts", cli.runId(), "spec.md")).toEqual({
    code: 0,
    stdout: "",
    stderr: "",
  });
  expect(Buffer.concat(chunks).toString()).toBe("# Two\u001b[2J\n");
  let screen = "";
  const stdout = {
    isTerminal: true,
    size: () => ({ columns: 80, rows: 24 }),
    write: (text: string) => {
      screen += text;
    },
  };
  await cli.runWith({ writeBytes, stdout }, "artifacts", cli.runId(), "spec.md");
  expect(screen).toBe("# Two\n");
});

test("artifacts of several stages stand in columns", async () => {
  const stage = (id: string, path: string, agent: string) => ({
    agent,
    stage: id,
    files: [{ root: "artifacts", path, content: id }] as const,
  });
  const cli = await createCli({
    "objective.md": OBJECTIVE,
    "stages.yaml":
      "stages:\n  A: { work_agent: a, artifacts: [a.md] }\n  LONGER: { work_agent: b, artifacts: [longer.md] }\n",
    "troupe.yaml": 'agents:\n  default: ["replay", { file: tape.jsonl }]\n',
    "tape.jsonl": cassette(stage("A", "a.md", "a"), stage("LONGER", "longer.md", "b")),
  });
  expect(await cli.run("run", "objective.md")).toMatchObject({ code: 0 });
  expect((await cli.shown("artifacts")).split("--- stderr")[0]).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    a.md       1 byte     A       version of A.1
    longer.md  6 bytes    LONGER  version of LONGER.1
    "
  `);
});

test("the version of a turn is copied to a file, over an older one only when that is meant", async () => {
  const cli = await reviewed();
  const copy = ["artifacts", cli.runId(), "spec.md", "--turn", "SPEC.1", "-o", "old.md"];
  expect(await cli.shown(...copy)).toMatchInlineSnapshot(`
    "exit 0
    --- stderr
    Copied spec.md of SPEC.1 (6 bytes) to PROJECT/old.md
    "
  `);
  expect(cli.read("old.md")).toBe("# One\n");
  await cli.write("old.md", "mine");
  expect(await cli.shown(...copy)).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: PROJECT/old.md is there already [CONFIRMATION_NEEDED]
    hint: Write over it: add --yes
    "
  `);
  expect(cli.read("old.md")).toBe("mine");
  expect((await cli.run(...copy, "--yes")).code).toBe(0);
  expect(cli.read("old.md")).toBe("# One\n");
});

test("what is not there is refused with what is", async () => {
  const cli = await reviewed();
  expect(await cli.shown("artifacts", cli.runId(), "spek.md")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: run RUN has no artifact "spek.md"; did you mean "spec.md"? [ARTIFACT_UNKNOWN]
    hint: See what it has: troupe artifacts RUN
    "
  `);
  expect(await cli.shown("artifacts", cli.runId(), "spec.md", "--turn", "SPEC.9")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: "spec.md" of run RUN has no version of turn SPEC.9, but of SPEC.1, SPEC_REVIEW.2 [ARTIFACT_UNKNOWN]
    hint: See them: troupe artifacts RUN
    "
  `);
  expect(await cli.shown("artifacts", "-o", "x.md")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: which artifact is meant is not said [USAGE]
    hint: Name it: troupe artifacts RUN spec.md
    "
  `);
  const empty = await createCli(TWO_STAGE_FILES);
  await empty.run("run", "objective.md");
  expect(await empty.shown("artifacts")).toMatchInlineSnapshot(`
    "exit 0
    --- stderr
    Run RUN has left no file yet. See what it did: troupe show RUN
    "
  `);
});
