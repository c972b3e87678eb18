import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AgentRequest,
  type AgentResult,
  type AgentRunner,
  type Clock,
  type PluginHost,
  randomHex,
  silentLogger,
} from "@troupe/core";
import { describe, expect, onTestFinished, test } from "vitest";
import plugin from "./index.js";

interface Stage {
  readonly folder: string;
  readonly cwd: string;
  readonly artifacts: string;
  readonly stop: AbortController;
  readonly waits: number[];
  /** Calls of the context, in order. */
  readonly seen: unknown[];
  readonly agent: AgentRunner;
  run(changes?: Partial<AgentRequest>): Promise<AgentResult>;
  fail(changes?: Partial<AgentRequest>): Promise<unknown>;
}

const key = { stage: "PLAN", round: 1, turn: "work", agent: "writer" };

/** Waits until its signal aborts, or not at all. */
const createClock = (waits: number[], patient: boolean): Clock => ({
  now: () => 0,
  monotonic: () => 0,
  wait: (ms, signal) => {
    waits.push(ms);
    if (!patient) return Promise.resolve();
    return new Promise((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true }));
  },
});

async function createStage(lines: readonly object[], { patient = false } = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "troupe-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [cwd, artifacts] = [join(folder, "tree"), join(folder, "artifacts")];
  await mkdir(cwd);
  await writeFile(join(folder, "demo.jsonl"), lines.map((line) => JSON.stringify(line)).join("\n"));
  const stop = new AbortController();
  const waits: number[] = [];
  const seen: unknown[] = [];
  const sink = { write: () => {}, isTerminal: false, size: () => ({ columns: 80, rows: 24 }) };
  const host: PluginHost = {
    clock: createClock(waits, patient),
    randomHex,
    environment: {},
    streams: { stdout: sink, stderr: sink },
    projectFolder: folder,
    stateFolder: join(folder, ".troupe"),
    logger: silentLogger,
  };
  const agent = await plugin.create({ file: "demo.jsonl" }, host);
  const request: AgentRequest = {
    runId: "run-1",
    turn: "PLAN.7",
    stage: "PLAN",
    kind: "work",
    round: 1,
    agent: "writer",
    prompt: "# The prompt",
    cwd,
    artifactsFolder: artifacts,
    env: {},
    access: "full",
    timeoutMs: null,
    idleTimeoutMs: null,
  };
  const context = {
    signal: stop.signal,
    kill: new AbortController().signal,
    logger: silentLogger,
    output: (chunk: Uint8Array) => seen.push(Buffer.from(chunk).toString("utf8")),
    activity: (kind: string) => seen.push(kind),
    processStarted: () => seen.push("process"),
    known: (update: object) => seen.push(update),
  };
  const run: Stage["run"] = (changes) => agent.run({ ...request, ...changes }, context);
  const fail: Stage["fail"] = (changes) =>
    run(changes).then(
      (result) => result,
      (error: unknown) => error,
    );
  return { folder, cwd, artifacts, stop, waits, seen, agent, run, fail };
}

describe("a recorded turn", () => {
  test("writes its files into both folders before it returns its output", async () => {
    const files = [
      { path: "src/deep/a.ts", content: "export {};\n" },
      { path: "plan.md", content: "# Plän\n", root: "artifacts" },
    ];
    const usage = { inputTokens: 10, outputTokens: 2, costUsd: null };
    const { run, cwd, artifacts, seen } = await createStage([{ ...key, output: "planned", files, usage }]);
    expect(await run()).toEqual({ output: "planned", session: "PLAN/work/writer", usage });
    expect(await readFile(join(cwd, "src/deep/a.ts"), "utf8")).toBe("export {};\n");
    expect(await readFile(join(artifacts, "plan.md"), "utf8")).toBe("# Plän\n");
    expect(seen).toEqual([{ session: "PLAN/work/writer" }, { usage }, "planned", "output"]);
  });

  test("is the same at every attempt, in any order", async () => {
    const lines = ["work", "review", "fix"].flatMap((turn) =>
      [2, 1].map((round) => ({ ...key, turn, round, output: `${turn} ${round}` })),
    );
    const { run } = await createStage(lines);
    const outputs: string[] = [];
    for (const [kind, round] of [
      ["fix", 1],
      ["work", 1],
      ["work", 1],
      ["review", 2],
    ] as const) {
      const { output, session } = await run({ kind, round, turn: `PLAN.${outputs.length}` });
      outputs.push(`${output} in ${session}`);
    }
    expect(outputs).toEqual([
      "fix 1 in PLAN/work/writer",
      "work 1 in PLAN/work/writer",
      "work 1 in PLAN/work/writer",
      "review 2 in PLAN/review/writer",
    ]);
  });

  test("overwrites a file of an earlier turn", async () => {
    const file = (content: string) => [{ path: "a.md", content }];
    const { run, cwd } = await createStage([
      { ...key, output: "1", files: file("a long first version") },
      { ...key, round: 2, output: "2", files: file("second") },
    ]);
    await run();
    await run({ round: 2 });
    expect(await readFile(join(cwd, "a.md"), "utf8")).toBe("second");
  });

  test("that failed fails again, after its files were written", async () => {
    const files = [{ path: "half.md", content: "half" }];
    const { fail, cwd, seen } = await createStage([
      { ...key, error: "HTTP 429", files, output: "so far" },
      { ...key, round: 2, error: { code: "TURN_TIMEOUT", message: "too slow", retry: "never" } },
    ]);
    const error = await fail();
    expect(error).toMatchObject({ code: "AGENT_FAILED", message: "HTTP 429", details: {} });
    expect(await readFile(join(cwd, "half.md"), "utf8")).toBe("half");
    expect(seen).toContain("so far");
    expect(await fail({ round: 2 })).toMatchObject({ code: "TURN_TIMEOUT", details: { retry: "never" } });
  });

  test("without output is what it is for any agent", async () => {
    const { fail } = await createStage([{ ...key, output: " \n" }]);
    expect(await fail()).toMatchObject({ code: "AGENT_NO_OUTPUT" });
  });

  test("takes its time by the host's clock", async () => {
    const { run, waits } = await createStage([{ ...key, output: "late", delayMs: 90_000 }]);
    await run();
    expect(waits).toEqual([90_000]);
  });

  test("that is aborted while it waits writes nothing", async () => {
    const files = [{ path: "a.md", content: "" }];
    const { fail, stop, cwd } = await createStage([{ ...key, output: "x", delayMs: 1, files }], { patient: true });
    const failing = fail();
    stop.abort("stopped");
    expect(await failing).toMatchObject({
      code: "AGENT_FAILED",
      message: 'agent "writer" was stopped before it ended',
    });
    expect(existsSync(join(cwd, "a.md"))).toBe(false);
  });
});

