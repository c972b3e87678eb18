import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AgentDemand, AgentHealth, Clock } from "@troupe/core";
import { describe, expect, test } from "vitest";
import { createTurn, parseOptions, type Turn } from "../test/agent-turn.js";
import { fakeProgram } from "../test/fake-program.js";
import plugin from "./index.js";

interface Changes {
  readonly clock?: Clock;
  readonly demand?: AgentDemand;
}

async function check(turn: Turn, options: object, { clock, demand }: Changes = {}): Promise<AgentHealth | undefined> {
  const host = { ...turn.host, clock: clock ?? turn.host.clock };
  return (await plugin.create(await parseOptions(plugin.options, options), host)).check?.(demand);
}

describe("a check of a known program", () => {
  test.each([
    ["2.1.330 (Claude Code)", "2.1.330"],
    ["codex-cli 0.169.0-alpha.1", "0.169.0-alpha.1"],
    ["GitHub Copilot CLI 1.0.102.", "1.0.102"],
    ["no number", null],
  ])("reads the version in %j, and asks for nothing else", async (answer, version) => {
    const turn = await createTurn();
    const fake = await fakeProgram(turn, "copilot", [], `echo '${answer}'`);
    const path = join(turn.host.projectFolder, "bin", "copilot");
    expect(await check(turn, { preset: "copilot", env: fake.env })).toEqual({
      ok: true,
      version,
      login: "unknown",
      message: `found ${path}, login unknown`,
      hint: null,
    });
    expect(await fake.argv()).toEqual(["--version"]);
  });

  test("that fails, hangs or cannot be started says so and how to install it", async () => {
    const turn = await createTurn();
    const path = join(turn.host.projectFolder, "bin", "codex");
    const hint = "Install it anew: npm install -g @openai/codex@0.169.0";
    const failed = await fakeProgram(turn, "codex", [], "echo 'Error: needs Node 22'; exit 1");
    expect(await check(turn, { preset: "codex", env: failed.env })).toEqual({
      ok: false,
      version: null,
      login: "unknown",
      message: `${path} --version ended with exit code 1: Error: needs Node 22`,
      hint,
    });
    const { clock } = turn.host;
    const fast: Clock = {
      ...clock,
      wait: (ms, signal) => clock.wait(ms / 50, signal),
      now: () => clock.now(),
      monotonic: () => clock.monotonic() * 50,
    };
    const hanging = await fakeProgram(turn, "codex", [], "exec sleep 1000");
    expect(await check(turn, { preset: "codex", env: hanging.env }, { clock: fast })).toMatchObject({
      ok: true, // slow is not broken
      message: `${path} --version gave no answer within 10 s`,
      hint: `Try it by hand: ${path} --version`,
    });
  });

  test("gives it what a turn would give it, and nothing else of our environment", async () => {
    const created = await createTurn();
    const environment = { PATH: process.env.PATH, HOME: created.cwd, DEPLOY_TOKEN: "canary", PASSED: "canary" };
    const turn = { ...created, host: { ...created.host, environment } };
    const fake = await fakeProgram(turn, "claude", [], `env >> "$HERE/seen"; echo 2.1.330`);
    const demand: AgentDemand = { model: null, access: "full", env: { PASSED: "passed" } };
    expect(await check(turn, { preset: "claude", env: fake.env }, { demand })).toMatchObject({ ok: true });
    expect(await fake.calls()).toBe(2); // for its version and its login
    const seen = (await readFile(join(turn.host.projectFolder, "bin", "seen"), "utf8")).split("\n");
    const ours = seen.filter((line) => /^(?:PATH|HOME|PASSED|DEPLOY_TOKEN)=/.test(line));
    expect(new Set(ours)).toEqual(new Set([`HOME=${turn.cwd}`, "PASSED=passed", `PATH=${fake.env.PATH}`]));
    expect(seen.join("\n")).not.toContain("canary");
  });

  test("that is missing names the command that installs it", async () => {
    const turn = await createTurn();
    expect(await check(turn, { preset: "copilot", env: { PATH: turn.cwd } })).toEqual({
      ok: false,
      version: null,
      login: "unknown",
      message: "the program copilot was not found",
      hint: "Install it: npm install -g @github/copilot@1.0.102",
    });
  });

  test("starts no wrapper, which might download", async () => {
    const turn = await createTurn();
    const fake = await fakeProgram(turn, "npx", [], `touch '${join(turn.cwd, "started")}'`);
    const health = await check(turn, {
      preset: "codex",
      command: ["npx", "-y", "@openai/codex@0.169.0"],
      env: fake.env,
    });
    expect(health).toMatchObject({ ok: true, version: null });
    expect(existsSync(join(turn.cwd, "started"))).toBe(false);
  });
});

describe("a login", () => {
  const status = (answer: string, code: number): string =>
    `case "$*" in --version) echo 2.1.330;; *) echo "$*" >> "$HERE/status"; echo '${answer}'; exit ${code};; esac`;
  const found = { ok: true, version: "2.1.330" };

  test.each([
    ["claude", '{ "loggedIn": false, "authMethod": "none" }', 1, { login: "out", hint: "Log in: claude /login" }],
    ["claude", '{ "loggedIn": true, "authMethod": "api_key" }', 0, { login: "in", hint: null }],
    ["claude", "error: unknown command auth", 1, { login: "unknown", hint: null }],
    ["codex", "Not logged in", 1, { login: "out", hint: "Log in: codex login" }],
    ["codex", "Logged in using ChatGPT", 0, { login: "in", hint: null }],
  ])("of %s that answers %s", async (preset, answer, code, expected) => {
    const turn = await createTurn();
    const fake = await fakeProgram(turn, preset, [], status(answer, code));
    expect(await check(turn, { preset, env: fake.env })).toMatchObject({ ...found, ...expected });
  });

  test("is not asked for where a key or arguments of the user's own may stand for it", async () => {
    const turn = await createTurn();
    const fake = await fakeProgram(turn, "codex", [], status("Not logged in", 1));
    const demand: AgentDemand = { model: null, access: "full", env: { CODEX_API_KEY: "key" } };
    const unknown = { ...found, login: "unknown" };
    expect(await check(turn, { preset: "codex", env: fake.env }, { demand })).toMatchObject(unknown);
    const args = ["-c", 'model_provider="own"'];
    expect(await check(turn, { preset: "codex", args, env: fake.env })).toMatchObject(unknown);
    expect(existsSync(join(turn.host.projectFolder, "bin", "status"))).toBe(false);
  });
});

test("what a turn would be refused for is known before it", async () => {
  const turn = await createTurn();
  const fake = await fakeProgram(turn, "opencode", [], "echo 1.18.33");
  const refused = { ok: false, code: "AGENT_NOT_CONFIGURED" };
  expect(
    await check(turn, { preset: "opencode", env: fake.env }, { demand: { model: null, access: "edit", env: {} } }),
  ).toEqual({
    ...refused,
    version: "1.18.33",
    login: "unknown",
    message: 'access "edit" of the agent cannot be kept by preset opencode',
    hint: "It can be held to: full.",
  });
  expect(await check(turn, { command: ["sh"] }, { demand: { model: "m", access: "full", env: {} } })).toMatchObject({
    ...refused,
    message: "the agent has a model, but its command does not take it",
  });
  const unfilled = { command: ["sh", "{model}"] };
  expect(await check(turn, unfilled, { demand: { model: null, access: "full", env: {} } })).toMatchObject(refused);
});
