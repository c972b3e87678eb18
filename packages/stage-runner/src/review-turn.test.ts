import { type AgentResult, type Json, parseVerdict, type ToolUse, TroupeError, VERDICT_SCHEMA } from "@troupe/core";
import { afterEach, describe, expect, test } from "vitest";
import { sendHttp, submitVerdict } from "../test/mcp-client.js";
import {
  type AgentScript,
  createContext,
  createScriptedHarness,
  createTask,
  type TurnHarness,
} from "../test/turn-harness.js";

let harness: TurnHarness;
afterEach(() => harness.remove());

const stage = { id: "SPEC_REVIEW", kind: "review", reviews: "SPEC", workAgent: "builder" } as const;

async function review(script: AgentScript) {
  harness = await createScriptedHarness(script);
  const result = await harness.runner.run(
    createTask(harness, stage, { kind: "review", agent: "reviewer" }),
    createContext(),
  );
  return "verdict" in result ? { ...result.verdict, text: result.output.text } : result;
}

const approved = { verdict: "approved", reasons: ["complete"] };
const rejected = { verdict: "rejected", reasons: ["no limits"] };
const shown = (input?: Json): ToolUse => ({
  server: "troupe",
  tool: "submit_verdict",
  ...(input === undefined ? {} : { input }),
});
const leak = { severity: "blocking", text: "a leak" };

const bySchema = { decision: "approved", reasons: ["ok"], source: "schema" } as const;

