import { expect, test } from "vitest";
import { AGENT, createProject, eventsOf, FLAKY, OBJECTIVE, STEP, statusOf, type TestProject } from "./harness.js";

/** A command stage under the test's control, with more keys. */
function step(id: string, keys: string = ""): string {
  return `  ${id}: { run: [${JSON.stringify(process.execPath)}, ${JSON.stringify(STEP)}, ${id}]${keys === "" ? "" : `, ${keys}`} }\n`;
}

/** A project whose agents are all this program. */
async function withAgent(
  program: string,
  stages: string,
  files: Readonly<Record<string, string>> = {},
): Promise<TestProject> {
  return await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": stages,
    "troupe.yaml": `agents:\n  default: ["command", { command: [${JSON.stringify(process.execPath)}, ${JSON.stringify(program)}] }]\n`,
    ...files,
  });
}

const calls = (project: TestProject): readonly string[] => project.read("calls.log").trim().split("\n");

test("needs replaces the order, for that stage only: what it lets overlap overlaps, a group's name means all members", async () => {
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": `stages:\n${step("A")}${step("B")}${step("C")}${step("D", "needs: [A]")}${step("E")}${step("F", "needs: [pair, E]")}
parallel_groups:
  pair: { stages: [B, C] }
`,
    "meet-B": "E", // E comes behind D, which no longer waits for the group
    "hold-C": "",
  });
  const { finished } = project.start("run", "objective.md");
  await project.line("calls.log", "end E");
  await project.line("calls.log", "end B");
  expect((await statusOf(project)).stages.F).toBe("pending");
  await project.write("go-C", "");
  expect((await finished).code).toBe(0);
  expect(calls(project).slice(-3)).toEqual(["end C", "start F", "end F"]);
});

test("when skips a stage by an input or by what became of another one, and the gate opens all the same", async () => {
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": `inputs: { MODE: { default: full } }
defaults: { optional: true }
stages:
${step("A", "when: { input: MODE, equals: full }")}${step("B", "when: { stage: A, is: skipped }")}${step("C", "when: { all: [{ stage: B, is: completed }, { not: { input: MODE, equals: quick } }] }")}${step("D")}
parallel_groups:
  g: { stages: [A], before: B }
`,
  });
  expect((await project.run("run", "objective.md", "--input", "MODE=quick")).code).toBe(0);
  expect((await statusOf(project)).stages).toEqual({ A: "skipped", B: "completed", C: "skipped", D: "completed" });
  expect(project.starts()).toEqual(["start B", "start D"]);
});

test("retry tries an agent's failure again after its delay, and a command's exit code never", async () => {
  const stages = `defaults: { retry: { delay: 300ms } }
stages:
  A: { work_agent: pm, retry: { attempts: 3, backoff: 1 } }
${step("B", "retry: { attempts: 3 }")}`;
  const project = await withAgent(FLAKY, stages, { "fails-A": "2", "fail-B": "" });
  expect((await project.run("run", "objective.md")).code).toBe(1);
  expect(calls(project)).toEqual(["agent A.1", "agent A.2", "agent A.3", "start B"]);
  const [first = 0, second = 0, third = 0] = project.read("times-A.log").split("\n").map(Number);
  expect(second - first).toBeGreaterThanOrEqual(300);
  expect(third - second).toBeGreaterThanOrEqual(300);
  expect((await statusOf(project)).stages).toEqual({ A: "completed", B: "failed" });
});

test("retry: { attempts: 1 } takes the first failure for the end", async () => {
  const project = await withAgent(FLAKY, "stages: { A: { work_agent: pm, retry: { attempts: 1 } } }\n", {
    "fails-A": "1",
  });
  const { code, stdout } = await project.run("run", "objective.md");
  expect(code).toBe(1);
  expect(stdout).toContain('A: AGENT_FAILED: agent "pm" ended with exit code 1');
  expect(calls(project)).toEqual(["agent A.1"]);
});

test("timeout and idle_timeout end a turn, of a command and of an agent", async () => {
  const stages = `stages:
${step("A", "timeout: 400ms")}${step("B", "idle_timeout: 400ms")}  C: { work_agent: pm, timeout: 1s, writes: artifacts }
  D: { work_agent: ba, idle_timeout: 1s, writes: artifacts }
parallel_groups:
  all: { stages: [A, B, C, D] }
`;
  const project = await withAgent(FLAKY, stages, { "hold-A": "", "hold-B": "", "silent-C": "", "silent-D": "" });
  const { code, stdout } = await project.run("run", "objective.md");
  expect(code).toBe(1);
  expect(stdout).toMatch(/A: TURN_TIMEOUT: .* took longer than its timeout/);
  expect(stdout).toMatch(/B: TURN_TIMEOUT: .* was silent for longer than its idle timeout/);
  expect(stdout).toContain('C: TURN_TIMEOUT: agent "pm" was not done after 1 s and was ended');
  expect(stdout).toContain('D: TURN_TIMEOUT: agent "ba" gave no output for 1 s and was ended');
  expect(project.leftovers()).toEqual([]);
});

test("checks send the work back until they pass, and max_rounds bounds them", async () => {
  const counting = (passes: number): string =>
    `"echo x >> $TROUPE_STAGE.checks; [ $(wc -l < $TROUPE_STAGE.checks) -ge ${passes} ]"`;
  const stages = `defaults: { work_agent: pm, max_rounds: 3 }
stages:
  A: { checks: [${counting(2)}] }
  B: { checks: [${counting(9)}], max_rounds: 2 }
  C: { checks: [${counting(9)}] }
`;
  const project = await withAgent(AGENT, stages);
  const { code, stdout } = await project.run("run", "objective.md");
  expect(code).toBe(1);
  expect(stdout).toContain("B: CHECKS_FAILED");
  expect(calls(project)).toEqual(["agent A.work.1", "agent A.fix.1", "agent B.work.1", "agent B.fix.1"]);
  expect((await statusOf(project)).stages).toEqual({ A: "completed", B: "failed", C: "pending" });
});

test("a review of defaults' max_rounds rejects as often as that, then the stage fails", async () => {
  const stages = `defaults: { work_agent: ba, review_agent: reviewer, max_rounds: 2 }
stages:
  SPEC: {}
  REVIEW: { is_review_stage: true }
work_to_review_mapping: { SPEC: REVIEW }
`;
  const project = await withAgent(AGENT, stages, { "answers/REVIEW.review.1": "REJECTED: too short\n" });
  const { code, stdout } = await project.run("run", "objective.md");
  expect(code).toBe(1);
  expect(stdout).toContain("REVIEW: REVIEW_REJECTED");
  expect(calls(project)).toEqual([
    "agent SPEC.work.1",
    "agent REVIEW.review.1",
    "agent REVIEW.fix.1",
    "agent REVIEW.review.2",
  ]);
});

test("inputs reach commands as environment, by default, flag and front matter, never by substitution", async () => {
  const project = await createProject({
    "objective.md": `---\ninputs: { FROM_FILE: "in $HOME" }\n---\n${OBJECTIVE}`,
    "stages.yaml": `inputs: { TICKET: { description: number }, BRANCH: { default: main }, FROM_FILE: }
stages:
  A: { run: 'printf "%s|%s|%s" "$TROUPE_INPUT_TICKET" "$TROUPE_INPUT_BRANCH" "$TROUPE_INPUT_FROM_FILE" > inputs.txt' }
`,
  });
  const refused = await project.run("run", "objective.md");
  expect(refused.code).toBe(3);
  expect(refused.stderr).toContain("INPUT_INVALID");
  expect((await project.run("run", "objective.md", "--input", "TICKET=$(id)")).code).toBe(0);
  expect(project.read("inputs.txt")).toBe("$(id)|main|in $HOME");
});

test("a stage that requires passed acceptance tests fails when a condition skipped them; the flag is refused at once", async () => {
  const stages = `inputs: { MODE: { default: full } }
stages:
  A: { work_agent: pm, is_acceptance_test_stage: true, checks: ["true"], optional: true, when: { input: MODE, equals: full } }
  B: { work_agent: pm, requires_acceptance_tests_passed: true }
`;
  const project = await withAgent(AGENT, stages);
  expect((await project.run("run", "objective.md", "--skip", "A")).code).toBe(2);
  const { code, stdout } = await project.run("run", "objective.md", "--input", "MODE=quick");
  expect(code).toBe(1);
  expect(stdout).toContain("B: ACCEPTANCE_NOT_PASSED");
  expect(project.has("calls.log")).toBe(false);
});

test("the prompt has name, description, exit criteria, artifacts and template of the file, and the objective unless it is left out", async () => {
  const stages = `defaults: { work_agent: pm, exit_criteria: [It is all written down] }
stages:
  A: { name: The first, description: Look around., prompt_template: look.md }
  B: { include_objective: false, exit_criteria: [Nothing is left] }
`;
  const project = await withAgent(AGENT, stages, { "look.md": "Read the house rules.\n" });
  expect((await project.run("run", "objective.md")).code).toBe(0);
  const [a, b] = [project.read("prompt-A.work.1.txt"), project.read("prompt-B.work.1.txt")];
  for (const part of ["Read the house rules.", "The first", "Look around.", "It is all written down", "It works"]) {
    expect(a).toContain(part);
  }
  expect(b).toContain("Nothing is left");
  for (const part of ["It works", "It is all written down", "house rules"]) expect(b).not.toContain(part);
});

test("an agent whose persona is not allowed is refused before a run exists", async () => {
  const stages = "stages: { A: { work_agent: pm, allowed_personas: [builder] } }\n";
  const project = await withAgent(AGENT, stages);
  const { code, stderr } = await project.run("run", "objective.md");
  expect(code).toBe(3);
  expect(stderr).toContain(
    'stages.yaml:1:28 error WORKFLOW_INVALID: work_agent "pm" of stage "A" is a project_manager',
  );
  expect(project.has(".troupe/runs")).toBe(false);
});

test("optional stages are skipped by --skip alone, and one that is not optional is not", async () => {
  const stages = `stages:\n${step("A", "optional: true")}${step("B")}`;
  const project = await createProject({ "objective.md": OBJECTIVE, "stages.yaml": stages });
  const refused = await project.run("run", "objective.md", "--skip", "B");
  expect(refused.code).toBe(2);
  expect((await project.run("run", "objective.md", "--skip", "A")).code).toBe(0);
  expect(project.starts()).toEqual(["start B"]);
  expect(eventsOf(project).filter(({ type }) => type === "stage.skipped")).toHaveLength(1);
});
