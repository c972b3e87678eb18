import { expect, test } from "vitest";
import { cassette, createCli, OBJECTIVE, pluginModule, type TestCli, TWO_STAGE_FILES } from "../../test/cli-harness.js";

const USAGE = { inputTokens: 100, outputTokens: 20, costUsd: 0.5 };
const THREE_STAGES = `stages:
  FIRST: { work_agent: worker, artifacts: [] }
  SECOND: { work_agent: worker, artifacts: [] }
  THIRD: { work_agent: worker, artifacts: [] }
`;

async function createPaid(files: Readonly<Record<string, string>> = {}): Promise<TestCli> {
  return await createCli({
    ...TWO_STAGE_FILES,
    "stages.yaml": THREE_STAGES,
    "tape.jsonl": cassette(...["FIRST", "SECOND", "THIRD"].map((stage) => ({ stage, usage: USAGE }))),
    ...files,
  });
}

test("a run warns at 80 % of its budget, stops at it with exit 7, and goes on with the flag that it names", async () => {
  const cli = await createPaid();
  expect(await cli.shown("run", "objective.md", "--max-cost", "0.6")).toMatchInlineSnapshot(`
    "exit 7
    --- stdout
    Stopped at its cost limit ($1.00 of $0.60): RUN. 2 completed of 3 stages. 240 tokens, $1.00.
    --- stderr
    Performing workflow stages.yaml (3 stages)
    Run RUN; from another terminal: troupe watch RUN
    TIME run RUN started: "Try it", workflow stages, 3 stages
    TIME FIRST: work by worker started
    TIME FIRST: work ended after SPAN, 120 tokens, $0.50
    TIME ✓ FIRST completed in SPAN
    TIME SECOND: work by worker started
    TIME warning: 83% of the cost limit is used: $0.50 of $0.60
    TIME SECOND: work ended after SPAN, 120 tokens, $0.50
    TIME ✓ SECOND completed in SPAN
    TIME run RUN limited by its cost limit: 2/3 stages done, SPAN, 240 tokens, $1.00 of $0.60 (166%)
    Go on with a higher one: troupe resume RUN --max-cost 1.6
    "
  `);
  expect(await cli.shown("status")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Run RUN: limited (cost limit)
      objective  Try it
      workflow   stages, 3 stages
      started    DATE UTC, active for SPAN
      usage      240 tokens, $1.00
      limits     time SPAN of 8h 00m (0%), cost $1.00 of $0.60 (166%)

      FIRST   completed   SPAN, 120 tokens, $0.50
      SECOND  completed   SPAN, 120 tokens, $0.50
      THIRD   pending

    Next: troupe resume RUN --max-cost 1.6
    "
  `);
  expect(await cli.shown("resume")).toMatchInlineSnapshot(`
    "exit 7
    --- stderr
    error: run RUN has reached its cost limit ($1.00 of $0.60) [LIMIT_REACHED]
    hint: Raise it: troupe resume RUN --max-cost 1.6
    "
  `);
  expect(await cli.shown("resume", "--max-cost", "1.6")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Done: RUN. 3 completed of 3 stages. 360 tokens, $1.50.
    --- stderr
    Going on with stages.yaml.
    TIME run RUN taken up again: "Try it", workflow stages, 3 stages: 2/3 stages done before
    TIME the run goes on with changed settings
    TIME THIRD: work by worker started
    TIME THIRD: work ended after SPAN, 120 tokens, $0.50
    TIME ✓ THIRD completed in SPAN
    TIME run RUN succeeded: 3/3 stages done, SPAN, 360 tokens, $1.50 of $1.60 (93%)
    See it: troupe status RUN
    Artifacts: PROJECT/.troupe/runs/RUN/artifacts/latest
    "
  `);
});

test("limits of tokens are kept for later resumes unless given again", async () => {
  const cli = await createPaid();
  expect((await cli.run("run", "objective.md", "--max-tokens", "100")).code).toBe(7);
  expect((await cli.run("resume", "--max-tokens", "0.2k")).stdout).toMatchInlineSnapshot(`
    "Stopped at its tokens limit (240 of 200): RUN. 2 completed of 3 stages. 240 tokens, $1.00.
    "
  `);
  const refused = await cli.run("resume", "--recorded");
  expect({ code: refused.code, stderr: refused.stderr }).toMatchInlineSnapshot(`
    {
      "code": 7,
      "stderr": "error: run RUN has reached its tokens limit (240 of 200) [LIMIT_REACHED]
    hint: Raise it: troupe resume RUN --max-tokens 440
    ",
    }
  `);
  expect((await cli.run("resume", "--max-tokens", "1M")).code).toBe(0);
});

