import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "@troupe/core";
import { turnMarker } from "@troupe/process";
import { afterEach, describe, expect, test } from "vitest";
import { createContext, createTask, createTurnHarness, type TurnHarness, textRef } from "../test/turn-harness.js";

let harness: TurnHarness;
afterEach(() => harness.remove());

const shell = (line: string) => ({ shell: line });

describe("a command stage", () => {
  const run = (line: string) => ({ id: "BUILD", kind: "command", run: shell(line) }) as const;
  const draft = { agent: null };

  test("succeeds with what the command printed, and its artifacts", async () => {
    harness = await createTurnHarness();
    const stage = { ...run('pwd; echo err >&2; echo built > "$TROUPE_ARTIFACTS/out.txt"'), artifacts: ["out.txt"] };
    const context = createContext();
    const result = await harness.runner.run(createTask(harness, stage, draft), context);
    expect(result).toEqual({
      status: "succeeded",
      output: textRef(`${harness.workspace}\n`),
      artifacts: [{ name: "out.txt", sha256: sha256("built\n"), bytes: 6 }],
      usage: null,
      session: null,
      log: { turn: "BUILD.1", bytes: harness.workspace.length + 5, truncated: false },
    });
    expect(await harness.log("BUILD.1")).toContain("err\n");
    expect(context.seen).toContainEqual({ type: "output", text: "err\n" });
  });

  test("gets the whole environment and the facts of the turn", async () => {
    const environment = { PATH: process.env.PATH, SECRET: "s", TROUPE_INPUT_OUTER: "x", GONE: undefined };
    harness = await createTurnHarness({ environment });
    const line = 'echo "$SECRET|$TROUPE_RUN_ID|$TROUPE_STAGE|$TROUPE_TURN|$TROUPE_INPUT_THE_NAME|$TROUPE_INPUT_OUTER"';
    const task = createTask(harness, run(line), { ...draft, values: { "the-name": "v" } });
    const result = await harness.runner.run(task, createContext());
    const marker = turnMarker({ ...task, stateFolder: harness.host.stateFolder });
    expect(marker).toMatch(/^r-1\/1\/BUILD\.1\/[0-9a-f]{12}$/);
    expect(result).toMatchObject({ output: { text: `s|r-1|BUILD|${marker}|v|\n` } });
  });

  test("fails for good with the command, its exit code and the end of its output", async () => {
    harness = await createTurnHarness();
    const task = createTask(harness, run("echo one; echo two >&2; exit 3"), draft);
    expect(await harness.runner.run(task, createContext())).toMatchObject({
      status: "failed",
      error: {
        code: "COMMAND_FAILED",
        message: "echo one; echo two >&2; exit 3 ended with exit code 3; the end of its output:\none\ntwo",
        hint: "See all of its output: troupe logs r-1 BUILD",
        details: { exitCode: 3, signal: null },
      },
      retry: "never",
      output: { text: "one\ntwo\n" },
    });
  });

  test("fails when a signal ends it", async () => {
    harness = await createTurnHarness();
    const result = await harness.runner.run(createTask(harness, run("kill -9 $$"), draft), createContext());
    expect(result).toMatchObject({ error: { code: "COMMAND_FAILED", message: "kill -9 $$ was ended by SIGKILL" } });
  });

  test.each([
    ["its timeout", { timeoutMs: 200 }, "sleep 60 took longer than its timeout"],
    ["its idle timeout", { idleTimeoutMs: 200 }, "sleep 60 was silent for longer than its idle timeout"],
  ])("fails for good after %s", async (_name, limits, message) => {
    harness = await createTurnHarness();
    const result = await harness.runner.run(
      createTask(harness, { ...run("sleep 60"), ...limits }, draft),
      createContext(),
    );
    expect(result).toMatchObject({ status: "failed", error: { code: "TURN_TIMEOUT", message }, retry: "never" });
  });

  test("fails for good when the program is not there", async () => {
    harness = await createTurnHarness();
    const stage = { id: "BUILD", kind: "command", run: { argv: ["no-such-program-here"] } } as const;
    const result = await harness.runner.run(createTask(harness, stage, draft), createContext());
    expect(result).toMatchObject({ status: "failed", error: { code: "PROCESS_NOT_STARTED" }, retry: "never" });
  });

  test("is interrupted by an abort, its processes ended", async () => {
    harness = await createTurnHarness();
    const context = createContext();
    const turn = harness.runner.run(createTask(harness, run("echo up; sleep 60"), draft), {
      ...context,
      progress: (update) => (update.type === "output" ? context.abort("cancelled") : undefined),
    });
    expect(await turn).toMatchObject({ status: "interrupted", reason: "cancelled" });
  });

  test("without a command is our mistake", async () => {
    harness = await createTurnHarness();
    const result = await harness.runner.run(createTask(harness, { ...run(""), run: null }, draft), createContext());
    expect(result).toMatchObject({ status: "failed", error: { code: "INTERNAL" } });
  });
});

