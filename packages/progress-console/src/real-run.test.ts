import {
  createRun,
  defineRun,
  defineWorkflow,
  executeRun,
  randomHex,
  type StageExecutor,
  silentLogger,
  systemClock,
} from "@troupe/core";
import { createMemoryStore } from "@troupe/core/memory";
import { expect, test } from "vitest";
import { createFakeHost, createFakeSink } from "../test/fake-host.js";
import { agentError, failed, succeeded, textOf } from "../test/run-script.js";
import { createConsoleReporter } from "./console-reporter.js";

test("a run of the engine: a member's end is told while its sibling runs, and every end is told once", async () => {
  const host = createFakeHost(Date.now());
  const live = createFakeHost(Date.now(), createFakeSink(true, 120, 30));
  const reporters = [
    createConsoleReporter({ mode: "lines", color: false }, host),
    createConsoleReporter({ mode: "live", color: false }, live),
  ];
  const told = (text: string): boolean => host.streams.stderr.text().includes(text);
  const { promise: slowMayEnd, resolve: letSlowEnd } = Promise.withResolvers<void>();
  const isToldInTime: boolean[] = [];
  const executor: StageExecutor = {
    capacity: 3,
    async execute({ stage }, context) {
      context.progress({ type: "output", text: `${stage.id} at work\n` });
      if (stage.id === "BROKEN") return failed();
      if (stage.id === "SLOW") await slowMayEnd;
      if (stage.id === "QUICK") {
        setImmediate(async () => {
          while (!told("✓ [pair] QUICK completed")) await new Promise((resolve) => setImmediate(resolve));
          isToldInTime.push(!told("SLOW completed"));
          letSlowEnd();
        });
      }
      return succeeded();
    },
  };
  const store = createMemoryStore();
  const engine = { store, executor, reporters, clock: systemClock, randomHex, logger: silentLogger };
  const stages = ["SLOW", "QUICK", "BROKEN"].map((id) => ({ id, workAgent: id.toLowerCase() }));
  const workflow = defineWorkflow({
    name: "trio",
    stages: [...stages, { id: "END", kind: "terminal", needs: ["SLOW", "QUICK", "BROKEN"] }],
    groups: [{ name: "pair", stages: ["SLOW", "QUICK", "BROKEN"], before: "END" }],
  });
  const objective = { title: "Show it", path: null, text: textOf("Show it") };
  await createRun(engine, "show-1", defineRun({ workflow, objective }));
  const result = await executeRun(engine, {
    runId: "show-1",
    workspace: { kind: "folder", path: "/" },
    command: "test",
  });
  for (const reporter of reporters) await reporter.close?.();
  expect([result.outcome, isToldInTime]).toEqual(["failed", [true]]);
  const plain = host.streams.stderr.text();
  const ends = plain
    .split("\n")
    .filter((line) => /[✓✗]/.test(line))
    .map((line) => line.slice(9).replace(/\d+\.\ds/, "0s"));
  expect(ends.toSorted()).toEqual([
    `✓ [pair] QUICK completed in 0s`,
    `✓ [pair] SLOW completed in 0s`,
    `✗ [pair] BROKEN failed after 0s: ${agentError.message} [AGENT_FAILED]; hint: ${agentError.hint}`,
  ]);
  expect(plain).toMatch(/run show-1 failed: 2\/4 stages done, failed: BROKEN/);
  expect(live.streams.stderr.text()).toContain("run show-1 failed");
  expect([host.logged, live.logged]).toEqual([[], []]);
});