test("a limit of the objective goes before that of the project, and a flag before both", async () => {
  const cli = await createPaid({
    "objective.md": `---\nlimits: { cost: 0.9 }\n---\n${OBJECTIVE}`,
    "troupe.yaml": `limits: { cost: 0.4, tokens: 999 }\n${TWO_STAGE_FILES["troupe.yaml"]}`,
  });
  const first = await cli.run("run", "objective.md");
  expect([first.code, first.stdout.split("\n")[0]]).toEqual([
    7,
    "Stopped at its cost limit ($1.00 of $0.90): RUN. 2 completed of 3 stages. 240 tokens, $1.00.",
  ]);
  await cli.write("troupe.yaml", `limits: { cost: 9, tokens: 200 }\n${TWO_STAGE_FILES["troupe.yaml"]}`);
  const refused = await cli.run("resume", "--max-cost", "$3");
  expect({ code: refused.code, stderr: refused.stderr }).toMatchInlineSnapshot(`
    {
      "code": 7,
      "stderr": "error: run RUN has reached its tokens limit (240 of 200) [LIMIT_REACHED]
    hint: Raise it: troupe resume RUN --max-tokens 440
    ",
    }
  `);
  expect((await cli.run("resume", "--max-cost", "3", "--max-tokens", "500")).code).toBe(0);
});

