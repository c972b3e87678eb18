import { type AgentHealth, type AgentRunner, type ConfiguredAgent, type ErrorCode, systemClock } from "@troupe/core";
import { expect, test } from "vitest";
import { refuseUnfitAgents } from "./agent-health.js";

function unfit(health: Partial<AgentHealth>): ConfiguredAgent {
  const runner: AgentRunner = {
    run: () => Promise.reject(new Error("never asked")),
    check: async () => ({ ok: false, version: "1.0", login: "unknown", message: "no", hint: null, ...health }),
  };
  return { id: "worker", runner, persona: null, model: null, access: "full", env: {} };
}

const refusalOf = (health: Partial<AgentHealth>): Promise<unknown> =>
  refuseUnfitAgents([unfit(health)], systemClock).then(
    () => "fit",
    (error: unknown) => (error as { code?: unknown }).code,
  );

test.each<[string, Partial<AgentHealth>, ErrorCode]>([
  ["nothing but that it does not work", {}, "AGENT_NOT_INSTALLED"],
  ["it is logged out", { login: "out" }, "AGENT_NOT_LOGGED_IN"],
  ["a code of the environment", { code: "PLUGIN_LOAD_FAILED", login: "out" }, "PLUGIN_LOAD_FAILED"],
  ["a code of a turn", { code: "AGENT_FAILED" }, "AGENT_NOT_INSTALLED"],
  ["a code that nobody knows", { code: "NO_SUCH_CODE" as ErrorCode }, "AGENT_NOT_INSTALLED"],
])("an unfit agent that says %s refuses the run with it", async (_says, health, code) => {
  expect(await refusalOf(health)).toBe(code);
});
