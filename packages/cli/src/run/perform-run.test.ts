import { expect, test } from "vitest";
import {
  cassette,
  createCli,
  OBJECTIVE,
  PATIENT_AGENT,
  pluginModule,
  TWO_STAGE_FILES,
  TWO_STAGES,
} from "../../test/cli-harness.js";

const NODE = JSON.stringify(process.execPath);

test("a run that reaches its time limit ends with exit 7 and names a limit that is higher", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "tape.jsonl": cassette({ stage: "FIRST", delayMs: 3_600_000 }),
  });
  const { code, stdout, stderr } = await cli.run("run", "objective.md", "--max-duration", "40ms");
  expect({ code, stdout, last: stderr.trimEnd().split("\n").at(-1) }).toMatchInlineSnapshot(`
    {
      "code": 7,
      "last": "Go on with a higher one: troupe resume RUN --max-duration 1m",
      "stdout": "Stopped at its time limit (SPAN of SPAN): RUN. 0 completed of 2 stages.
    ",
    }
  `);
  expect((await cli.run("status")).stdout).toContain("Next: troupe resume RUN --max-duration 1m\n");
});

test("a run that reaches its budget names the flag that goes on with it", async () => {
  const usage = { inputTokens: 100, outputTokens: 20, costUsd: 0.5 };
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "tape.jsonl": cassette({ stage: "FIRST", usage }, { stage: "SECOND", usage }),
    "troupe.yaml": `limits: { cost: 0.4 }\n${TWO_STAGE_FILES["troupe.yaml"]}`,
  });
  const { code, stdout, stderr } = await cli.run("run", "objective.md");
  expect({ code, stdout, last: stderr.trimEnd().split("\n").at(-1) }).toMatchInlineSnapshot(`
    {
      "code": 7,
      "last": "Go on with a higher one: troupe resume RUN --max-cost 0.9",
      "stdout": "Stopped at its cost limit ($0.50 of $0.40): RUN. 1 completed of 2 stages. 120 tokens, $0.50.
    ",
    }
  `);
  expect((await cli.run("status")).stdout).toContain("Next: troupe resume RUN --max-cost 0.9\n");
  expect(await cli.shown("resume")).toMatchInlineSnapshot(`
    "exit 7
    --- stderr
    error: run RUN has reached its cost limit ($0.50 of $0.40) [LIMIT_REACHED]
    hint: Raise it: troupe resume RUN --max-cost 0.9
    "
  `);
});

test("a run whose agent may go on only much later is limited, and resume needs no other limit", async () => {
  const cli = await createCli({
    "objective.md": OBJECTIVE,
    "stages.yaml": TWO_STAGES,
    "agent.mjs": pluginModule(
      "agent",
      `(options, { clock }) => ({
        run: async () => {
          const details = { notBefore: clock.now() + 10 * 3_600_000 };
          const brand = Symbol.for("@troupe/core/TroupeError");
          throw Object.assign(new Error("the quota is used"), { [brand]: true, code: "AGENT_FAILED", hint: null, details });
        },
      })`,
    ),
    "troupe.yaml": "agents: { default: ./agent.mjs }\n",
  });
  const { code, stdout, stderr } = await cli.run("run", "objective.md", "--plain", "--no-color");
  expect({ code, stdout, last: stderr.trimEnd().split("\n").at(-1) }).toEqual({
    code: 7,
    stdout: "Stopped at its waiting limit: RUN. 0 completed of 2 stages.\n",
    last: "Go on when the time has come (DATE UTC): troupe resume RUN",
  });
  expect((await cli.run("resume")).code).toBe(7);
});

test("a failed run ends with exit 1, every failure and what to do next", async () => {
  const cli = await createCli({
    "objective.md": OBJECTIVE,
    "stages.yaml": `stages:
  LEFT: { run: [${NODE}, -e, "process.exit(3)"], writes: artifacts }
  RIGHT: { run: [${NODE}, -e, "console.error('no disk'); process.exit(4)"], writes: artifacts }
  AFTER: { run: [${NODE}, -v], writes: artifacts }
parallel_groups:
  sides: { stages: [LEFT, RIGHT], before: AFTER }
`,
  });
  const { code, stdout, stderr } = await cli.run("run", "objective.md");
  const last = stderr.trimEnd().split("\n").at(-1);
  expect({ code, stdout: stdout.replaceAll(process.execPath, "NODE"), last }).toMatchInlineSnapshot(`
    {
      "code": 1,
      "last": "Mend the cause (edits of the workflow and the objective count), then: troupe resume RUN",
      "stdout": "Failed: RUN. 2 failed of 3 stages.
      LEFT: COMMAND_FAILED: NODE -e 'process.exit(3)' ended with exit code 3
        See all of its output: troupe logs RUN LEFT
      RIGHT: COMMAND_FAILED: NODE -e 'console.error('\\''no disk'\\''); process.exit(4)' ended with exit code 4; the end of its output:
        | no disk
        See all of its output: troupe logs RUN RIGHT
    ",
    }
  `);
});

test("a signal ends a run in good order, the second one at once, the third one the process", async () => {
  const cli = await createCli({
    "objective.md": OBJECTIVE,
    "stages.yaml": TWO_STAGES,
    "patient.mjs": PATIENT_AGENT,
    "troupe.yaml": "agents: { default: ./patient.mjs }\n",
  });
  const running = cli.run("run", "objective.md", "--quiet");
  await cli.appears("started");
  cli.signal("SIGINT");
  await cli.journaled("run.stop-requested");
  cli.signal("SIGTERM");
  cli.signal("SIGHUP");
  expect(cli.exits).toEqual([129]);
  expect(await running).toMatchInlineSnapshot(`
    {
      "code": 130,
      "stderr": "Stopping: agents have SPAN to end. Press Ctrl+C again to kill them at once.
    Killing the agents. Press Ctrl+C once more to leave at once.
    Left at once. What still runs is ended by the next: troupe resume
    ",
      "stdout": "Saved. Resume with: troupe resume RUN
    ",
    }
  `);
  expect((await cli.run("status")).stdout).toMatch(/^Run RUN: interrupted\n/);
});
