import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createProject, eventsOf, OBJECTIVE, statusOf, type TestProject } from "./harness.js";
import { hasTerminal, openTerminal, type Terminal } from "./terminal.js";

const PACKAGE = fileURLToPath(new URL("../../agent-acp", import.meta.url));
const AGENT = join(PACKAGE, "test", "scripted-agent.mjs");
const LINT = JSON.stringify([
  process.execPath,
  "-e",
  "setInterval(() => require('node:fs').existsSync('go') && process.exit(), 20)",
]);
const STAGES = `stages:
  START: { run: ["true"] }
  SPEC: { work_agent: writer, artifacts: [], timeout: 15s, idle_timeout: 10s }
  LINT: { run: ${LINT} }
  END: { run: ["true"] }
parallel_groups: { both: { stages: [SPEC, LINT] } }
`;
const LINT_DONE = "stage.completed LINT";
const QUESTION = 'Stage SPEC, turn SPEC.1, agent "writer": Allow it to edit: Write spec.md? [y/N]';

// the package manager's launcher of the tests shows them every package of the repository
beforeEach(() => void vi.stubEnv("NODE_PATH", ""));
afterEach(() => void vi.unstubAllEnvs());

/** A project whose agent asks before it writes `spec.md`. */
async function createAsking(): Promise<TestProject> {
  const command = JSON.stringify([process.execPath, AGENT, "script.json", "record.jsonl"]);
  const ask = { ask: { toolCallId: "t", kind: "edit", title: "Write spec.md" }, writeIfAllowed: "spec.md" };
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": STAGES,
    "troupe.yaml": `agents:
  writer: { plugin: "@troupe/agent-acp", options: { command: ${command}, modes: { ask: [] } }, access: ask }
`,
    "script.json": JSON.stringify({ prompts: [{ steps: [ask, { say: "That is it." }] }] }),
  });
  await mkdir(join(project.folder, "node_modules", "@troupe"), { recursive: true });
  await symlink(PACKAGE, join(project.folder, "node_modules", "@troupe", "agent-acp"));
  return project;
}

// `script` of util-linux is what gives a test a terminal; elsewhere it is missing, or takes other arguments
describe.skipIf(!hasTerminal)("an agent that asks, and a person at a terminal (`script` of util-linux)", () => {
  const start = async (): Promise<{ project: TestProject; terminal: Terminal }> => {
    const project = await createAsking();
    const terminal = openTerminal(project, "run", "objective.md");
    await expect.poll(terminal.shown, { timeout: 60_000 }).toContain(QUESTION);
    return { project, terminal };
  };

  test("yes lets it write", async () => {
    const { project, terminal } = await start();
    const before = terminal.shown().length;
    await project.write("go", "");
    const isLintDone = (): boolean => eventsOf(project).some(({ type, stage }) => `${type} ${stage}` === LINT_DONE);
    await expect.poll(isLintDone, { timeout: 60_000 }).toBe(true);
    expect(terminal.shown().slice(before)).toBe(""); // nothing is written over the question
    terminal.type("y\n");
    expect([await terminal.finished, terminal.shown()]).toEqual([0, expect.stringContaining("Done: ")]);
    expect(project.read("spec.md")).toBe("written\n");
    const after = stripVTControlCharacters(terminal.shown().slice(before));
    expect([after, after]).toEqual([
      expect.stringMatching(/LINT +completed/),
      expect.stringMatching(/SPEC +completed/),
    ]);
  }, 60_000);

  test("no refuses it, and the agent goes on without", async () => {
    const { project, terminal } = await start();
    await project.write("go", "");
    terminal.type("n\n");
    expect(await terminal.finished).toBe(0);
    expect([project.has("spec.md"), project.read("record.jsonl")]).toEqual([
      false,
      expect.stringContaining('{"permission":{"outcome":"selected","optionId":"3"}}'),
    ]);
  }, 60_000);

  test("Ctrl+C while it is asked ends the run, which then goes on", async () => {
    const { project, terminal } = await start();
    terminal.type("\u0003");
    expect([await terminal.finished, terminal.shown()]).toEqual([130, expect.stringContaining("Resume with: ")]);
    expect(terminal.shown()).toContain("(withdrawn)");
    expect(project.read("record.jsonl")).toContain('{"permission":{"outcome":"cancelled"}}');
    expect(
      eventsOf(project).find(({ type, turn }) => `${type} ${turn}` === "turn.settled SPEC.1")?.result?.status,
    ).toBe("interrupted");
    expect(project.leftovers()).toEqual([]);
    await project.write("go", "");
    const again = openTerminal(project, "resume");
    await expect.poll(again.shown, { timeout: 60_000 }).toContain("Allow it to edit: Write spec.md? [y/N]");
    again.type("yes\n");
    expect(await again.finished).toBe(0);
    expect(project.read("spec.md")).toBe("written\n");
    expect((await statusOf(project)).run).toBe("succeeded");
  }, 90_000);
});

test("where nobody is asked it is refused, and it is said what would allow it", async () => {
  const project = await createAsking();
  await project.write("go", "");
  const { code, stderr } = await project.run("run", "objective.md", "--no-input");
  expect([code, stderr]).toEqual([0, expect.stringContaining("refused, for nobody is there to ask")]);
  expect(stderr).toContain("run it without --no-input and not in CI, or set its access in troupe.yaml");
  expect(project.has("spec.md")).toBe(false);
}, 60_000);

test("without a terminal it waits until somebody answers from another one", async () => {
  vi.stubEnv("CI", "");
  const project = await createAsking();
  await project.write("go", "");
  const running = project.start("run", "objective.md");
  let shown = "";
  running.child.stderr?.on("data", (chunk) => (shown += String(chunk)));
  const command = /troupe answer (\S+) (\S+) yes/;
  await expect.poll(() => shown, { timeout: 60_000 }).toMatch(command);
  const [, runId = "", question = ""] = command.exec(shown) ?? [];
  const asked = await project.run("answer", runId);
  expect(asked).toMatchObject({ code: 0, stdout: expect.stringContaining(QUESTION) });
  expect((await project.run("status", runId)).stdout).toContain(`Waits for an answer:\n${QUESTION}`);
  const answered = await project.run("answer", runId, question, "yes");
  expect(answered).toMatchObject({ code: 0, stdout: `Answered SPEC.1 of ${runId}.\n` });
  expect((await running.finished).code).toBe(0);
  expect(project.read("spec.md")).toBe("written\n");
  expect(await project.run("answer", runId)).toMatchObject({ code: 2, stderr: expect.stringContaining("NOT_WAITING") });
}, 60_000);
