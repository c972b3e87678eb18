import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createProject, eventsOf, gitInit, OBJECTIVE, statusOf, type TestProject } from "./harness.js";

const CLAUDE = fileURLToPath(new URL("fixtures/session-claude.mjs", import.meta.url));
const STAGES = `defaults: { work_agent: writer, review_agent: reviewer }
stages:
  SPEC: { artifacts: [spec.md] }
  REVIEW: { is_review_stage: true }
work_to_review_mapping: { SPEC: REVIEW }
`;

interface Call {
  readonly turn: string;
  readonly session: string;
  /** What it was told to go on with. */
  readonly given: string | null;
  readonly mode: string;
}

interface PresetProject extends TestProject {
  calls(): readonly Call[];
}

/** A project whose writer may edit and whose reviewer may read, both the preset `claude`. */
async function presetProject(replies: readonly object[], writerAccess = "edit"): Promise<PresetProject> {
  const claude = `["claude", { command: [${JSON.stringify(process.execPath)}, ${JSON.stringify(CLAUDE)}] }]`;
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": STAGES,
    "troupe.yaml": `agents:
  writer: { plugin: ${claude}, access: ${writerAccess} }
  reviewer: { plugin: ${claude}, access: readOnly }
`,
    "replies.json": JSON.stringify(replies),
    ".gitignore": ".troupe\nsessions\ncalls.jsonl\nheld\ngo\ndied\n",
  });
  gitInit(project.folder);
  const calls = (): readonly Call[] =>
    project
      .read("calls.jsonl")
      .split("\n")
      .flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
  return { ...project, calls };
}

const work = { when: "^SPEC\\.work", say: "The spec is written.", spec: "# Spec\n", usd: 0.5 };
const reject = { when: "^REVIEW\\.review\\.1", say: "REJECTED: too short", usd: 0.25 };
const fix = { when: "^REVIEW\\.fix", say: "It is longer.", spec: "# Spec\n\nLong.\n", usd: 0.125 };
const approve = { when: "^REVIEW\\.review\\.2", say: "APPROVED: long enough", usd: 0.25 };

test("a review over a preset: rejected, the runner killed in the fix, fixed and approved in the sessions of before", async () => {
  const project = await presetProject([work, reject, { ...fix, hold: "go" }, approve]);
  const runner = project.start("run", "objective.md");
  await expect.poll(() => project.read("held"), { timeout: 60_000 }).toMatch(/^REVIEW\.fix/);
  runner.child.kill("SIGKILL");
  await runner.finished;
  const orphans = project.leftovers();
  expect(orphans.length).toBeGreaterThan(0);
  const resuming = project.start("resume");
  await expect.poll(() => project.read("held").match(/fix/g), { timeout: 60_000 }).toHaveLength(2);
  expect(project.leftovers().filter((pid) => orphans.includes(pid))).toEqual([]); // ended before anything started again
  await project.write("go", "");
  const resumed = await resuming.finished;
  expect([resumed.code, resumed.stderr]).toEqual([0, expect.any(String)]);
  expect(project.leftovers()).toEqual([]);

  const verdicts = eventsOf(project).filter(({ type }) => type === "review.concluded");
  expect(verdicts.map(({ verdict }) => verdict?.decision)).toEqual(["rejected", "approved"]);
  const calls = project.calls();
  const [, review, fixed] = calls.map(({ session }) => session);
  expect(calls.map(({ turn, given, mode }) => [turn, given, mode])).toEqual([
    ["SPEC.work.1", null, "acceptEdits"],
    ["REVIEW.review.1", null, "dontAsk"],
    ["REVIEW.fix.2", null, "acceptEdits"],
    ["REVIEW.fix.2", fixed, "acceptEdits"],
    ["REVIEW.review.2", review, "dontAsk"],
  ]);
  // also what the killed attempt had used before it could tell: the session counted it
  const { usage } = JSON.parse((await project.run("status", "--json")).stdout);
  expect(usage.costUsd).toBe(0.5 + 0.25 + (0.125 + 0.125 + 0.125) + 0.25);
  const { runId } = await statusOf(project);
  expect((await project.run("logs", runId, "SPEC")).stdout).toContain("The spec is written.");
}, 120_000);

test("an agent that dies in its turn is tried again, in the session that it had", async () => {
  const project = await presetProject([work, reject, { ...fix, die: "died" }, approve]);
  await project.write("stages.yaml", STAGES.replace("reviewer }", "reviewer, retry: { delay: 1s } }"));
  const { code, stderr } = await project.run("run", "objective.md");
  expect([code, stderr]).toEqual([0, expect.stringContaining("ended with exit code 134: out of memory")]);
  const fixes = project.calls().filter(({ turn }) => turn.startsWith("REVIEW.fix"));
  expect(fixes.map(({ given }) => given)).toEqual([null, fixes[0]?.session]);
  const ends = eventsOf(project).flatMap(({ type, turn, result }) =>
    type === "turn.settled" ? [`${turn} ${result?.status}`] : [],
  );
  expect(ends).toEqual([
    "SPEC.1 succeeded",
    "REVIEW.1 succeeded",
    "REVIEW.2 failed",
    "REVIEW.3 succeeded",
    "REVIEW.4 succeeded",
  ]);
  const { usage } = JSON.parse((await project.run("status", "--json")).stdout);
  expect(usage.costUsd).toBe(0.5 + 0.25 + (0.125 + 0.125) + 0.25);
  expect(project.leftovers()).toEqual([]);
}, 90_000);

test("cancel ends a preset's turn with all that it has started", async () => {
  const project = await presetProject([{ ...work, hold: "never" }]);
  const runner = project.start("run", "objective.md");
  await expect.poll(() => project.has("held"), { timeout: 60_000 }).toBe(true);
  const { runId } = await statusOf(project);
  expect((await project.run("cancel", runId)).code).toBe(0);
  expect((await runner.finished).code).toBe(1);
  expect((await statusOf(project)).stages).toEqual({ SPEC: "cancelled", REVIEW: "pending" });
  expect(project.leftovers()).toEqual([]);
}, 90_000);

test("a preset that cannot ask a person is refused before anything starts", async () => {
  const project = await presetProject([work], "ask");
  const { code, stderr } = await project.run("run", "objective.md");
  expect(code).not.toBe(0);
  expect(stderr).toMatch(/access "ask" of the agent cannot be kept by preset claude \[AGENT_NOT_CONFIGURED\]/);
  expect([project.calls(), project.has(join(".troupe", "runs"))]).toEqual([[], false]);
}, 60_000);

const submit = { verdict: "approved", reasons: ["by tool"] };
const review = { when: "^REVIEW\\.review\\.1", say: "I have looked at it.", usd: 0.25 };
const again = { ...review, ask: "^Your answer does not conclude", say: "REJECTED: not mine" };

test.each([
  [
    "is the reviewer's when its stream shows the call",
    [work, { ...review, submit, isShown: true }],
    ["approved tool"],
    2,
  ],
  [
    "that only the tool has heard of is asked about once more, and the reviewer decides",
    [work, again, { ...review, submit }, fix, approve],
    ["rejected text", "approved text"],
    5,
  ],
])(
  "an approval by tool %s, over a preset",
  async (_name, replies, verdicts, calls) => {
    const project = await presetProject(replies);
    const { code, stderr } = await project.run("run", "objective.md");
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const concluded = eventsOf(project).filter(({ type }) => type === "review.concluded");
    expect(concluded.map(({ verdict }) => `${verdict?.decision} ${verdict?.source}`)).toEqual(verdicts);
    expect(project.calls()).toHaveLength(calls);
  },
  60_000,
);
