import { existsSync, readdirSync } from "node:fs";
import { chmod, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AgentHealth } from "@troupe/core";
import { describe, expect, test } from "vitest";
import { createTurn, parseOptions } from "../test/agent-turn.js";
import plugin from "./index.js";
import { PRESETS } from "./presets.js";

const sh = (line: string, ...args: readonly string[]): readonly string[] => ["sh", "-c", line, "sh", ...args];

describe("a turn", () => {
  test("gives the prompt on standard input and takes standard output as the result", async () => {
    const { run, logged, pids, activities } = await createTurn();
    const command = sh('cat; echo "[$1] [$GREETING]"; echo problem >&2; printf "\\n\\n"', "a b");
    expect(await run({ command, env: { GREETING: "hé" } })).toEqual({
      output: "# The prompt\n[a b] [hé]",
      session: null,
      usage: null,
    });
    expect(logged()).toContain("[a b] [hé]\n");
    expect(logged()).toContain("problem\n");
    expect(pids).toHaveLength(1);
    expect(new Set(activities)).toEqual(new Set(["output"]));
  });

  test("passes a prompt of a megabyte, also one with characters split over chunks, and gets it back whole", async () => {
    const { run } = await createTurn();
    const prompt = `x${"€😀".repeat(150_000)}`;
    expect((await run({ command: ["cat"], maxOutputBytes: 4_000_000 }, { prompt })).output).toBe(prompt);
  });

  test("never puts the prompt into an argument or the environment", async () => {
    const { run } = await createTurn();
    const { output } = await run({ command: sh('tr "\\0" " " < /proc/$$/cmdline; env') }, { prompt: "SECRET-PROMPT" });
    expect(output).not.toContain("SECRET-PROMPT");
  });

  test("gives the prompt in a private file, which is removed afterwards", async () => {
    const { run, fail, host } = await createTurn();
    const command = sh('cat "$1"; stat -c "%a" "$1"; cat; echo "$1"', "{prompt_file}");
    const { output } = await run({ command, prompt: "file" });
    const file = join(host.stateFolder, "prompts", "run-1.PLAN.1.md");
    expect(output).toBe(`# The prompt\n600\n${file}`);
    await fail({ command: sh("exit 1", "{prompt_file}"), prompt: "file" });
    expect(readdirSync(join(host.stateFolder, "prompts"))).toEqual([]);
  });

  test("says where a prompt file cannot be written", async () => {
    const { fail, host } = await createTurn();
    await writeFile(host.stateFolder, "");
    expect(await fail({ command: sh("true", "{prompt_file}"), prompt: "file" })).toMatchObject({
      code: "STORE_FAILED",
    });
  });

  test.each([
    [
      "a model that the command does not take",
      { model: "big" },
      'agent "writer" has a model, but its command does not take it',
    ],
    [
      "an access that nothing keeps",
      { access: "readOnly" },
      'access "readOnly" of agent "writer" cannot be kept by a command',
    ],
  ] as const)("refuses %s instead of ignoring it", async (_name, change, message) => {
    const { run } = await createTurn();
    await expect(run({ command: sh("echo hello") }, change)).rejects.toMatchObject({
      code: "AGENT_NOT_CONFIGURED",
      message,
    });
  });

  test("fills in the model as text, never as part of a command line", async () => {
    const { run, fail } = await createTurn();
    const command = sh('echo "$1"', "--model={model}");
    expect((await run({ command }, { model: "$(id) {prompt_file} {model}" })).output).toBe(
      "--model=$(id) {prompt_file} {model}",
    );
    expect(await fail({ command })).toMatchObject({
      code: "AGENT_NOT_CONFIGURED",
      message: 'the command of agent "writer" uses {model}, but no model is set',
      details: { retry: "never" },
    });
    expect((await run({ command: sh('echo "$1"', "{other}") })).output).toBe("{other}");
  });

  test("starts a program named by a relative path from the project's folder", async () => {
    const { run, host, cwd } = await createTurn();
    await writeFile(join(host.projectFolder, "agent.sh"), "#!/bin/sh\npwd\n");
    await chmod(join(host.projectFolder, "agent.sh"), 0o755);
    expect((await run({ command: ["./agent.sh"] })).output).toBe(cwd);
  });

  test("keeps head and tail of an output that is too long", async () => {
    const { run } = await createTurn();
    const { output } = await run({ command: sh("echo start; yes | head -c 100000; echo end"), maxOutputBytes: 20 });
    expect(output).toBe("start\ny\ny\n\n[... 99990 bytes left out ...]\ny\ny\ny\nend");
  });
});

