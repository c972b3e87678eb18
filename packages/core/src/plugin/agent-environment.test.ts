import { expect, test } from "vitest";
import { AGENT_ENVIRONMENT, allowedEnvironment } from "./agent-environment.js";

test("an environment is cut down to what agents may see", () => {
  const environment = { PATH: "/bin", LC_ALL: "C", LC: "no", HOME: undefined, DEPLOY_TOKEN: "no", MY_PATH: "no" };
  expect(allowedEnvironment(environment)).toEqual({ PATH: "/bin", LC_ALL: "C" });
  expect(new Set(AGENT_ENVIRONMENT).size).toBe(AGENT_ENVIRONMENT.length);
});