describe("a verdict by tool", () => {
  test("approves, and is recorded as such", async () => {
    const result = await review(async (request) => {
      await submitVerdict(request, approved);
      return { output: "Looked at all of it.", toolUses: [shown(approved)] };
    });
    expect(result).toMatchObject({ decision: "approved", reasons: ["complete"], source: "tool" });
    expect(await harness.log("SPEC_REVIEW.1")).toContain("[troupe] verdict (tool): approved\n");
    expect(harness.requests.length).toBe(1);
  });

  test.each<[string, readonly unknown[], string, unknown]>([
    ["a rejection", [rejected], "See the tool.", { decision: "rejected", reasons: ["no limits"], source: "tool" }],
    ["an approval with a blocking finding", [{ ...approved, findings: [leak] }], "", { decision: "rejected" }],
    ["an approval whose text rejects", [approved], "REJECTED: a leak", { reasons: ["a leak"], source: "text" }],
    ["an approval after a rejection", [rejected, approved], "", { decision: "rejected", source: "tool" }],
    ["a rejection after an approval", [approved, rejected], "APPROVED: ok", { decision: "rejected", source: "tool" }],
    ["a rejection whose text approves", [rejected], "APPROVED: ok", { decision: "rejected", source: "tool" }],
    [
      "two rejections: the reasons of the last",
      [rejected, { verdict: "rejected", reasons: ["more"] }],
      "",
      { reasons: ["more"] },
    ],
    [
      "an approval, no verdict, an approval",
      [approved, { verdict: "maybe" }, approved],
      "APPROVED: ok",
      { source: "tool" },
    ],
    [
      "an approval, then none, and one in the text",
      [approved, { verdict: "maybe" }],
      "APPROVED: ok",
      { source: "text" },
    ],
    [
      "a rejection, then none",
      [rejected, { verdict: "maybe" }],
      "APPROVED: ok",
      { decision: "rejected", source: "tool" },
    ],
    [
      "an approval, then a rejection in other words",
      [approved, { verdict: "changes_requested", reasons: ["data loss"] }],
      "APPROVED: ok",
      { decision: "rejected", reasons: ["data loss"], source: "tool" },
    ],
    ["no verdict, then one", [{ verdict: "maybe" }, approved], "APPROVED: ok", { source: "tool" }],
    ["no verdict, then one in the text", [{ verdict: "maybe" }], "APPROVED: ok", { source: "text" }],
  ])("of %s", async (_name, inputs, output, expected) => {
    const result = await review(async (request) => {
      for (const input of inputs) await submitVerdict(request, input);
      return { output };
    });
    expect(result).toMatchObject(expected as object);
  });

  test("that is none is asked for once more, with what was wrong, and is then a rejection for the reviewer", async () => {
    const answers: unknown[] = [];
    const result = await review(async (request) => {
      answers.push(await submitVerdict(request, { verdict: "maybe", reasons: [] }));
      return { output: "Hm.", session: "s-1" };
    });
    const problem = 'its "verdict" is neither "approved" nor "rejected"';
    const answer = { content: [{ type: "text", text: `This is no verdict: ${problem}. Call the tool again.` }] };
    expect(answers).toEqual([
      { ...answer, isError: true },
      { ...answer, isError: true },
    ]);
    expect(harness.requests[1]?.prompt).toContain(`The verdict that you submitted is not valid: ${problem}.`);
    const reason = `The review gave no verdict. The verdict that you submitted is not valid: ${problem}.`;
    expect(result).toMatchObject({ decision: "rejected", source: "none", reasons: [reason] });
  });

  test("that approves no longer counts once a call that is none follows it, shown or not", async () => {
    const answers: unknown[] = [];
    const result = await review(async (request) => {
      answers.push(await submitVerdict(request, approved));
      answers.push(await submitVerdict(request, { ...approved, blocking: ["sql injection"] }));
      return { output: "Hm.", toolUses: [shown(approved)] };
    });
    const problem = 'it has the unknown key "blocking": the keys are "verdict", "reasons", "findings"';
    const told = `This is no verdict: ${problem}. Your approval before it no longer counts. Call the tool again.`;
    expect(answers.slice(0, 2)).toEqual([
      { content: [{ type: "text", text: "The verdict is approved." }], isError: false },
      { content: [{ type: "text", text: told }], isError: true },
    ]);
    expect(harness.requests[1]?.prompt).toContain(`The verdict that you submitted is not valid: ${problem}.`);
    expect(result).toMatchObject({ decision: "rejected", source: "none" });
  });

  test("counts when it comes after being asked again", async () => {
    const result = await review(async (request) => {
      if (harness.requests.length === 1) return { output: "Hm." };
      await submitVerdict(request, approved);
      return { output: "Hm.", toolUses: [shown(approved)] };
    });
    expect(result).toMatchObject({ decision: "approved", source: "tool" });
    expect(harness.requests.map(({ tools }) => tools?.[0]?.url)).toEqual(
      [1, 2].map(() => harness.requests[0]?.tools?.[0]?.url),
    );
  });

  test.each([
    ["fails", () => Promise.reject(new TroupeError("AGENT_FAILED", "died")), { status: "failed" }],
    ["meets a limit", () => Promise.reject(new TroupeError("AGENT_FAILED", "429", { details: { notBefore: 5 } })), {}],
  ])("of a turn that then %s counts for nothing", async (_name, end, expected) => {
    const result = await review(async (request) => {
      await submitVerdict(request, approved);
      return end();
    });
    expect(result).toMatchObject({ status: "failed", ...expected });
    expect(result).not.toHaveProperty("verdict");
  });

  test("of a turn that is cancelled counts for nothing", async () => {
    const context = createContext();
    harness = await createScriptedHarness(async (request) => {
      await submitVerdict(request, approved);
      context.abort("cancelled");
      throw new Error("ended");
    });
    const task = createTask(harness, stage, { kind: "review", agent: "reviewer" });
    const result = await harness.runner.run(task, context);
    expect(result).toMatchObject({ status: "interrupted", reason: "cancelled" });
    expect(result).not.toHaveProperty("verdict");
  });

  test("is not to be given once the turn is over", async () => {
    await review(async () => ({ output: "APPROVED: ok" }));
    const [tool] = harness.requests[0]?.tools ?? [];
    expect(tool).toMatchObject({ name: "troupe", instructions: expect.stringContaining("submit_verdict") });
    expect(parseVerdict(tool?.instructions ?? "")).toBe(null);
    await expect(sendHttp({ url: tool?.url ?? "" })).rejects.toThrow("ECONNREFUSED");
  });
});