describe("a recorded file", () => {
  test("never leaves its folder", async () => {
    const { fail, folder, cwd } = await createStage([{ ...key, output: "x", files: [{ path: "out/a", content: "" }] }]);
    await symlink(folder, join(cwd, "out"));
    expect(await fail()).toMatchObject({ code: "PATH_OUTSIDE" });
    expect(existsSync(join(folder, "a"))).toBe(false);
  });

  test("that cannot be written is a failure of the agent", async () => {
    const { fail, cwd } = await createStage([{ ...key, output: "x", files: [{ path: "a/b", content: "" }] }]);
    await writeFile(join(cwd, "a"), "");
    expect(await fail()).toMatchObject({
      code: "AGENT_FAILED",
      message: `the recorded file a/b cannot be written to ${cwd}`,
    });
  });
});

describe("a miss", () => {
  test("names the nearest recorded turns and is not worth another attempt", async () => {
    const others = [
      { ...key, stage: "SPEC", output: "x" },
      { ...key, round: 2, output: "x" },
      { ...key, agent: "critic", turn: "review", output: "x" },
      { ...key, stage: "plan", output: "x" },
    ];
    const { fail } = await createStage(others);
    expect(await fail()).toMatchObject({
      code: "AGENT_CASSETTE_MISS",
      message: "demo.jsonl has no line for stage PLAN, round 1, turn work, agent writer",
      hint:
        "Nearest recorded: stage PLAN, round 2, turn work, agent writer; stage plan, round 1, turn work, agent writer; " +
        "stage PLAN, round 1, turn review, agent critic.",
      details: { retry: "never" },
    });
  });

  test("in an empty cassette says so", async () => {
    const { fail } = await createStage([]);
    expect(await fail()).toMatchObject({ code: "AGENT_CASSETTE_MISS", hint: "demo.jsonl is empty." });
  });
});

describe("the plugin", () => {
  test("tells how much is recorded", async () => {
    const { agent } = await createStage([{ ...key, output: "x" }]);
    const message = "1 recorded turns in demo.jsonl";
    expect(await agent.check?.()).toEqual({ ok: true, version: null, login: "unknown", message, hint: null });
  });

  test("refuses a cassette that is missing or has mistakes before any turn", async () => {
    await expect(createStage([{ ...key, output: 1 }])).rejects.toMatchObject({
      code: "CASSETTE_INVALID",
      message: "the cassette has a mistake:\ndemo.jsonl:1: output must be text",
    });
    const host = { projectFolder: tmpdir() } as PluginHost;
    await expect((async () => plugin.create({ file: "no-such.jsonl" }, host))()).rejects.toMatchObject({
      code: "FILE_NOT_FOUND",
      message: `the cassette ${join(tmpdir(), "no-such.jsonl")} cannot be read`,
    });
  });

  test("takes a file and nothing else", () => {
    const validate = (value: unknown) => plugin.options["~standard"].validate(value);
    expect(validate({ file: "a.jsonl" })).toEqual({ value: { file: "a.jsonl" } });
    expect(validate({ file: "a.jsonl", speed: 2 })).toEqual({
      issues: [{ message: "is not known; known: file", path: ["speed"] }],
    });
    for (const value of [{}, { file: "" }, { file: 1 }, { file: "a\0" }]) {
      expect(validate(value)).toEqual({ issues: [{ message: "must be the path of a cassette", path: ["file"] }] });
    }
    for (const value of [null, "a.jsonl", []]) {
      expect(validate(value)).toEqual({ issues: [{ message: "must be a map with a file" }] });
    }
  });
});