describe("a result file", () => {
  test("is the result instead of standard output", async () => {
    const { run } = await createTurn();
    const result = { command: sh("echo noise; printf 'the answer\\n' > out.md"), resultFile: "out.md" };
    expect((await run(result)).output).toBe("the answer");
  });

  test("of an earlier turn is never taken for this one's", async () => {
    const { fail, cwd } = await createTurn();
    await writeFile(join(cwd, "out.md"), "old");
    expect(await fail({ command: ["echo", "noise"], resultFile: "out.md" })).toMatchObject({
      code: "AGENT_NO_OUTPUT",
      message: 'agent "writer" ended without a result in out.md',
    });
  });

  test("that is no file, or leads out of the folder, is refused", async () => {
    const turn = await createTurn();
    const fail = (line: string): Promise<unknown> => turn.fail({ command: sh(line), resultFile: "out.md" });
    expect(await fail("mkfifo out.md")).toMatchObject({ code: "AGENT_FAILED" });
    expect(await fail("ln -s /etc/hostname out.md")).toMatchObject({ code: "PATH_OUTSIDE" });
    await symlink("/etc", join(turn.cwd, "etc"));
    expect(await turn.fail({ command: ["true"], resultFile: "etc/x" })).toMatchObject({ code: "PATH_OUTSIDE" });
    await mkdir(join(turn.cwd, "folder", "full"), { recursive: true });
    expect(await turn.fail({ command: ["true"], resultFile: "folder" })).toMatchObject({ code: "AGENT_FAILED" });
    expect(existsSync(join(turn.cwd, "folder", "full"))).toBe(true);
  });
});

describe("a failure", () => {
  test("carries the exit code and the last line of standard error, and may be retried", async () => {
    const { fail } = await createTurn();
    const line = "echo partial; echo first >&2; printf 'HTTP 429: \\033[31mtoo many requests\\n' >&2; exit 3";
    const error = await fail({ command: sh(line) });
    expect(error).toMatchObject({
      code: "AGENT_FAILED",
      message: 'agent "writer" ended with exit code 3: HTTP 429: too many requests',
      details: { exitCode: 3, signal: null, stderr: expect.stringContaining("first\nHTTP 429") },
    });
    expect(error).not.toHaveProperty("details.retry");
  });

  test("carries the end of standard output when standard error says nothing, and tells where the rest is", async () => {
    const { fail } = await createTurn();
    const line =
      "yes | head -c 5000; printf 'Error: \\033[31mcredit\\033[0m is used up\\nhelp: example.org\\n'; echo >&2; exit 1";
    const error = await fail({ command: sh(line), resultFile: "out.md" });
    const tail = `${"y\n".repeat(229)}Error: credit is used up\nhelp: example.org`;
    expect(error).toMatchObject({
      code: "AGENT_FAILED",
      message: `agent "writer" ended with exit code 1; the end of its output:\n${tail}`,
      hint: "See what it did: troupe logs run-1 PLAN",
      details: { exitCode: 1, stderr: "\n", stdout: expect.stringMatching(/help: example.org\n$/) },
    });
  });

  test("that says nothing at all tells where to look", async () => {
    const { fail } = await createTurn();
    expect(await fail({ command: sh("exit 1") })).toMatchObject({
      code: "AGENT_FAILED",
      message: 'agent "writer" ended with exit code 1',
      hint: "See what it did: troupe logs run-1 PLAN",
    });
  });

  test("by a signal names it", async () => {
    const { fail } = await createTurn();
    expect(await fail({ command: sh("kill -9 $$") })).toMatchObject({
      code: "AGENT_FAILED",
      message: 'agent "writer" was ended by SIGKILL',
      details: { exitCode: null, signal: "SIGKILL" },
    });
  });

  test("to find the program is not worth another attempt, found by the system or by a wrapper", async () => {
    const { fail } = await createTurn();
    expect(await fail({ command: ["no-such-agent"] })).toMatchObject({
      code: "AGENT_NOT_INSTALLED",
      message: 'the program no-such-agent of agent "writer" was not found',
      hint: expect.stringContaining("command -v no-such-agent"),
      details: { retry: "never" },
    });
    expect(await fail({ command: sh("no-such-agent-inside") })).toMatchObject({
      code: "AGENT_NOT_INSTALLED",
      message: expect.stringMatching(
        /^the program sh of agent "writer" ended with exit code 127: .*no-such-agent-inside/,
      ),
      details: { exitCode: 127, retry: "never" },
    });
  });

  test("to find the working folder does not blame the program", async () => {
    const { fail, cwd } = await createTurn();
    expect(await fail({ command: ["true"] }, { cwd: join(cwd, "gone") })).toMatchObject({
      code: "PROCESS_NOT_STARTED",
      details: { reason: "cwd" },
    });
  });

  test("to say anything is a failure, exit 0 or not", async () => {
    const { fail } = await createTurn();
    expect(await fail({ command: sh("echo; echo '  '; echo log >&2") })).toMatchObject({
      code: "AGENT_NO_OUTPUT",
      message: 'agent "writer" ended without any output',
    });
  });
});