test("a stage that failed decides the exit code, and the limit that was reached is named beside it", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "stages.yaml": `stages:
  LEFT: { work_agent: left, writes: artifacts }
  RIGHT: { work_agent: right, writes: artifacts }
  LAST: { work_agent: last, writes: artifacts }
parallel_groups: { sides: { stages: [LEFT, RIGHT, LAST], max_concurrent: 1 } }
`,
    "tape.jsonl": cassette(
      {
        stage: "LEFT",
        agent: "left",
        usage: USAGE,
        error: { code: "AGENT_FAILED", message: "no idea", retry: "never" },
      },
      { stage: "RIGHT", agent: "right", usage: USAGE },
    ),
  });
  expect(await cli.shown("run", "objective.md", "--max-cost", "0.7")).toMatchInlineSnapshot(`
    "exit 1
    --- stdout
    Failed: RUN. 1 completed, 1 failed of 3 stages. 240 tokens, $1.00.
      LEFT: AGENT_FAILED: no idea
    --- stderr
    Performing workflow stages.yaml (3 stages)
    Run RUN; from another terminal: troupe watch RUN
    TIME run RUN started: "Try it", workflow stages, 3 stages
    TIME [sides] LEFT: work by left started
    TIME [sides] LEFT: work failed after SPAN, 120 tokens, $0.50
    TIME ✗ [sides] LEFT failed after SPAN: no idea [AGENT_FAILED]
    TIME [sides] RIGHT: work by right started
    TIME [sides] RIGHT: work ended after SPAN, 120 tokens, $0.50
    TIME ✓ [sides] RIGHT completed in SPAN
    TIME run RUN failed and stopped by its cost limit: 1/3 stages done, failed: LEFT, SPAN, 240 tokens, $1.00 of $0.70 (142%)
    It has reached its cost limit too ($1.00 of $0.70).
    Mend the cause (edits of the workflow and the objective count), then: troupe resume RUN --max-cost 1.7
    "
  `);
  expect(await cli.shown("status")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Run RUN: failed (cost limit)
      objective  Try it
      workflow   stages, 3 stages
      started    DATE UTC, active for SPAN
      usage      240 tokens, $1.00
      limits     time SPAN of 8h 00m (0%), cost $1.00 of $0.70 (142%)

      group sides  SPAN, 240 tokens, $1.00
      | LEFT   failed      SPAN, 120 tokens, $0.50
      |   AGENT_FAILED: no idea
      | RIGHT  completed   SPAN, 120 tokens, $0.50
      | LAST   pending

    Next: troupe resume RUN --max-cost 1.7
    "
  `);
});

test("status --json tells usage of stages and groups, and how much of each limit is used", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "stages.yaml": `stages:
  LEFT: { work_agent: left, writes: artifacts }
  RIGHT: { work_agent: right, writes: artifacts }
parallel_groups: { sides: { stages: [LEFT, RIGHT] } }
`,
    "tape.jsonl": cassette({ stage: "LEFT", agent: "left", usage: USAGE }, { stage: "RIGHT", agent: "right" }),
  });
  expect((await cli.run("run", "objective.md", "--max-cost", "2", "--max-tokens", "1k")).code).toBe(0);
  const { stages, groups, usage, limits, limit } = JSON.parse((await cli.raw("status", "--json")).stdout);
  const known = { inputTokens: 100, outputTokens: 20, costUsd: 0.5, unknownTokens: 0, unknownCost: 0 };
  const whole = { ...known, unknownTokens: 1, unknownCost: 1 };
  const timed = { activeMs: expect.any(Number) };
  expect({ stages, groups, usage, limits, limit }).toMatchObject({
    stages: [
      { id: "LEFT", usage: known, ...timed },
      { id: "RIGHT", usage: { ...whole, inputTokens: 0, outputTokens: 0, costUsd: 0 }, ...timed },
    ],
    groups: [{ name: "sides", usage: whole, ...timed }],
    usage: whole,
    limits: [
      { limit: "duration", used: expect.any(Number), of: 28_800_000, isAtLeast: false, percent: 0 },
      { limit: "cost", used: 0.5, of: 2, isAtLeast: true, percent: 25 },
      { limit: "tokens", used: 120, of: 1000, isAtLeast: true, percent: 12 },
    ],
    limit: null,
  });
});

test.each([
  ["--max-cost", "0", "Write US dollars, more than 0, like 5 or 2.50."],
  ["--max-cost", "much", "Write US dollars, more than 0, like 5 or 2.50."],
  ["--max-tokens", "1.5", "Write a whole number from 1, like 500000, 500k or 2M."],
  ["--max-tokens", "-1", "Write a whole number from 1, like 500000, 500k or 2M."],
  ["--max-wait", "soon", "Write it like 90m, 8h or 1h30m."],
  ["--max-duration", "0s", "Write it like 90m, 8h or 1h30m."],
  ["--concurrency", "0", "Write a whole number from 1."],
])("refuses %s %s, and says how to write it", async (flag, value, hint) => {
  const cli = await createPaid();
  const { code, stderr } = await cli.run("run", "objective.md", `${flag}=${value}`);
  expect({ code, hint: stderr.trimEnd().split("\n").at(-1), runs: cli.runs() }).toEqual({
    code: 2,
    hint: `hint: ${hint}`,
    runs: [],
  });
});

/** An agent whose limit resets at a time; the file `reset` sets it anew. */
const LIMITED_AGENT = pluginModule(
  "agent",
  `(options, { clock, projectFolder }) => ({
    run: async () => {
      const { existsSync, readFileSync } = process.getBuiltinModule("node:fs");
      const file = projectFolder + "/reset";
      const resetAt = existsSync(file) ? Number(readFileSync(file, "utf8")) : clock.now() + 10 * 3_600_000;
      if (resetAt <= clock.now()) return { output: "done", session: null, usage: null };
      const brand = Symbol.for("@troupe/core/TroupeError");
      const details = { notBefore: resetAt };
      throw Object.assign(new Error("the quota is used"), { [brand]: true, code: "AGENT_FAILED", hint: null, details });
    },
  })`,
);
const LIMITED_FILES = {
  "objective.md": OBJECTIVE,
  "stages.yaml": "stages:\n  FIRST: { work_agent: worker, artifacts: [] }\n",
  "agent.mjs": LIMITED_AGENT,
  "troupe.yaml": "agents: { default: ./agent.mjs }\n",
};

test("a run that waits for its agent's limit says until when and why; Ctrl+C ends the wait, a resume goes on", async () => {
  const cli = await createCli(LIMITED_FILES);
  const running = cli.run("run", "objective.md", "--max-wait", "11h");
  await cli.journaled("turn.settled");
  const { stdout } = await cli.run("status");
  expect(stdout.replace(/quota.*\n/, (line) => line)).toMatchInlineSnapshot(`
    "Run RUN: running
      objective  Try it
      workflow   stages, 1 stage
      started    DATE UTC, active for SPAN
      held by    process PID on HOST: troupe run in PROJECT
      usage      tokens unknown, cost unknown
      limits     time SPAN of 8h 00m (0%)

      FIRST  running     SPAN, waits until DATE UTC
        AGENT_FAILED: the quota is used
    "
  `);
  cli.signal("SIGINT");
  const { code, stderr } = await running;
  expect(code).toBe(130);
  expect(stderr.replace(/(until|before) (?:\S+ )?\d\d:\d\d\b/g, "$1 THEN")).toMatchInlineSnapshot(`
    "Performing workflow stages.yaml (1 stage)
    Run RUN; from another terminal: troupe watch RUN
    TIME run RUN started: "Try it", workflow stages, 1 stage
    TIME FIRST: work by worker started
    TIME FIRST: work failed after SPAN: the quota is used [AGENT_FAILED]; waits until THEN
    TIME nothing else can go on before THEN. Ctrl+C stops the run and keeps it, troupe resume RUN goes on with it; troupe cancel RUN gives it up
    TIME warning: Stopping: agents have SPAN to end. Press Ctrl+C again to kill them at once.
    TIME asked to stop (SIGINT): turns are being ended
    TIME run RUN interrupted: 0/1 stages done, SPAN, tokens unknown, cost unknown
    "
  `);
  await cli.write("reset", "0");
  const held = cli.run("resume");
  await cli.journaled('"epoch":2');
  expect((await cli.run("cancel", cli.runId())).code).toBe(0);
  const { code: cancelled, stderr: told } = await held;
  expect(cancelled).toBe(1);
  expect(told).toMatch(/FIRST: waits until .*: the quota is used \[AGENT_FAILED\]\n.*nothing else can go on before/);
});
