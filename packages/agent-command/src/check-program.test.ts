import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AgentHealth, Clock } from "@troupe/core";
import { describe, expect, test } from "vitest";
import { createTurn, parseOptions, type Turn } from "../test/agent-turn.js";
import { fakeProgram } from "../test/fake-program.js";
import plugin from "./index.js";

async function check({ host }: Turn, options: object, clock: Clock = host.clock): Promise<AgentHealth | undefined> {
  return (await plugin.create(await parseOptions(plugin.options, options), { ...host, clock })).check?.();
}

describe("a check of a known program", () => {
  test.each([
    ["2.1.330 (Claude Code)", "2.1.330"],
    ["codex-cli 0.169.0-alpha.1", "0.169.0-alpha.1"],
    ["GitHub Copilot CLI 1.0.102.", "1.0.102"],
    ["no number", null],
  ])("reads the version in %j, and asks for nothing else", async (answer, version) => {
    const turn = await createTurn();
    const fake = await fakeProgram(turn, "claude", [], `echo '${answer}'`);
    const path = join(turn.host.projectFolder, "bin", "claude");
    expect(await check(turn, { preset: "claude", env: fake.env })).toEqual({
      ok: true,
      version,
      message: `found ${path}`,
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
    expect(await check(turn, { preset: "codex", env: hanging.env }, fast)).toMatchObject({
      ok: false,
      message: `${path} --version gave no answer within 10 s`,
    });
  });

  test("that is missing names the command that installs it", async () => {
    const turn = await createTurn();
    expect(await check(turn, { preset: "copilot", env: { PATH: turn.cwd } })).toEqual({
      ok: false,
      version: null,
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
