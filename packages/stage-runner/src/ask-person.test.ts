import { afterEach, expect, test } from "vitest";
import {
  type AgentScript,
  createContext,
  createScriptedHarness,
  createTask,
  type TurnHarness,
} from "../test/turn-harness.js";
import { createStageRunner } from "./index.js";

let harness: TurnHarness;
afterEach(() => harness.remove());

type Ask = (question: string, signal: AbortSignal) => Promise<string>;

/** What becomes of a turn whose agent does this, with a person who does that. */
async function perform(script: AgentScript, ask?: Ask, context = createContext()): Promise<unknown> {
  harness = await createScriptedHarness(script);
  const runner = createStageRunner({}, { ...harness.host, ...(ask === undefined ? {} : { ask }) });
  const result = await runner.run(createTask(harness, { id: "SPEC" }), context);
  return result.status === "succeeded" ? result.output.text : result.status;
}

test("a question reaches the person with who asks, on one line and without controls", async () => {
  const questions: string[] = [];
  const ask: Ask = async (question) => {
    questions.push(question);
    return "y";
  };
  const script: AgentScript = async (_request, context) => ({
    output: `${await context.ask?.("Delete \u001b[2Jall?\nStage B:")} ${await context.ask?.(`${"a".repeat(5000)}?`)}`,
  });
  expect(await perform(script, ask)).toBe("y y");
  expect(questions[0]).toBe('Stage SPEC, turn SPEC.1, agent "builder": Delete all? Stage B: ');
  const half = "a".repeat(1000);
  expect(questions[1]).toBe(
    `Stage SPEC, turn SPEC.1, agent "builder": ${half} [... 3001 characters are not shown ...] ${half.slice(1)}? `,
  );
});

test("where nobody is there, an agent cannot ask", async () => {
  expect(await perform(async (_request, context) => ({ output: String("ask" in context) }))).toBe("false");
});

test("a question is withdrawn when the turn is aborted, when the agent wants it, and when the agent is done", async () => {
  const signals: AbortSignal[] = [];
  const reached = Promise.withResolvers<void>();
  const ask: Ask = (_question, signal) => {
    signals.push(signal);
    if (signals.length === 3) reached.resolve();
    return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  };
  const context = createContext();
  const script: AgentScript = async (_request, { ask: askPerson }) => {
    const enough = new AbortController();
    const first = askPerson?.("First?", enough.signal).catch(() => "withdrawn");
    enough.abort();
    const second = askPerson?.("Second?");
    void askPerson?.("Third?").catch(() => {});
    return { output: `${await first} ${await second}` };
  };
  const performed = perform(script, ask, context);
  await reached.promise;
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false, false]);
  context.abort("cancelled");
  expect(await performed).toBe("interrupted");
  await harness.remove();
  const left: AgentScript = async (_request, { ask: askPerson }) => {
    void askPerson?.("Still?").catch(() => {});
    return { output: "done" };
  };
  expect(await perform(left, ask)).toBe("done");
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true, true]);
});
