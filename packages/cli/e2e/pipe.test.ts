import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { BIN, createProject, OBJECTIVE, statusOf, stepWorkflow, type TestProject } from "./harness.js";

interface Shell {
  /** Everything that its last command printed, when all have ended. */
  readonly printed: Promise<string>;
}

/** A line of shell in the project; `troupe` is the built command line. */
function startShell(project: TestProject, script: string): Shell {
  const troupe = `troupe() { "${process.execPath}" "${BIN}" "$@"; }`;
  const child = spawn("sh", ["-c", `${troupe}; ${script}`], {
    cwd: project.folder,
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  onTestFinished(() => {
    try {
      process.kill(-(child.pid ?? 0), "SIGKILL");
    } catch {
      // it has ended
    }
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  return { printed: once(child, "close").then(() => text) };
}

const HELD = {
  "objective.md": OBJECTIVE,
  "stages.yaml": stepWorkflow(["A", "B"]),
  "hold-A": "",
};

test.each([
  ["--plain", "Performing workflow stages.yaml (2 stages)"],
  ["--json", '{"v":1,"type":"run.created"'],
])("a reader of run %s that goes away ends the output and not the run", async (flag, begin) => {
  const project = await createProject(HELD);
  const merged = flag === "--plain" ? "2>&1" : "2>messages.log";
  const run = `{ troupe run objective.md ${flag} ${merged}; echo "exit $?" >code; }`;
  const shell = startShell(project, `${run} | { head -n 1; echo gone >reader; }`);
  await project.line("reader", "gone");
  await project.line("calls.log", "start A");
  await project.write("go-A", "");
  expect((await shell.printed).slice(0, begin.length)).toBe(begin);
  expect(project.read("code")).toBe("exit 0\n");
  expect(project.read("calls.log")).toBe("start A\nend A\nstart B\nend B\n");
  expect((await statusOf(project)).run).toBe("succeeded");
});

test("status for a reader that wants one line is that line", async () => {
  const project = await createProject({ ...HELD, "go-A": "" });
  expect((await project.run("run", "objective.md")).code).toBe(0);
  const { runId } = await statusOf(project);
  const shell = startShell(project, '{ troupe status; echo "exit $?" >code; } | head -n 1');
  expect(await shell.printed).toBe(`Run ${runId}: succeeded\n`);
  expect(project.read("code")).toBe("exit 0\n");
});

test("status and list during a run take nothing: the run is not disturbed", async () => {
  const project = await createProject(HELD);
  const running = project.start("run", "objective.md");
  await project.line("calls.log", "start A");
  const journal = () => readFileSync(join(project.runFolder(), "journal.jsonl"), "utf8");
  const before = journal();
  const looks = ["status", "list", "status", "list"].map((command) => project.run(command));
  for (const { code, stdout } of await Promise.all(looks)) {
    expect({ code, isRunning: /\brunning\b/.test(stdout) }).toEqual({ code: 0, isRunning: true });
  }
  expect(journal()).toBe(before);
  await project.write("go-A", "");
  expect((await running.finished).code).toBe(0);
});

test("a full disk behind the output ends the output, not the run", async () => {
  const project = await createProject({ "objective.md": OBJECTIVE, "stages.yaml": stepWorkflow(["A", "B"]) });
  for (const mode of ["--json", "--plain"]) {
    const { printed } = startShell(
      project,
      `troupe run objective.md --new ${mode} >/dev/full 2>/dev/full; echo "exit $?"`,
    );
    expect(await printed).toBe("exit 0\n");
  }
  expect(project.starts()).toEqual(["start A", "start B", "start A", "start B"]);
});
