import { afterEach, expect, test } from "vitest";
import { createContext, createTask, createTurnHarness, type TurnHarness } from "../test/turn-harness.js";
import { AGENT_ENVIRONMENT } from "./environment.js";

let harness: TurnHarness;
afterEach(() => harness.remove());

test("an agent sees the allow-listed environment, what its configuration adds and the facts of the turn", async () => {
  harness = await createTurnHarness({
    agents: { builder: async () => ({}) },
    agent: { env: { EXTRA: "1", LANG: "C", TROUPE_STAGE: "not this" } },
    environment: {
      PATH: "/bin",
      LANG: "de_DE",
      LC_ALL: "C",
      XDG_CONFIG_HOME: "/x",
      ANTHROPIC_API_KEY: "k",
      AWS_SECRET_ACCESS_KEY: "no",
      DATABASE_URL: "no",
      TROUPE_INPUT_OTHER: "no",
      LC: "no",
      HOME: undefined,
    },
  });
  await harness.runner.run(createTask(harness, { id: "S" }, { values: { "a.b": "v" } }), createContext());
  expect(harness.requests[0]?.env).toEqual({
    PATH: "/bin",
    LANG: "C",
    LC_ALL: "C",
    XDG_CONFIG_HOME: "/x",
    ANTHROPIC_API_KEY: "k",
    EXTRA: "1",
    TROUPE_RUN_ID: "r-1",
    TROUPE_STAGE: "S",
    TROUPE_KIND: "work",
    TROUPE_ROUND: "1",
    TROUPE_TURN: "r-1/1/S.1",
    TROUPE_ARTIFACTS: harness.latest,
    TROUPE_INPUT_A_B: "v",
  });
  expect(new Set(AGENT_ENVIRONMENT).size).toBe(AGENT_ENVIRONMENT.length);
});
