import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CheckDefinition, TurnTask } from "@troupe/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createContext, createTask, createTurnHarness, type TurnHarness } from "../test/turn-harness.js";

let harness: TurnHarness;
beforeEach(async () => {
  harness = await createTurnHarness();
});
afterEach(() => harness.remove());

const draft = { kind: "check", agent: null } as const;

async function check(checks: readonly CheckDefinition[], more: Partial<Omit<TurnTask, "stage">> = {}) {
  const stage = { id: "ACCEPT", kind: "acceptance", workAgent: "builder" } as const;
  const task = createTask(harness, stage, { ...draft, ...more, checks });
  const result = await harness.runner.run(task, createContext());
  if (result.status !== "succeeded") throw new Error(JSON.stringify(result));
  const checked = result.checks?.map(({ durationMs: _, command: __, ...rest }) => rest);
  return { checks: checked, text: result.output.text ?? "" };
}

const junit = { format: "junit", files: ["out/junit.xml"] } as const;
const onStdout = { format: "tap", files: [] } as const;
const suite = (cases: string): string => `<testsuite name="S">${cases}</testsuite>`;
const writing = (xml: string, exit = 0): CheckDefinition => ({
  shell: `mkdir -p out; cat > out/junit.xml <<'XML'\n${xml}\nXML\nexit ${exit}`,
  report: junit,
});
const printing = (tap: string): CheckDefinition => ({ argv: ["printf", tap], report: onStdout });

describe("a check with a report", () => {
  test("passes with its counts when nothing in it failed", async () => {
    const { checks, text } = await check([
      writing(suite('<testcase name="a"/><testcase name="b"><skipped/></testcase>')),
      printing("ok 1 - a\n1..1\n"),
    ]);
    expect(checks).toEqual([
      { passed: true, exitCode: 0, tests: { passed: 1, failed: 0, skipped: 1 } },
      { passed: true, exitCode: 0, tests: { passed: 1, failed: 0, skipped: 0 } },
    ]);
    expect(text).toContain("; 1 test passed, 0 failed, 1 skipped");
  });

  test("fails with the failed tests although its exit code is 0, and names them to whoever mends it", async () => {
    const xml = suite('<testcase name="AT-001 x"><failure message="1 is&#10;not 2"/></testcase><testcase name="b"/>');
    const { checks, text } = await check([writing(xml)]);
    expect(checks).toEqual([
      {
        passed: false,
        exitCode: 0,
        tests: { passed: 1, failed: 1, skipped: 0 },
        problem: "its report tells of 1 failed test",
      },
    ]);
    expect(text).toContain("\n\n- S > AT-001 x: 1 is not 2\n\n");
    expect(text).toContain(" ended with exit code 0; its report tells of 1 failed test");
  });

  test("tells which tests failed beside its exit code, no more of them than can be read", async () => {
    const cases = Array.from({ length: 40 }, (_, at) => `<testcase name="t${at}"><failure/></testcase>`).join("");
    const { checks, text } = await check([writing(suite(cases), 1)]);
    expect(checks).toEqual([{ passed: false, exitCode: 1, tests: { passed: 0, failed: 40, skipped: 0 } }]);
    expect(text).toContain("- S > t29\n- and 10 more\n\n");
    expect(text).toContain("ended with exit code 1; its report tells of 40 failed tests, without any output.");
  });

  test.each<[string, CheckDefinition, RegExp | string]>([
    ["is not there", { argv: ["true"], report: junit }, "its report out/junit.xml is not there"],
    ["cannot be read as what it is said to be", writing("<a>"), /^its report out\/junit.xml is no XML: /],
    ["names no test", writing(suite("")), "its report tells of no test that was performed"],
    ["names only skipped tests", printing("ok 1 # SKIP\n1..1\n"), "its report tells of no test that was performed"],
    ["was cut off", printing("ok 1\n"), "its report on standard output has no plan (1..N): it may have been cut off"],
    [
      "is a pipe",
      { shell: "mkdir -p out; mkfifo out/junit.xml", report: junit },
      "its report out/junit.xml is not there",
    ],
    [
      "is larger than what is read",
      { shell: "mkdir -p out; head -c 17000000 /dev/zero > out/junit.xml", report: junit },
      "its report out/junit.xml is larger than 16 MiB",
    ],
    [
      "is more than what is kept of the output",
      { shell: "echo 1..1; head -c 17000000 /dev/zero; echo; echo ok", report: onStdout },
      "its report on standard output is larger than 16 MiB",
    ],
  ])("fails when the report %s", async (_name, definition, problem) => {
    const { checks } = await check([definition]);
    const expected = typeof problem === "string" ? problem : expect.stringMatching(problem);
    expect(checks).toMatchObject([{ passed: false, exitCode: 0, problem: expected }]);
  });

  test("does not take a report from before for its own", async () => {
    await mkdir(join(harness.workspace, "out"));
    await writeFile(join(harness.workspace, "out", "junit.xml"), suite('<testcase name="a"/>'));
    const { checks } = await check([{ argv: ["true"], report: junit }]);
    expect(checks).toMatchObject([
      { passed: false, problem: "its report out/junit.xml is from before: it was not written" },
    ]);
    expect((await check([writing(suite('<testcase name="a"/>'))])).checks).toMatchObject([{ passed: true }]);
  });

  test("takes all reports of a pattern, but those from before", async () => {
    const report = { format: "junit", files: ["TEST-*-it*.xml", "out/*"] } as const;
    await writeFile(join(harness.workspace, "TEST-old-it.xml"), "broken");
    const write = (name: string) => `echo '${suite(`<testcase name="${name}"/>`)}' > ${name}`;
    const shell = ["TEST-a-it.xml", "TEST-b-it2.xml", "TEST-.xml", "out/c"].map(write).join("; ");
    const { checks } = await check([{ shell: `mkdir out; ${shell}`, report }]);
    expect(checks).toMatchObject([{ passed: true, tests: { passed: 3 } }]);
  });

  test("does not read what lies elsewhere", async () => {
    await symlink("/etc", join(harness.workspace, "out"));
    const { checks } = await check([{ argv: ["true"], report: { format: "tap", files: ["out/passwd"] } }]);
    expect(checks).toMatchObject([{ passed: false, problem: expect.stringContaining("a symbolic link leads out") }]);
  });

  test("has no report when a signal or a timeout ended it", async () => {
    const { checks } = await check([{ shell: "echo ok; echo 1..1; kill -9 $$", report: onStdout }]);
    expect(checks).toEqual([{ passed: false, exitCode: null }]);
  });
});

