import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createProject, eventsOf, gitInit, OBJECTIVE, statusOf, type TestProject } from "./harness.js";

const PACKAGE = fileURLToPath(new URL("../../agent-acp", import.meta.url));
const AGENT = join(PACKAGE, "test", "scripted-agent.mjs");
const STAGES = `defaults: { work_agent: writer, review_agent: reviewer }
stages:
  SPEC: { artifacts: [spec.md] }
  REVIEW: { is_review_stage: true }
work_to_review_mapping: { SPEC: REVIEW }
`;

// the package manager's launcher of the tests shows them every package of the repository
beforeEach(() => void vi.stubEnv("NODE_PATH", ""));
afterEach(() => void vi.unstubAllEnvs());

interface Asked {
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly stage?: string;
  readonly kind?: string;
  readonly round?: string;
  readonly permission?: unknown;
}

interface AcpProject extends TestProject {
  asked(): readonly Asked[];
  /** `STAGE.kind.round method session`, of what opens a session or uses one. */
  sessions(): readonly string[];
}

/** A project in which the plugin is installed and the scripted agent is all agents. */
async function acpProject(prompts: readonly object[], script: object = {}): Promise<AcpProject> {
  const node = JSON.stringify(process.execPath);
  const command = `[${node}, ${JSON.stringify(AGENT)}, script.json, record.jsonl]`;
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": STAGES,
    "troupe.yaml": `agents:
  default: ["@troupe/agent-acp", { command: ${command}, modes: { full: "yolo" } }]
`,
    "script.json": JSON.stringify({ capabilities: { sessionCapabilities: { resume: {} } }, prompts, ...script }),
    ".gitignore": ".troupe\nnode_modules\nrecord.jsonl\n",
  });
  await mkdir(join(project.folder, "node_modules", "@troupe"), { recursive: true });
  await symlink(PACKAGE, join(project.folder, "node_modules", "@troupe", "agent-acp"));
  gitInit(project.folder);
  const asked = (): readonly Asked[] =>
    project
      .read("record.jsonl")
      .split("\n")
      .flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
  return {
    ...project,
    asked,
    sessions: () =>
      asked().flatMap(({ method, params, stage, kind, round }) =>
        method === "session/prompt" || method === "session/resume"
          ? [`${stage}.${kind}.${round} ${method.slice(8)} ${params?.sessionId}`]
          : [],
      ),
  };
}

const spec = { artifact: "spec.md", content: "# Spec\n" };
const edit = { ask: { toolCallId: "t", kind: "edit", title: "Write spec.md" } };
const work = { when: "^SPEC\\.work", steps: [edit, spec, { cost: 0.5 }, { say: "The spec is written." }] };
const reject = { when: "^REVIEW\\.review\\.1", steps: [edit, { say: "REJECTED: too short" }] };
const approve = { when: "^REVIEW\\.review\\.2", steps: [{ say: "VERIFIED_APPROVED: it is long enough" }] };
const fixed = { say: "It is longer." };

test("a review over ACP: rejected, fixed, approved in the reviewer's own session; what it asks for is allowed once", async () => {
  const project = await acpProject([work, reject, { when: "^REVIEW\\.fix", steps: [spec, fixed] }, approve]);
  const { code, stderr } = await project.run("run", "objective.md");
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  const verdicts = eventsOf(project).filter(({ type }) => type === "review.concluded");
  expect(verdicts.map(({ verdict }) => verdict?.decision)).toEqual(["rejected", "approved"]);
  const [first, review, fix, ...rest] = project.sessions();
  const session = review?.split(" ").at(-1);
  expect([first, review, fix, ...rest]).toEqual([
    expect.stringMatching(/^SPEC\.work\.1 prompt session-/),
    expect.stringMatching(/^REVIEW\.review\.1 prompt session-/),
    expect.stringMatching(/^REVIEW\.fix\.\d prompt session-/),
    `REVIEW.review.2 resume ${session}`,
    `REVIEW.review.2 prompt ${session}`,
  ]);
  const permissions = project.asked().flatMap(({ permission }) => (permission === undefined ? [] : [permission]));
  expect(permissions).toEqual([
    { outcome: "selected", optionId: "2" },
    { outcome: "selected", optionId: "2" },
  ]);
  const modes = project.asked().filter(({ method }) => method === "session/set_mode");
  expect(modes.map(({ stage, kind, params }) => [stage, kind, params?.modeId])).toEqual([
    ["SPEC", "work", "yolo"],
    ["REVIEW", "review", "yolo"],
    ["REVIEW", "fix", "yolo"],
    ["REVIEW", "review", "yolo"],
  ]);
  expect((await project.run("logs", (await statusOf(project)).runId, "SPEC")).stdout).toContain("The spec is written.");
  expect(project.leftovers()).toEqual([]);
}, 60_000);

