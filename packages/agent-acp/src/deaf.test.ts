import { expect, test } from "vitest";
import { createAcpTurn } from "../test/acp-turn.js";

const prompt = "Read all of this. ".repeat(60_000);

test("an agent that has closed its input before it was asked has failed at once, not when its time is over", async () => {
  const turn = await createAcpTurn();
  expect(await turn.fail({ deafAfter: "session/new" }, { request: { prompt } })).toMatchObject({
    code: "AGENT_FAILED",
    message:
      'agent "writer" has closed its input and goes on, so that it hears no more: session/prompt was the last that it was asked',
    hint: "See what it did: troupe logs run-1 PLAN",
    details: {},
  });
});

test("an agent that closes its input while it works ends its turn like every other", async () => {
  const turn = await createAcpTurn();
  const script = { prompts: [{ steps: [{ deaf: true }, { say: "done" }] }] };
  expect((await turn.run(script)).output).toBe("done");
});

test("an agent that asks for a permission and does not hear the answer has failed", async () => {
  const turn = await createAcpTurn();
  const script = { prompts: [{ steps: [{ deaf: true }, { ask: { title: "Write", kind: "edit", toolCallId: "1" } }] }] };
  expect(await turn.fail(script)).toMatchObject({
    code: "AGENT_FAILED",
    message: expect.stringMatching(/has closed its input and goes on/),
  });
});
