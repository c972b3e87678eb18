import { type AgentSubject, agentCases } from "@troupe/conformance";
import type { AgentRunner } from "@troupe/core";
import { describe, test } from "vitest";
import { createAcpTurn } from "../test/acp-turn.js";

async function createSubject(): Promise<AgentSubject> {
  const turn = await createAcpTurn();
  const prompts = [
    { when: "for a long time", steps: [{ say: "working" }, { hang: true }] },
    { steps: [{ cost: 0.5 }, { say: "done" }, { stop: "end_turn", tokens: [100, 10] }] },
  ];
  const capabilities = { sessionCapabilities: { resume: {} } };
  const errors = { "session/resume": { code: -32002, message: "no such session" } };
  const agent = await turn.create(await turn.script({ capabilities, errors, prompts }));
  const { request } = turn;
  // the kit runs one request twice at once; a runner gives each turn a marker of its own
  let turns = 0;
  const env = (): Readonly<Record<string, string>> => ({
    ...request.env,
    TROUPE_TURN: `${request.env.TROUPE_TURN}.${++turns}`,
  });
  const marked: AgentRunner = { ...agent, run: (each, context) => agent.run({ ...each, env: env() }, context) };
  return { agent: marked, request, longRequest: { ...request, prompt: "Work for a long time." } };
}

describe("the contract of agents", () => {
  test.each(agentCases)("$name", async ({ run }) => run(await createSubject()), 90_000);
});