describe("a turn that is ended", () => {
  test("by its timeout says which and after how long, and its partial output is no result", async () => {
    const { fail } = await createTurn();
    const command = sh("echo partial; exec sleep 1000");
    expect(await fail({ command }, { timeoutMs: 200 })).toMatchObject({
      code: "TURN_TIMEOUT",
      message: 'agent "writer" was not done after 0.2 s and was ended',
      hint: "Raise timeout of stage PLAN if it needs more time.",
      details: { timeout: "timeout", afterMs: 200 },
    });
    expect(await fail({ command }, { idleTimeoutMs: 200 })).toMatchObject({
      code: "TURN_TIMEOUT",
      message: 'agent "writer" gave no output for 0.2 s and was ended',
      details: { timeout: "idle_timeout", afterMs: 200 },
    });
  });

  test("by an abort rejects only when the whole tree is gone", async () => {
    const { fail, said, stop, kill, pids } = await createTurn();
    const command = sh("trap '' TERM; setsid sleep 1000 & echo pid $!; echo ready; while :; do sleep 1; done");
    const failing = fail({ command });
    await said("ready");
    stop.abort("stopped");
    kill.abort();
    expect(await failing).toMatchObject({
      code: "AGENT_FAILED",
      message: 'agent "writer" was stopped before it ended',
    });
    expect(pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
  });
});

describe("a check", () => {
  test("finds the program without starting it", async () => {
    const { host } = await createTurn();
    const check = async (command: readonly string[], env = {}): Promise<AgentHealth | undefined> =>
      (await plugin.create(await parseOptions(plugin.options, { command, env }), host)).check?.();
    const file = join(host.projectFolder, "agent.sh");
    await writeFile(file, `#!/bin/sh\ntouch '${file}.started'\n`);
    await chmod(file, 0o755);
    const found = { ok: true, version: null, login: "unknown", message: `found ${file}`, hint: null };
    expect(await check(["./agent.sh"])).toEqual(found);
    expect(await check(["agent.sh"], { PATH: host.projectFolder })).toEqual(found);
    expect(existsSync(`${file}.started`)).toBe(false);
    expect(await check(["agent.sh"])).toMatchObject({ ok: false, message: "the program agent.sh was not found" });
  });
});

test("the examples of the README are valid", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const options = [...readme.matchAll(/"@troupe\/agent-command",\s*(\{[^\n]*\})\]/g)].map(([, text = ""]) => text);
  const parsed = options.map((text) => parseOptions(plugin.options, JSON.parse(text)));
  expect(await Promise.all(parsed)).toMatchObject([{ preset: "claude" }, { preset: "codex" }, { prompt: "file" }]);
});

test("the README has the arguments and the version of each preset", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const nothing = {
    model: null,
    session: null,
    schema: null,
    otherFolder: null,
    promptFile: null,
    tools: [],
    extra: [],
  };
  for (const [name, { argv, install, dialect }] of Object.entries(PRESETS)) {
    const row = readme.split("\n").find((line) => line.startsWith(`| \`${name}\``)) ?? "";
    for (const word of argv({ ...nothing, access: "full" })) expect(row).toContain(word);
    if (dialect !== null) expect(row).toContain(install.split("@").at(-1));
  }
});
