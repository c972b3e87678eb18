import { readFile } from "node:fs/promises";
import { afterEach, expect, test } from "vitest";
import { runnerFor } from "./readme-example.js";
import { createContext, createTask, createTurnHarness, type TurnHarness } from "./turn-harness.js";

let harness: TurnHarness;
afterEach(() => harness.remove());

test("the README's example is the one that runs here, and it performs a turn", async () => {
  harness = await createTurnHarness();
  const agent = {
    id: "builder",
    runner: { run: async () => ({ output: "built", session: null, usage: null }) },
    persona: null,
    model: null,
    access: "full",
    env: {},
  } as const;
  const runner = runnerFor(harness.host, harness.store, [agent]);
  const result = await runner.run(createTask(harness, { id: "BUILD" }), createContext());
  expect(result).toMatchObject({ status: "succeeded", output: { text: "built" } });
  const unknown = await runner.run(createTask(harness, { id: "B" }, { agent: "x" }), createContext());
  expect(unknown).toMatchObject({ status: "failed", error: { code: "AGENT_UNKNOWN" } });
  const [readme, example] = await Promise.all(
    ["../README.md", "./readme-example.ts"].map((path) => readFile(new URL(path, import.meta.url), "utf8")),
  );
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
});
