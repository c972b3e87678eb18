import { chmodSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createCli, OBJECTIVE } from "../../test/cli-harness.js";

const ACCEPTANCE = `stages:
  TESTS: { work_agent: x, is_acceptance_test_stage: true, optional: true }
  RELEASE: { run: [echo, released], requires_acceptance_tests_passed: true }
`;
const COMMANDS = "stages:\n  A: { run: [echo, a] }\n";

test.each([
  ["an empty check", ACCEPTANCE, ["--check", " "], "error: --check is empty [USAGE]"],
  [
    "a check that no stage runs",
    COMMANDS,
    ["--check", "false"],
    "error: --check is given, but the workflow has no acceptance stage to run it [USAGE]",
  ],
  [
    "a check behind those that the acceptance stage has",
    ACCEPTANCE.replace("optional: true", "checks: [make]"),
    ["--check", "true"],
    "error: --check is given, but TESTS has checks of its own, which come first [USAGE]",
  ],
  [
    "skipping the acceptance tests that a later stage demands",
    ACCEPTANCE,
    ["--skip", "TESTS", "--check", "true"],
    "error: TESTS cannot be skipped: RELEASE demands passed acceptance tests [USAGE]",
  ],
] as const)("refuses %s before anything starts", async (_name, workflow, flags, message) => {
  const cli = await createCli({
    "objective.md": OBJECTIVE,
    "stages.yaml": workflow,
    "troupe.yaml": 'agents: { default: ["command", { command: [cat] }] }\n',
  });
  const { code, stderr } = await cli.run("run", "objective.md", ...flags);
  expect({ code, first: stderr.split("\n")[0], runs: cli.runs() }).toEqual({ code: 2, first: message, runs: [] });
});

test.each([["run", "objective.md"], ["resume"]])("%s refuses a check behind those of troupe.yaml", async (...words) => {
  const cli = await createCli({
    "objective.md": OBJECTIVE,
    "stages.yaml": ACCEPTANCE,
    "troupe.yaml": 'agents: { default: ["command", { command: [cat] }] }\nchecks: ["exit 1"]\n',
  });
  if (words[0] === "resume") expect((await cli.run("run", "objective.md", "--max-duration", "1ms")).code).toBe(7);
  const before = cli.runs();
  const { code, stderr } = await cli.run(...words, "--check", "true");
  expect({ code, shown: stderr.split("\n").slice(0, 2) }).toEqual({
    code: 2,
    shown: [
      "error: --check is given, but troupe.yaml has `checks`, which come first [USAGE]",
      "hint: Leave out --check, or change `checks` of troupe.yaml.",
    ],
  });
  expect(cli.runs()).toEqual(before);
});

test("names the agents that the configured ones do not serve", async () => {
  const cli = await createCli({
    "objective.md": OBJECTIVE,
    "stages.yaml": "stages:\n  A: { work_agent: x }\n",
    "troupe.yaml": 'agents: { y: ["command", { command: [cat] }] }\n',
  });
  const { code, stderr } = await cli.run("run", "objective.md");
  expect({ code, first: stderr.split("\n")[0] }).toEqual({
    code: 6,
    first: "error: no agent is configured for x [AGENT_UNKNOWN]",
  });
});

test("resume asks for the agents of open stages before it takes the run, and for no others", async () => {
  const cli = await createCli({
    "objective.md": OBJECTIVE,
    "stages.yaml": "stages:\n  A: { work_agent: first }\n  B: { work_agent: second, artifacts: [b.md] }\n",
    "agent.sh": "#!/bin/sh\ncat > /dev/null\necho done\n",
    "troupe.yaml": `agents:
  first: ["command", { command: [./agent.sh] }]
  second: ["command", { command: [./agent.sh] }]
`,
  });
  chmodSync(join(cli.folder, "agent.sh"), 0o755);
  expect((await cli.run("run", "objective.md")).code).toBe(1); // B leaves no artifact
  const before = cli.read(`.troupe/runs/${cli.runId()}/journal.jsonl`);
  rmSync(join(cli.folder, "agent.sh"));
  const { code, stderr } = await cli.run("resume");
  expect({ code, names: /second: the program/.test(stderr), others: /first: /.test(stderr) }).toEqual({
    code: 6,
    names: true,
    others: false,
  });
  expect(cli.read(`.troupe/runs/${cli.runId()}/journal.jsonl`)).toBe(before);
});

test("resume --plan refuses what resume would refuse", async () => {
  const cli = await createCli({ "objective.md": OBJECTIVE, "stages.yaml": "stages:\n  A: { run: [sleep, '5'] }\n" });
  expect((await cli.run("run", "objective.md", "--max-duration", "100ms")).code).toBe(7);
  const plan = await cli.run("resume", "--plan");
  const resume = await cli.run("resume");
  expect({ code: plan.code, stderr: plan.stderr }).toEqual({ code: 7, stderr: resume.stderr });
  expect((await cli.run("resume", "--plan", "--max-duration", "1h")).code).toBe(0);
});