test("kill -9 of the runner ends its agent before anything starts again, in the same session", async () => {
  const held = {
    when: "^REVIEW\\.fix",
    steps: [{ cost: 0.5 }, { orphan: true }, { write: "fixing" }, { waitFor: "go" }, { cost: 0.75 }, spec, fixed],
  };
  const project = await acpProject([work, reject, held, approve]);
  const runner = project.start("run", "objective.md");
  await expect.poll(() => project.has("fixing"), { timeout: 60_000 }).toBe(true);
  runner.child.kill("SIGKILL");
  await runner.finished;
  const orphans = project.leftovers();
  await project.write("go", "");
  expect((await project.run("resume")).code).toBe(0);
  expect(project.leftovers().filter((pid) => orphans.includes(pid))).toEqual([]);
  expect(project.leftovers()).toEqual([]);
  const fixes = project.sessions().filter((line) => line.startsWith("REVIEW.fix"));
  const session = fixes[0]?.split(" ").at(-1);
  expect(fixes.map((line) => line.split(" ").slice(1))).toEqual([
    ["prompt", session],
    ["resume", session],
    ["prompt", session],
  ]);
  expect((await statusOf(project)).run).toBe("succeeded");
  const { usage } = JSON.parse((await project.run("status", "--json")).stdout);
  // 0.5 for the work, and all that the session of the fix counted, each part once
  expect(usage.costUsd).toBe(1.25);
}, 120_000);

test("an agent that dies in its turn is tried again, in the session that it had", async () => {
  const dies = { dieOnce: "died", lastWords: "out of memory\n" };
  const mends = { when: "^REVIEW\\.fix", steps: [{ orphan: true }, { cost: 0.5 }, dies, { cost: 0.75 }, spec, fixed] };
  const project = await acpProject([work, reject, mends, approve]);
  await project.write("stages.yaml", STAGES.replace("reviewer }", "reviewer, retry: { delay: 1s } }"));
  const { code, stderr } = await project.run("run", "objective.md");
  expect([code, stderr]).toEqual([
    0,
    expect.stringContaining("ended with exit code 134 instead of answering session/prompt: out of memory"),
  ]);
  const fixes = project.sessions().filter((line) => line.startsWith("REVIEW.fix"));
  const session = fixes[0]?.split(" ").at(-1);
  expect(fixes.map((line) => line.split(" ").slice(1))).toEqual([
    ["prompt", session],
    ["resume", session],
    ["prompt", session],
  ]);
  const { usage } = JSON.parse((await project.run("status", "--json")).stdout);
  expect(usage.costUsd).toBe(0.5 + 0.75);
  expect(project.leftovers()).toEqual([]);
}, 90_000);

const http = { capabilities: { mcpCapabilities: { http: true } } };
const submit = { submit: { verdict: "approved", reasons: ["by tool"] } };
const tool = { toolCallId: "v", name: "mcp__troupe__submit_verdict", kind: "other", status: "in_progress" };
const shown = [{ tool }, submit, { toolUpdate: { toolCallId: "v", status: "completed" } }];
const looked = { say: "I have looked at it." };
const again = { when: "^REVIEW\\.review\\.1\nYour answer does not conclude", steps: [{ say: "REJECTED: not mine" }] };

test.each([
  ["is the reviewer's when its stream shows the call", [work, { steps: [...shown, looked] }], ["approved tool"]],
  [
    "that only the tool has heard of is asked about once more, and the reviewer decides",
    [
      work,
      again,
      { when: "^REVIEW\\.review\\.1", steps: [submit, looked] },
      { when: "^REVIEW\\.fix", steps: [spec, fixed] },
      approve,
    ],
    ["rejected text", "approved text"],
  ],
])(
  "an approval by tool %s, over ACP",
  async (_name, prompts, verdicts) => {
    const project = await acpProject(prompts, http);
    const { code, stderr } = await project.run("run", "objective.md");
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const concluded = eventsOf(project).filter(({ type }) => type === "review.concluded");
    expect(concluded.map(({ verdict }) => `${verdict?.decision} ${verdict?.source}`)).toEqual(verdicts);
  },
  60_000,
);

test("cancel reaches the agent, and nothing of it stays", async () => {
  const project = await acpProject([{ steps: [{ orphan: true }, { write: "working" }, { hang: true }] }]);
  const runner = project.start("run", "objective.md");
  await expect.poll(() => project.has("working"), { timeout: 60_000 }).toBe(true);
  const { runId } = await statusOf(project);
  expect((await project.run("cancel", runId)).code).toBe(0);
  expect((await runner.finished).code).toBe(1);
  expect(project.asked().map(({ method }) => method)).toContain("session/cancel");
  expect((await statusOf(project)).stages.SPEC).toBe("cancelled");
  expect(project.leftovers()).toEqual([]);
}, 60_000);

test("a missing login is said with the way to log in, and not tried again", async () => {
  const errors = { "session/new": { code: -32000, message: "Authentication required" } };
  const authMethods = [{ id: "acme", name: "Acme account", description: "Run: acme login" }];
  const project = await acpProject([], { errors, authMethods });
  const { code, stdout, stderr } = await project.run("run", "objective.md");
  expect(code).not.toBe(0);
  expect(`${stdout}${stderr}`).toMatch(/is not logged in; it offers: Acme account[\s\S]*Run: acme login/);
  expect(project.asked().filter(({ method }) => method === "session/new").length).toBeLessThanOrEqual(2);
}, 60_000);
