import { expect, test } from "vitest";
import { createTurn } from "../test/agent-turn.js";
import { fakeProgram } from "../test/fake-program.js";
import { errorOfAider } from "./error-of-aider.js";

const LIMIT = "litellm.RateLimitError: RateLimitError: OpenAIException - Rate limit reached. Please try again in 20s.";
const TOKENS = "Tokens: 2.3k sent, 58 received. Cost: $0.01 message, $0.01 session.";

test.each([
  ["an error that ends it", `Aider v0.86.1\n\n${LIMIT}\nThe API provider has rate limited you.\n`, LIMIT],
  ["an error after an answer", `I mended it.\n${TOKENS}\n${LIMIT}\n`, LIMIT],
  ["an error that another try overcame", `${LIMIT}\nRetrying in 0.2 seconds...\nI mended it.\n${TOKENS}\n`, null],
  ["an answer", `I mended litellm.\n${TOKENS}\n`, null],
])("%s", (_name, output, error) => {
  expect(errorOfAider(output)).toBe(error);
});

test("a turn of aider that exits with 0 behind an error of the service has failed, and a limit is one", async () => {
  const turn = await createTurn();
  const fake = await fakeProgram(turn, "aider", [], `echo '${LIMIT}'`);
  expect(await turn.fail({ preset: "aider", env: fake.env })).toMatchObject({
    code: "AGENT_FAILED",
    message: expect.stringContaining(`failed: ${LIMIT}`),
    details: { limited: true, exitCode: 0 },
  });
});