describe("the scenarios of the specification", () => {
  const spec = (...ids: string[]): string =>
    `# Spec\n\n## Acceptance Test Scenarios\n\n${ids.map((id) => `### ${id}: does ${id}\n`).join("\n")}`;
  const scenario = (id: string, status: string) => ({ id, title: `does ${id}`, status });

  test("are passed, failed or not linked by the tests that carry their ids", async () => {
    const inputs = [await harness.recorded("SPEC", "spec.md", spec("AT-001", "AT-002", "AT-003"))];
    const checks = [printing("ok 1 - AT-001 a\nnot ok 2 - AT-002 b\nok 3 - c\n1..3\n")];
    const result = await check(checks, { inputs, scenarios: "shown" });
    expect(result.checks?.[1]).toEqual({
      passed: false,
      exitCode: null,
      scenarios: [scenario("AT-001", "passed"), scenario("AT-002", "failed"), scenario("AT-003", "not-linked")],
    });
    expect(result.text).toContain(
      "- failed: scenarios of spec.md: 1 of 3 scenarios passed; failed: AT-002; not linked to a test: AT-003\n",
    );
    expect(result.text).toContain("- AT-002 (does AT-002): a test that carries its id fails\n");
  });

  test("that are not linked are shown, and do not keep the stage from passing", async () => {
    const inputs = [await harness.recorded("SPEC", "spec.md", spec("AT-001"))];
    const { checks } = await check([{ argv: ["true"] }], { inputs, scenarios: "shown" });
    expect(checks).toEqual([
      { passed: true, exitCode: 0 },
      { passed: true, exitCode: null, scenarios: [scenario("AT-001", "not-linked")] },
    ]);
  });

  test("must each be linked where that is demanded", async () => {
    const inputs = [await harness.recorded("SPEC", "spec.md", spec("AT-001", "AT-002"))];
    const one = await check([printing("ok 1 - AT-001\n1..1\n")], { inputs, scenarios: "linked" });
    const problem = "1 of 2 scenarios have no performed test with their id in its name";
    expect(one.checks?.[1]).toMatchObject({ passed: false, problem });
    expect(one.text).toContain("- AT-002 (does AT-002): no test that was performed carries AT-002 in its name\n");
    const both = await check([printing("ok 1 - AT-001\nok 2 - at_002\n1..2\n")], { inputs, scenarios: "linked" });
    expect(both.checks?.[1]).toMatchObject({ passed: true });
  });

  test.each([
    ["there is none", "# Spec\n", /^no artifact of an earlier stage has scenarios/],
    ["two have one id", spec("AT-001", "AT-001"), /^the same id stands for more than one scenario: AT-001$/],
  ])("cannot all be linked when %s", async (_name, text, problem) => {
    const inputs = [await harness.recorded("SPEC", "spec.md", text)];
    const { checks } = await check([printing("ok 1 - AT-001\n1..1\n")], { inputs, scenarios: "linked" });
    expect(checks?.[1]).toMatchObject({ passed: false, problem: expect.stringMatching(problem) });
  });

  test("are read as recorded, from all artifacts in markdown, each once", async () => {
    const inputs = [
      await harness.recorded("SPEC", "spec.md", spec("AT-001")),
      await harness.recorded("PLAN", "plan.md", spec("AT-002", "AT-001")),
      await harness.recorded("PLAN", "plan.json", spec("AT-003")),
    ];
    const { checks } = await check([{ shell: 'echo changed > "$TROUPE_ARTIFACTS/spec.md"' }], {
      inputs,
      scenarios: "shown",
    });
    expect(checks?.[1]?.scenarios?.map(({ id }) => id)).toEqual(["AT-001", "AT-002"]);
  });

  test("are not looked at where no acceptance stage is judged", async () => {
    const inputs = [await harness.recorded("SPEC", "spec.md", spec("AT-001"))];
    expect((await check([{ argv: ["true"] }], { inputs })).checks?.length).toBe(1);
  });
});

test("a check turn without checks judges nothing, and has not passed", async () => {
  const task = createTask(harness, { id: "ACCEPT", kind: "acceptance" }, { ...draft, scenarios: "shown" });
  expect(await harness.runner.run(task, createContext())).toMatchObject({
    status: "failed",
    error: { code: "INTERNAL" },
    retry: "never",
  });
});
