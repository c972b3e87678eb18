// A library user's program, as short as it gets: it must compile against the public types alone.
import {
  defineWorkflow,
  type Engine,
  type ExecuteOptions,
  type RunDefinition,
  type RunResult,
  type TurnRunner,
} from "@troupe/core";
import { expect, test } from "vitest";

/** The two calls that the engine offers to a library user. */
interface EngineCalls {
  createRun(engine: Engine, runId: string, definition: RunDefinition): Promise<void>;
  executeRun(engine: Engine, options: ExecuteOptions): Promise<RunResult>;
}

const workflow = defineWorkflow({
  name: "release-notes",
  stages: [
    { id: "COLLECT", workAgent: "scribe" },
    { id: "DRAFT", workAgent: "scribe", needs: ["COLLECT"] },
    { id: "TRANSLATE", workAgent: "linguist", needs: ["COLLECT"] },
    { id: "PUBLISH", kind: "terminal", needs: ["DRAFT", "TRANSLATE"] },
  ],
  groups: [{ name: "writing", stages: ["DRAFT", "TRANSLATE"], maxConcurrent: 2 }],
});

const runner: TurnRunner = {
  async run(task) {
    const text = `${task.stage.name} done`;
    const output = { sha256: "0".repeat(64), bytes: text.length, text };
    return { status: "succeeded", output, artifacts: [], log: null, usage: null, session: null };
  },
};

export async function main(engine: Engine, calls: EngineCalls, definition: RunDefinition): Promise<string> {
  await calls.createRun(engine, "notes-1", { ...definition, workflow });
  const result = await calls.executeRun(engine, {
    runId: "notes-1",
    workspace: { kind: "folder", path: "/tmp" },
    command: "example",
  });
  return result.outcome;
}

test("a workflow by hand gets the defaults, its members their group", () => {
  expect(workflow.stages.map((stage) => [stage.id, stage.kind, stage.group])).toEqual([
    ["COLLECT", "work", null],
    ["DRAFT", "work", "writing"],
    ["TRANSLATE", "work", "writing"],
    ["PUBLISH", "terminal", null],
  ]);
  expect(runner.run).toBeTypeOf("function");
});
