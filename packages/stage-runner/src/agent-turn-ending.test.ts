import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TroupeError } from "@troupe/core";
import { afterEach, describe, expect, test } from "vitest";
import {
  type AgentScript,
  createContext,
  createScriptedHarness,
  createTask,
  type HarnessOptions,
  type TurnHarness,
  usage,
} from "../test/turn-harness.js";

let harness: TurnHarness;
afterEach(() => harness.remove());

async function start(script: AgentScript, options?: HarnessOptions): Promise<void> {
  harness = await createScriptedHarness(script, options);
}

describe("what an agent leaves running", () => {
  test.skipIf(!existsSync("/proc/self/environ"))(
    "is ended before the result, also where its own group is left",
    async () => {
      let exit: Promise<unknown> = Promise.resolve();
      await start(async (request, context) => {
        const child = spawn("sh", ["-c", "echo up; exec sleep 600"], {
          env: request.env,
          detached: true,
          stdio: ["ignore", "pipe", "ignore"],
        });
        exit = once(child, "exit");
        context.processStarted(child.pid ?? 0);
        await once(child.stdout, "data");
        const notes = await readdir(join(harness.runFolder, "processes"));
        return { output: notes.join() };
      });
      const result = await harness.runner.run(createTask(harness, { id: "SPEC" }), createContext());
      expect(result).toMatchObject({ status: "succeeded", output: { text: "SPEC.1.jsonl" } });
      expect(await exit).toEqual([null, "SIGKILL"]);
      expect(await readdir(join(harness.runFolder, "processes"))).toEqual([]);
    },
  );

  test("is known to be the agent's failure when it cannot be noted", async () => {
    await start(async (_request, context) => {
      await writeFile(join(harness.runFolder, "processes"), "in the way");
      context.processStarted(process.pid);
      return {};
    });
    const result = await harness.runner.run(createTask(harness, { id: "SPEC" }), createContext());
    expect(result).toMatchObject({ status: "failed", error: { code: "STORE_FAILED" } });
  });

  test("is told although it cannot be written down", async () => {
    await start(async (_request, context) => {
      await writeFile(join(harness.runFolder, "turns"), "in the way");
      context.known({ session: "s-1", usage });
      context.known({ usage: { ...usage, costUsd: null } });
      return {};
    });
    const result = await harness.runner.run(createTask(harness, { id: "SPEC" }), createContext());
    expect(result).toMatchObject({ status: "succeeded", session: "s-1", usage: { ...usage, costUsd: null } });
  });
});

describe("a turn that is told to end", () => {
  test("is interrupted with the reason, whatever its agent threw", async () => {
    const context = createContext();
    await start(async () => {
      context.abort("fail-fast");
      throw new TroupeError("AGENT_FAILED", "killed");
    });
    const result = await harness.runner.run(createTask(harness, { id: "SPEC" }), context);
    expect(result).toMatchObject({ status: "interrupted", reason: "fail-fast" });
  });

  test("has succeeded if it succeeds anyway", async () => {
    const context = createContext();
    await start(async () => {
      context.abort("cancelled");
      return { output: "just in time" };
    });
    const result = await harness.runner.run(createTask(harness, { id: "SPEC" }), context);
    expect(result).toMatchObject({ status: "succeeded", output: { text: "just in time" } });
  });

  test("does not start its agent when it ends while the prompt is built", async () => {
    const context = createContext();
    await start(async () => ({}), {
      store: (store) => ({
        ...store,
        blobs: {
          ...store.blobs,
          get(runId, hash) {
            context.abort("claim-lost");
            return store.blobs.get(runId, hash);
          },
        },
      }),
    });
    const objective = { ...(await harness.store.blobs.put("r-1", Buffer.from("# Ship"))), text: null };
    const result = await harness.runner.run(createTask(harness, { id: "SPEC" }, { objective }), context);
    expect(result).toMatchObject({ status: "interrupted", reason: "claim-lost" });
    expect(harness.requests).toEqual([]);
  });

  test("does not start its agent when it ends before", async () => {
    await start(async () => ({}));
    const context = createContext();
    context.abort("something else");
    const result = await harness.runner.run(createTask(harness, { id: "SPEC" }), context);
    expect(result).toMatchObject({ status: "interrupted", reason: "stopped" });
    expect(harness.requests).toEqual([]);
  });
});
