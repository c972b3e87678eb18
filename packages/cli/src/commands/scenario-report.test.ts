import { expect, test } from "vitest";
import { cassette, createCli, OBJECTIVE } from "../../test/cli-harness.js";

const SPEC = "# Spec\n\n## Acceptance Test Scenarios\n\n### AT-001: logs in\n\n### AT-002: logs out\n";
const stages = (more = ""): string => `stages:
  SPEC: { work_agent: worker, artifacts: [spec.md] }
  ACCEPT:
    work_agent: worker
    is_acceptance_test_stage: true
    max_rounds: 2
    checks: [{ run: [cat, report.tap], format: tap }]
${more}`;
const FILES = {
  "objective.md": OBJECTIVE,
  "troupe.yaml": "agents: { default: [replay, { file: tape.jsonl }] }\n",
  "report.tap": "ok 1 - AT-001 a\nok 2 - b\n1..2\n",
  "tape.jsonl": cassette(
    { stage: "SPEC", files: [{ path: "spec.md", content: SPEC, root: "artifacts" }] },
    { stage: "ACCEPT" },
    { stage: "ACCEPT", round: 2, turn: "fix" },
  ),
};

const scenariosOf = (json: string): unknown => JSON.parse(json).stages[1].scenarios;

test("a scenario without a test is shown as not linked, never as passed", async () => {
  const cli = await createCli({ ...FILES, "stages.yaml": stages() });
  const { code, stdout } = await cli.run("run", "objective.md");
  const line = "1 of 2 scenarios passed; not linked to a test: AT-002\n";
  expect([code, stdout]).toEqual([0, expect.stringContaining(`\n  ACCEPT: ${line}`)]);
  expect((await cli.run("status")).stdout).toContain(`\n    ${line}`);
  expect(scenariosOf((await cli.run("status", "--json")).stdout)).toEqual([
    { id: "AT-001", title: "logs in", status: "passed" },
    { id: "AT-002", title: "logs out", status: "not-linked" },
  ]);
});

test("scenarios: linked fails the stage while one has no test, and says which to whoever mends it", async () => {
  const cli = await createCli({ ...FILES, "stages.yaml": stages("    scenarios: linked\n") });
  const { code, stdout } = await cli.run("run", "objective.md");
  expect(code).toBe(1);
  expect(stdout).toContain("  ACCEPT: 1 of 2 scenarios passed; not linked to a test: AT-002\n");
  expect(stdout).toContain("ACCEPT: CHECKS_FAILED");
  await cli.write("report.tap", "ok 1 - AT-001 a\nok 2 - AT-002 b\n1..2\n");
  expect((await cli.run("resume")).stdout).toContain("  ACCEPT: 2 of 2 scenarios passed\n");
});

test("a test of a scenario that fails sends the work back with its name", async () => {
  const cli = await createCli({ ...FILES, "stages.yaml": stages(), "report.tap": "not ok 1 - AT-002 b\n1..1\n" });
  const { code, stdout } = await cli.run("run", "objective.md");
  expect(code).toBe(1);
  expect(stdout).toContain("0 of 2 scenarios passed; failed: AT-002; not linked to a test: AT-001\n");
});
