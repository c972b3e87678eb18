import { readdir, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256, TroupeError } from "@troupe/core";
import { afterEach, describe, expect, test } from "vitest";
import {
  type AgentScript,
  createContext,
  createScriptedHarness,
  createTask,
  type HarnessOptions,
  type TurnHarness,
  textRef,
  usage,
} from "../test/turn-harness.js";

let harness: TurnHarness;
afterEach(() => harness.remove());

async function start(script: AgentScript, options?: HarnessOptions): Promise<void> {
  harness = await createScriptedHarness(script, options);
}

describe("a work turn", () => {
  test("gives the agent its prompt and returns output, artifacts, log, usage and session", async () => {
    await start(async (request, context) => {
      context.processStarted(process.pid);
      context.output(Buffer.from("wörking\n"));
      context.activity("tool-start");
      context.activity("tool-end");
      context.activity("output");
      await writeFile(join(request.artifactsFolder, "spec.md"), "# Spec\n");
      return { output: "The spec is there.", usage, session: "s-7" };
    });
    const context = createContext();
    const task = createTask(harness, { id: "SPEC", artifacts: ["spec.md", "missing.md"], timeoutMs: 5_000 });
    expect(await harness.runner.run(task, context)).toEqual({
      status: "succeeded",
      output: textRef("The spec is there."),
      artifacts: [{ name: "spec.md", sha256: sha256("# Spec\n"), bytes: 7 }],
      usage,
      session: "s-7",
      log: { turn: "SPEC.1", bytes: 9, truncated: false },
    });
    expect(await harness.log("SPEC.1")).toBe("wörking\n");
    expect(context.seen).toEqual([
      { type: "process", pid: process.pid },
      { type: "output", text: "wörking\n" },
      { type: "tool", phase: "start" },
      { type: "tool", phase: "end" },
    ]);
    const [given] = harness.requests;
    if (given === undefined) throw new Error("the agent was not asked");
    const { prompt, env, ...request } = given;
    expect(request).toEqual({
      runId: "r-1",
      turn: "SPEC.1",
      stage: "SPEC",
      kind: "work",
      round: 1,
      agent: "builder",
      cwd: harness.workspace,
      artifactsFolder: harness.latest,
      access: "full",
      timeoutMs: 5_000,
      idleTimeoutMs: null,
    });
    expect(prompt).toContain("> # Ship it");
    expect(env.TROUPE_TURN).toMatch(/^r-1\/1\/SPEC\.1\/[0-9a-f]{12}$/);
  });

  test("leaves a read-only copy of each artifact, and the content in the store", async () => {
    await start(async (request) => {
      await writeFile(join(request.artifactsFolder, "spec.md"), "v1");
      return {};
    });
    await harness.runner.run(createTask(harness, { id: "SPEC", artifacts: ["spec.md"] }), createContext());
    const copy = join(harness.runFolder, "artifacts", "SPEC.1", "spec.md");
    expect(await harness.read(copy)).toBe("v1");
    expect((await stat(copy)).mode & 0o777).toBe(0o400);
    const chunks: Uint8Array[] = [];
    for await (const chunk of harness.store.blobs.get("r-1", sha256("v1"))) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe("v1");
    expect(await readdir(join(harness.runFolder, "artifacts", "SPEC.1"))).toEqual(["spec.md"]);
  });

  test("does not take empty files, folders, links that lead out or files that no stage declares", async () => {
    await start(async (request) => {
      const at = (name: string) => join(request.artifactsFolder, name);
      await writeFile(at("empty.md"), "");
      await writeFile(at("other.md"), "x");
      await writeFile(join(harness.workspace, "secret"), "x");
      await symlink(join(harness.workspace, "secret"), at("link.md"));
      return {};
    });
    const artifacts = ["empty.md", "link.md", "absent/deep.md"];
    const result = await harness.runner.run(createTask(harness, { id: "SPEC", artifacts }), createContext());
    expect(result).toMatchObject({ status: "succeeded", artifacts: [] });
    expect(await harness.log("SPEC.1")).toContain("[troupe] not taken as an artifact");
  });

  test("gets model, session, persona, template, inputs and what was skipped", async () => {
    await start(async () => ({}), { agent: { model: "m-1", persona: "analyst", env: { EXTRA: "1" }, access: "edit" } });
    const long = "é".repeat(5_000);
    const input = await harness.recorded("BUSINESS", "problem.md", "the problem");
    const blob = await harness.store.blobs.put("r-1", Buffer.from(long));
    const task = createTask(
      harness,
      { id: "SPEC" },
      {
        session: "s-1",
        template: textRef("Be brief."),
        values: { target: "api" },
        skipped: ["RESEARCH"],
        inputs: [
          input,
          { ...textRef("y".repeat(5_000)), stage: "INLINE", name: null, turn: "INLINE.1" },
          { ...textRef("short answer"), stage: "SETUP", name: null, turn: "SETUP.1" },
          { ...blob, text: null, stage: "LONG", name: null, turn: "LONG.1" },
        ],
      },
    );
    await harness.runner.run(task, createContext());
    const [request] = harness.requests;
    expect(request).toMatchObject({ model: "m-1", session: "s-1", access: "edit" });
    expect(request?.env).toMatchObject({ EXTRA: "1", TROUPE_INPUT_TARGET: "api", TROUPE_ARTIFACTS: harness.latest });
    const texts = join(harness.runFolder, "texts", `${sha256(long).slice(0, 16)}.md`);
    expect(request?.prompt).toMatch(/^Be brief\./);
    expect(request?.prompt).toContain("Your role: analyst.");
    expect(request?.prompt).toContain(`- \`problem.md\` of BUSINESS: \`${join(harness.latest, "problem.md")}\``);
    expect(request?.prompt).toContain("> short answer");
    expect(request?.prompt).toContain(`> ${"é".repeat(2_048)}\n\nThis is its beginning; all of it is in \`${texts}\``);
    expect(request?.prompt).toContain("`RESEARCH`");
    expect(request?.prompt).toContain(`> ${"y".repeat(4_096)}\n\nThis is its beginning`);
    expect(await harness.read(texts)).toBe(long);
    await harness.runner.run({ ...task, turn: "SPEC.2" }, createContext());
    expect(harness.requests[1]?.prompt).toBe(request?.prompt);
    expect(await harness.read(join(harness.latest, "problem.md"))).toBe("the problem");
  });

  test("keeps a long output in the store", async () => {
    const output = "x".repeat(20_000);
    await start(async () => ({ output }));
    const result = await harness.runner.run(createTask(harness, { id: "SPEC" }), createContext());
    expect(result).toMatchObject({ output: { sha256: sha256(output), bytes: 20_000, text: null } });
  });

  test("waits for space instead of throwing the work away", async () => {
    let full = 2;
    const waits: number[] = [];
    await start(async () => ({ output: "x".repeat(9_000) }), {
      clock: { wait: async (ms) => void waits.push(ms) },
      store: (store) => ({
        ...store,
        blobs: {
          ...store.blobs,
          async put(runId, content) {
            full -= 1;
            if (full >= 0) throw new TroupeError("STORE_FULL", "no space");
            return store.blobs.put(runId, content);
          },
        },
      }),
    });
    const result = await harness.runner.run(createTask(harness, { id: "SPEC" }), createContext());
    expect(result.status).toBe("succeeded");
    expect(waits).toEqual([5_000, 5_000]);
  });
});

