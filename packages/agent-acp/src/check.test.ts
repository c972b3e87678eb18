import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createAcpTurn, hastyClock } from "../test/acp-turn.js";

const authMethods = [{ id: "oauth", name: "Log in with Acme", description: "Run `acme login`" }];

test("a check starts the agent and a session, without a prompt", async () => {
  const turn = await createAcpTurn();
  expect(await turn.check({})).toEqual({
    ok: true,
    version: "1.2.3",
    login: "unknown",
    message: `found ${process.execPath}, a session begins`,
    hint: null,
  });
  expect(turn.asked().map(({ method }) => method)).toEqual(["initialize", "session/new", undefined]);
});

test("a check gives the agent what a turn would give it, and nothing else of our environment", async () => {
  const turn = await createAcpTurn();
  const { command } = await turn.script({});
  const file = join(turn.folder, "seen");
  const options = { command: ["sh", "-c", `env > '${file}'; exec "$@"`, "sh", ...command], env: { OWN: "own" } };
  const environment = { PATH: process.env.PATH, HOME: turn.folder, DEPLOY_TOKEN: "canary", PASSED: "canary" };
  const agent = await turn.create(options, { environment });
  const env = { PASSED: "passed" };
  expect(await agent.check?.({ model: null, access: "full", env })).toMatchObject({ ok: true });
  const seen = (await readFile(file, "utf8")).split("\n");
  expect(seen.filter((line) => /^(?:PATH|HOME|OWN|PASSED|DEPLOY_TOKEN)=/.test(line)).sort()).toEqual([
    `HOME=${turn.folder}`,
    "OWN=own",
    "PASSED=passed",
    `PATH=${process.env.PATH}`,
  ]);
  expect(seen.join("\n")).not.toContain("canary");
});

test("a check finds a missing login", async () => {
  const turn = await createAcpTurn();
  const errors = { "session/new": { code: -32000, message: "Authentication required" } };
  expect(await turn.check({ authMethods, errors })).toEqual({
    ok: false,
    version: "1.2.3",
    login: "out",
    code: "AGENT_NOT_LOGGED_IN",
    message: `${process.execPath} is not logged in; it offers: Log in with Acme`,
    hint: "Run `acme login`",
  });
});

test("a check says why an agent does not work", async () => {
  const turn = await createAcpTurn();
  const hint = expect.stringMatching(/^Try it by hand: /);
  const bad = { ok: false, version: null, login: "unknown", hint };
  expect(await turn.check({ dieAtStart: 1, lastWords: "needs Node 22\n" })).toEqual({
    ...bad,
    message: `${process.execPath} ended with 1: needs Node 22`,
  });
  const errors = { initialize: { code: -32603, message: "broken" } };
  expect(await turn.check({ errors })).toEqual({ ...bad, message: `${process.execPath} failed: broken` });
});

test("a check does not wait for ever, and takes what is slow for no worse than slow", async () => {
  const turn = await createAcpTurn();
  const command = await turn.script({ onNew: [{ hang: true }], closeMs: 60_000, ignoreTerm: true });
  const agent = await turn.create(command, { clock: hastyClock(turn, "session/new") });
  expect(await agent.check?.()).toEqual({
    ok: true,
    version: "1.2.3",
    login: "unknown",
    message: `found ${process.execPath}, it did not answer within 15 s`,
    hint: expect.stringMatching(/^Try it by hand: /),
  });
});

test("a check finds a missing program, and a package in its place", async () => {
  const turn = await createAcpTurn();
  const check = async (options: object) => {
    const agent = await turn.create({ ...options, env: { PATH: turn.folder } });
    return agent.check?.();
  };
  expect(await check({ preset: "qwen" })).toMatchObject({
    ok: false,
    message: "the program qwen was not found",
    hint: expect.stringMatching(/^Install it: npm install -g @qwen-code/),
  });
  expect(await check({ preset: "qwen", fallback: true })).toEqual({
    ok: true,
    version: null,
    login: "unknown",
    message: "is not installed; npx will fetch @qwen-code/qwen-code@0.24.4",
    hint: null,
  });
});

test("an access that the agent cannot keep is known before a turn", async () => {
  const turn = await createAcpTurn();
  const agent = await turn.create({ preset: "opencode", env: { PATH: turn.folder } });
  expect(await agent.check?.({ model: null, access: "edit", env: {} })).toMatchObject({
    ok: false,
    code: "AGENT_NOT_CONFIGURED",
    message: 'access "edit" of agent "opencode" cannot be kept by the preset opencode',
  });
});
