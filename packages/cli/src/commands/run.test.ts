import { expect, test } from "vitest";
import { createCli, OBJECTIVE, TWO_STAGE_FILES } from "../../test/cli-harness.js";

test("performs a workflow: the result on stdout, everything else on stderr", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  expect(await cli.shown("run", "objective.md")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Done: RUN. 2 completed of 2 stages.
    --- stderr
    Performing workflow stages.yaml (2 stages)
    Run RUN; from another terminal: troupe watch RUN
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
  expect(await cli.shown("status")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Run RUN: succeeded
      objective  Try it
      workflow   stages, 2 stages
      started    DATE UTC, active for SPAN
      usage      tokens unknown, cost unknown
      limits     time SPAN of 8h 00m (0%)

      FIRST   completed   SPAN
      SECOND  completed   SPAN
    "
  `);
});

test("says nothing but the result with --quiet", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  expect(await cli.shown("run", "objective.md", "--quiet")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Done: RUN. 2 completed of 2 stages.
    "
  `);
});

test("with --json stdout holds one JSON object per event and nothing else", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  const { code, stdout, stderr } = await cli.run("--json", "run", "objective.md");
  const types = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line).type);
  expect({ code, types, stderr }).toMatchInlineSnapshot(`
    {
      "code": 0,
      "stderr": "Performing workflow stages.yaml (2 stages)
    Run RUN; from another terminal: troupe watch RUN
    Done: RUN. 2 completed of 2 stages.
    See it: troupe status RUN
    Artifacts: PROJECT/.troupe/runs/RUN/artifacts/latest
    ",
      "types": [
        "run.created",
        "run.claimed",
        "turn.started",
        "turn.settled",
        "stage.completed",
        "turn.started",
        "turn.settled",
        "stage.completed",
        "run.finished",
      ],
    }
  `);
});

test("takes the objective from standard input", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  const readStdin = async () => "# Objective: From the pipe\n";
  expect((await cli.runWith({ readStdin }, "run", "-")).code).toBe(0);
  expect((await cli.run("list")).stdout).toContain("From the pipe");
});

test("takes the objective as text", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  expect((await cli.run("run", "-m", "Add a --json flag")).code).toBe(0);
  expect((await cli.run("list")).stdout).toContain("Add a --json flag");
});

test("refuses a run without an objective, with two, and with an empty one", async () => {
  const cli = await createCli({ ...TWO_STAGE_FILES, "empty.md": " \n" });
  expect(await cli.shown("run")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: no objective is given [USAGE]
    hint: Name a markdown file: troupe run objective.md, or say it: troupe run -m "Add a --json flag"
    "
  `);
  expect(await cli.shown("run", "objective.md", "-m", "More")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: an objective is given twice: as a file and with -m [USAGE]
    hint: Leave out one of them.
    "
  `);
  expect(await cli.shown("run", "-m", " ")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: the objective is empty [USAGE]
    hint: Say what is to be achieved.
    "
  `);
  expect(await cli.shown("run", "-")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: the objective is empty [USAGE]
    hint: Say what is to be achieved.
    "
  `);
  expect(await cli.shown("run", "empty.md")).toMatchInlineSnapshot(`
    "exit 3
    --- stderr
    empty.md:2:1 error CONFIG_INVALID: the objective is empty
      2 |
        | ^
      hint: Write what is to be achieved.

    1 error
    error: 1 mistake in empty.md [CONFIG_INVALID]
    hint: Mend it, then check: troupe validate empty.md
    "
  `);
  expect(await cli.shown("run", "missing.md")).toMatchInlineSnapshot(`
    "exit 3
    --- stderr
    error: cannot read missing.md: it does not exist [FILE_NOT_FOUND]
    hint: See what is there: ls -l PROJECT
    "
  `);
  expect(cli.has(".troupe")).toBe(false);
});

const RICH = `stages:
  PREPARE: { run: [node, prepare.js], writes: artifacts }
  SPEC: { work_agent: writer, artifacts: [spec.md], prompt_template: templates/spec.md }
  SPEC_REVIEW: { work_agent: writer, review_agent: judge, is_review_stage: true }
  LEFT: { work_agent: left, artifacts: [left.md], optional: true }
  RIGHT: { work_agent: right, artifacts: [right.md] }
  ACCEPT: { work_agent: writer, is_acceptance_test_stage: true }
  DONE: {}
work_to_review_mapping: { SPEC: SPEC_REVIEW }
parallel_groups:
  sides: { after: SPEC_REVIEW, stages: [LEFT, RIGHT], before: ACCEPT }
`;

test("--dry-run shows order, agents, commands and plugins, and starts and writes nothing", async () => {
  const cli = await createCli({
    "objective.md": OBJECTIVE,
    "stages.yaml": RICH,
    "templates/spec.md": "Write it down.\n",
    "troupe.yaml":
      'agents:\n  default: ["command", { command: [claude, -p] }]\n  judge: { plugin: ["command", { command: [claude, -p] }], model: big }\n',
  });
  expect(
    await cli.shown(
      ...["run", "objective.md", "--dry-run", "--skip", "LEFT", "--check", "npm test", "--concurrency", "2"],
    ),
  ).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Objective: Try it (41 bytes, in every prompt of a stage that includes it)
    Workflow: stages.yaml, 7 stages
    Working folder: PROJECT
    Store: fs; executor: parallel; reporters: console; at most 2 turns at once

    PREPARE: command
        runs   ["node","prepare.js"]
    SPEC: work, writer after PREPARE
        template templates/spec.md (15 bytes)
        prompt work of writer: 429 bytes, and what PREPARE will have answered
        leaves spec.md
    SPEC_REVIEW: review, writer, reviewed by judge after SPEC
        prompt review of judge: 1.1 KB, and what SPEC will have answered
    group sides (at the same time)
    | LEFT: work, left after SPEC_REVIEW (skipped)
    |     leaves left.md
    | RIGHT: work, right after SPEC_REVIEW
    |     prompt work of right: 677 bytes, and what SPEC_REVIEW will have answered
    |     leaves right.md
    ACCEPT: acceptance, writer after LEFT, RIGHT
        check  npm test
        prompt work of writer: 679 bytes, and what SPEC_REVIEW will have answered
    DONE: terminal after ACCEPT

    Prompts: 4 first turns, 2.9 KB together, without what stages answer

    Agents:
      writer: command {"command":["claude","-p"]}
      judge: command, model big {"command":["claude","-p"]}
      left: command {"command":["claude","-p"]}
      right: command {"command":["claude","-p"]}

    Nothing was started.
    "
  `);
  expect(cli.has(".troupe")).toBe(false);
});