describe("an approval by tool, which anybody who has read the token can submit,", () => {
  const notShown = "it approves, but your answer does not say so";

  test.each<[string, Partial<AgentResult>, string]>([
    ["counts when the reviewer's stream shows the call", { output: "Hm.", toolUses: [shown(approved)] }, "tool"],
    ["counts when the stream shows no input", { output: "Hm.", toolUses: [shown()] }, "tool"],
    ["counts when the text approves too", { output: "APPROVED: ok" }, "tool"],
    ["counts when the schema approves too", { output: "{}", verdict: { ...bySchema } }, "tool"],
  ])("%s", async (_name, result, source) => {
    const verdict = await review(async (request) => {
      await submitVerdict(request, approved);
      return result;
    });
    expect(verdict).toMatchObject({ decision: "approved", source });
    expect(harness.requests.length).toBe(1);
  });

  test.each<[string, Partial<AgentResult>]>([
    ["says nothing of it", { output: "Hm." }],
    ["calls another tool", { output: "Hm.", toolUses: [{ server: "troupe", tool: "other" }] }],
    ["calls the tool of another server", { output: "Hm.", toolUses: [{ server: "x", tool: "submit_verdict" }] }],
    ["calls it with no verdict", { output: "Hm.", toolUses: [shown({ verdict: "maybe" })] }],
    ["calls it to reject", { output: "Hm.", toolUses: [shown(rejected)] }],
    ["says it in a quote", { output: "> APPROVED: ok" }],
  ])("does not count when the reviewer %s: it is asked once more", async (_name, result) => {
    const verdict = await review(async (request) => {
      if (harness.requests.length === 1) await submitVerdict(request, approved);
      return harness.requests.length === 1 ? result : { output: "REJECTED: no tests" };
    });
    expect(verdict).toMatchObject({ decision: "rejected", reasons: ["no tests"], source: "text" });
    expect(harness.requests[1]?.prompt).toContain(`The verdict that you submitted is not valid: ${notShown}`);
  });

  test("counts when the reviewer says it on being asked again", async () => {
    const verdict = await review(async (request) => {
      if (harness.requests.length === 2) return { output: "APPROVED: ok" };
      await submitVerdict(request, approved);
      return { output: "Hm." };
    });
    expect(verdict).toMatchObject({ decision: "approved", source: "tool" });
  });

  test("is a rejection for the reviewer when it does not", async () => {
    const verdict = await review(async (request) => {
      await submitVerdict(request, approved);
      return { output: "Hm." };
    });
    expect(verdict).toMatchObject({
      decision: "rejected",
      source: "none",
      reasons: [expect.stringContaining(notShown)],
    });
  });

  test("does not outweigh a rejection that the reviewer submits", async () => {
    const verdict = await review(async (request) => {
      await submitVerdict(request, approved);
      await submitVerdict(request, rejected);
      return { output: "Hm.", toolUses: [shown(rejected)] };
    });
    expect(verdict).toMatchObject({ decision: "rejected", source: "tool" });
  });
});

describe("a verdict by schema", () => {
  test("goes before the text, and after the tool", async () => {
    expect(await review(async () => ({ output: "{}", verdict: bySchema }))).toMatchObject(bySchema);
    expect(harness.requests[0]?.resultSchema).toEqual(VERDICT_SCHEMA);
    const both: AgentScript = async (request) => {
      await submitVerdict(request, approved);
      return { output: "", verdict: bySchema };
    };
    await harness.remove();
    expect(await review(both)).toMatchObject({ decision: "approved", source: "tool" });
  });

  test("that is none is quoted when the reviewer is asked again", async () => {
    await review(async () => ({ output: "{}", verdictProblem: "it is no JSON object" }));
    expect(harness.requests[1]?.prompt).toContain("The verdict that you submitted is not valid: it is no JSON object.");
  });
});

test("only reviews are given the tool", async () => {
  harness = await createScriptedHarness(async () => ({}));
  await harness.runner.run(createTask(harness, { id: "SPEC" }), createContext());
  expect(harness.requests[0]).not.toHaveProperty("tools");
  expect(harness.requests[0]).not.toHaveProperty("resultSchema");
});
