import { expect, test } from "vitest";
import { createAcpTurn } from "../test/acp-turn.js";

const say = (text: string, ...before: readonly object[]) => ({ prompts: [{ steps: [...before, { say: text }] }] });

test.each([
  "Rate limit exceeded responses now carry Retry-After: 30.",
  "Done: usage limit reached banner added.",
  "Rate limited endpoints: /login, /search.",
  "Your usage limit reached banner is there.\n1\n2\n3\n4",
])("an answer about limits is an answer: %s", async (answer) => {
  const turn = await createAcpTurn();
  expect((await turn.run(say(answer))).output).toBe(answer);
});

test.each([
  ["Claude usage limit reached. Your limit will reset at 3pm (UTC).\n\nTo increase your limit, run /upgrade", true],
  ["Claude AI usage limit reached|1795356000", true],
  ["API Error: Rate limit reached", false],
  ["You've hit your limit\n5-hour limit reached", false],
])("an answer that tells of a limit that was reached is a limit: %s", async (answer, hasTime) => {
  const turn = await createAcpTurn();
  const failed = await turn.fail(say(answer));
  expect(failed).toMatchObject({ code: "AGENT_FAILED", details: { limited: true } });
  expect(Object(failed).details.notBefore !== undefined).toBe(hasTime);
});

test("who has used tools in the turn has answered, whatever the answer says", async () => {
  const turn = await createAcpTurn();
  const answer = "Usage limit reached is what your users see now.";
  const call = { update: { sessionUpdate: "tool_call", toolCallId: "t", title: "Write", status: "completed" } };
  expect((await turn.run(say(answer, call))).output).toBe(answer);
  expect(await turn.fail(say(answer))).toMatchObject({ details: { limited: true } });
});