describe("a check turn", () => {
  const stage = { id: "TEST", workAgent: "builder", maxRounds: 2, checks: [] } as const;
  const draft = { kind: "check", agent: null, turn: "TEST.2" } as const;

  test("passes when all commands exit 0", async () => {
    harness = await createTurnHarness();
    await writeFile(join(harness.workspace, "ok"), "");
    const checks = [shell("test -f ok"), { argv: ["test", "-d", "."] }];
    const result = await harness.runner.run(createTask(harness, stage, { ...draft, checks }), createContext());
    const number = expect.any(Number);
    expect(result).toEqual({
      status: "succeeded",
      output: textRef(
        "2 checks passed.\n\n- passed (exit code 0): `test -f ok`\n- passed (exit code 0): `test -d .`\n",
      ),
      artifacts: [],
      checks: [
        { command: "test -f ok", passed: true, exitCode: 0, durationMs: number },
        { command: "test -d .", passed: true, exitCode: 0, durationMs: number },
      ],
      usage: null,
      session: null,
      log: { turn: "TEST.2", bytes: 25, truncated: false },
    });
    expect(await harness.log("TEST.2")).toBe("$ test -f ok\n$ test -d .\n");
  });

  test("runs all of them after a failure, and says what failed and why", async () => {
    harness = await createTurnHarness();
    const checks = [
      shell("echo broken >&2; exit 2"),
      { argv: ["no-such-program-here"] },
      shell("sleep 60"),
      shell("exit 1"),
      shell("true"),
    ];
    const task = createTask(harness, { ...stage, timeoutMs: 300 }, { ...draft, checks });
    const result = await harness.runner.run(task, createContext());
    expect(result).toMatchObject({
      status: "succeeded",
      checks: [
        { passed: false, exitCode: 2 },
        { passed: false, exitCode: null, durationMs: 0 },
        { passed: false, exitCode: null },
        { passed: false, exitCode: 1 },
        { passed: true, exitCode: 0 },
      ],
    });
    expect(result).not.toHaveProperty("failureReport");
    expect("output" in result ? result.output?.text : null).toBe(
      [
        "4 of 5 checks failed.",
        [
          "- failed (exit code 2): `echo broken >&2; exit 2`",
          "- failed (no exit code): `no-such-program-here`",
          "- failed (no exit code): `sleep 60`",
          "- failed (exit code 1): `exit 1`",
          "- passed (exit code 0): `true`",
        ].join("\n"),
        "echo broken >&2; exit 2 ended with exit code 2:\n\n    broken",
        "no-such-program-here could not be started: the program no-such-program-here was not found, without any output.",
        "sleep 60 took longer than its timeout, without any output.",
        "exit 1 ended with exit code 1, without any output.\n",
      ].join("\n\n"),
    );
  });

  test.each([
    ["after the last round", { round: 2 }, stage],
    ["when nobody is there to mend it", { round: 1 }, { ...stage, workAgent: null }],
  ])("leaves a failure report %s", async (_name, round, definition) => {
    harness = await createTurnHarness();
    const task = createTask(harness, definition, { ...draft, ...round, checks: [shell("echo no; false")] });
    const result = await harness.runner.run(task, createContext());
    const report = "failureReport" in result ? await harness.read(result.failureReport ?? "") : "";
    expect(report).toContain("## Open points\n\n- Check failed (exit code 1): `echo no; false`\n");
    expect(report).toContain(">     no\n");
  });

  test("fails, to be tried again or not, when there is no folder to work in", async () => {
    harness = await createTurnHarness();
    const workspace = { kind: "folder", path: join(harness.workspace, "gone") } as const;
    const task = createTask(harness, stage, { ...draft, workspace, checks: [shell("true")] });
    const result = await harness.runner.run(task, createContext());
    expect(result).toMatchObject({ status: "failed", error: { code: "PROCESS_NOT_STARTED" }, retry: "never" });
  });

  test("is interrupted in the middle, and starts no further check", async () => {
    harness = await createTurnHarness();
    const context = createContext();
    const checks = [shell("echo up; sleep 60"), shell("touch second")];
    const turn = harness.runner.run(createTask(harness, stage, { ...draft, checks }), {
      ...context,
      progress: (update) => (update.type === "output" ? context.abort("stopped") : undefined),
    });
    expect(await turn).toMatchObject({ status: "interrupted", reason: "stopped" });
    expect(await harness.log("TEST.2")).not.toContain("touch");
  });
});