describe("a turn that fails", () => {
  const cases: readonly [name: string, error: unknown, expected: object][] = [
    [
      "is worth another attempt when the agent's program failed",
      new TroupeError("AGENT_FAILED", "exit 1"),
      { error: { code: "AGENT_FAILED", message: "exit 1", hint: null }, retry: { notBefore: null } },
    ],
    [
      "names the time at which a limit resets",
      new TroupeError("AGENT_FAILED", "limit", { details: { notBefore: 99 } }),
      { retry: { notBefore: 99 } },
    ],
    [
      "is at a limit that names no time",
      new TroupeError("AGENT_FAILED", "limit", { details: { limited: true } }),
      { retry: { notBefore: null, limited: true } },
    ],
    [
      "is final when the agent says so",
      new TroupeError("AGENT_FAILED", "refused", { details: { retry: "never" } }),
      { retry: "never" },
    ],
    [
      "is final without the agent's program",
      new TroupeError("AGENT_NOT_INSTALLED", "x"),
      { error: { code: "AGENT_NOT_INSTALLED" }, retry: "never" },
    ],
    ["is final after a timeout", new TroupeError("TURN_TIMEOUT", "x"), { retry: "never" }],
    [
      "gets a code for whatever else was thrown",
      new Error("socket hang up"),
      { error: { code: "AGENT_FAILED", message: "socket hang up", hint: null }, retry: { notBefore: null } },
    ],
  ];
  test.each(cases)("%s", async (_name, error, expected) => {
    await start(async () => {
      throw error;
    });
    const result = await harness.runner.run(createTask(harness, { id: "SPEC" }), createContext());
    expect(result).toMatchObject({ status: "failed", output: null, ...expected });
  });

  test("keeps what the agent had told of usage and session", async () => {
    await start(async (_request, context) => {
      context.known({ session: "s-2" });
      context.known({ usage });
      throw new TroupeError("AGENT_FAILED", "died");
    });
    const result = await harness.runner.run(createTask(harness, { id: "SPEC" }), createContext());
    expect(result).toMatchObject({ status: "failed", usage, session: "s-2" });
    expect(await readdir(join(harness.runFolder, "turns"))).toEqual([]);
  });

  test("is final when its agent is unknown", async () => {
    await start(async () => ({}));
    const task = createTask(harness, { id: "SPEC" }, { agent: "nobody" });
    const result = await harness.runner.run(task, createContext());
    expect(result).toMatchObject({ status: "failed", retry: "never", error: { code: "AGENT_UNKNOWN" } });
  });

  test("is final when the task names no agent", async () => {
    await start(async () => ({}));
    const result = await harness.runner.run(createTask(harness, { id: "SPEC" }, { agent: null }), createContext());
    expect(result).toMatchObject({ status: "failed", retry: "never", error: { code: "INTERNAL" } });
  });

  test("is final, and reported as a result, when the store has no log for it", async () => {
    await start(async () => ({}), {
      store: (store) => ({
        ...store,
        logs: { ...store.logs, open: () => Promise.reject(new TroupeError("STORE_FAILED", "no log")) },
      }),
    });
    const result = await harness.runner.run(createTask(harness, { id: "SPEC" }), createContext());
    expect(result).toMatchObject({ status: "failed", retry: "never", error: { code: "STORE_FAILED" }, log: null });
  });

  test("succeeds all the same when only its log could not be closed", async () => {
    await start(async () => ({}), {
      store: (store) => ({
        ...store,
        logs: {
          ...store.logs,
          open: async () => ({ write: () => {}, close: () => Promise.reject(new Error("disk")) }),
        },
      }),
    });
    const result = await harness.runner.run(createTask(harness, { id: "SPEC" }), createContext());
    expect(result).toMatchObject({ status: "succeeded", log: null });
  });
});
