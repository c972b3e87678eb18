import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256, TroupeError } from "@troupe/core";
import { afterEach, describe, expect, test } from "vitest";
import {
  type AgentScript,
  createContext,
  createTask,
  createTurnHarness,
  type HarnessOptions,
  type TurnHarness,
  textRef,
} from "../test/turn-harness.js";

let harness: TurnHarness;
afterEach(() => harness.remove());

async function start(builder: AgentScript, options: HarnessOptions = {}): Promise<TurnHarness> {
  harness = await createTurnHarness({ ...options, agents: { builder, reviewer: builder, ...options.agents } });
  return harness;
}

const usage = { inputTokens: 10, outputTokens: 2, costUsd: 0.5 };

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
    expect(env.TROUPE_TURN).toBe("r-1/1/SPEC.1");
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

describe("a review turn", () => {
  const stage = { id: "SPEC_REVIEW", kind: "review", reviews: "SPEC", workAgent: "builder", maxRounds: 2 } as const;
  const draft = { kind: "review", agent: "reviewer" } as const;

  test("returns the verdict of the text and tells the reviewer what to look at", async () => {
    await start(async () => ({ output: "Read it.\n\n**APPROVED:** complete" }));
    const spec = await harness.recorded("SPEC", "spec.md", "the spec");
    const task = createTask(harness, stage, {
      ...draft,
      inputs: [spec],
      owned: [spec],
      underReview: { stage: "SPEC", name: "Specification", turns: [{ turn: "SPEC.1", output: textRef("Wrote it.") }] },
      lastChecks: [{ command: "npm test", passed: true, exitCode: 0, durationMs: 1 }],
    });
    const result = await harness.runner.run(task, createContext());
    expect(result).toMatchObject({
      status: "succeeded",
      verdict: { decision: "approved", reasons: ["complete"], source: "text" },
      artifacts: [],
    });
    const prompt = harness.requests[0]?.prompt ?? "";
    expect(prompt).not.toContain("## From earlier stages");
    expect(prompt).toContain(`- \`spec.md\`: \`${join(harness.latest, "spec.md")}\``);
    expect(prompt).toContain("> Wrote it.");
    expect(prompt).toContain("> git knows nothing of this folder. SHA-256 of the files:");
    expect(prompt).toContain(`> ${sha256("the spec")}  spec.md`);
    expect(prompt).toContain("- passed (exit code 0): `npm test`");
    expect(prompt).toContain("## How to conclude");
  });

  test("shows the reviewer what git knows of the changes", async () => {
    await start(async () => ({ output: "APPROVED: ok" }));
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.c", ...args], { cwd: harness.workspace });
    git("init", "-q");
    await writeFile(join(harness.workspace, "a.txt"), "1\n");
    git("add", ".");
    git("commit", "-qm", "first");
    await writeFile(join(harness.workspace, "a.txt"), "2\n");
    await writeFile(join(harness.workspace, "new.txt"), "2\n");
    await harness.runner.run(createTask(harness, stage, draft), createContext());
    const prompt = harness.requests[0]?.prompt ?? "";
    expect(prompt).toContain("> $ git status --porcelain\n>  M a.txt\n> ?? new.txt\n");
    expect(prompt).toContain("> $ git diff --stat HEAD\n>  a.txt | 2 +-\n");
    expect(prompt).toMatch(/> \$ git log --oneline -n 10\n> [0-9a-f]{7} first\n/);
  });

  test("goes on without git", async () => {
    await start(async () => ({ output: "APPROVED: ok" }), { environment: { PATH: "/nowhere" } });
    const result = await harness.runner.run(createTask(harness, stage, draft), createContext());
    expect(result.status).toBe("succeeded");
    expect(harness.requests[0]?.prompt).not.toContain("## Evidence");
  });

  test.each([
    ["review", false],
    ["fix", true],
  ] as const)("of a stage that reviews its own work: a %s turn must leave the artifacts: %s", async (kind, must) => {
    await start(async () => ({ output: "APPROVED: ok" }));
    const own = { ...stage, reviews: null, artifacts: ["a.md"] };
    await harness.runner.run(createTask(harness, own, { kind }), createContext());
    expect(harness.requests[0]?.prompt.includes("Write these files, complete")).toBe(must);
  });

  test("that reviews another stage must leave its report", async () => {
    await start(async () => ({ output: "APPROVED: ok" }));
    await harness.runner.run(createTask(harness, { ...stage, artifacts: ["a.md"] }, draft), createContext());
    expect(harness.requests[0]?.prompt).toContain(
      "Write these files, complete, into the artifacts folder:\n\n- `a.md`",
    );
  });

  test("asks once more in the same session when there is no conclusion", async () => {
    const answers = [
      { output: "Looks good.", session: "s-1", usage },
      { output: "REJECTED: no limits", session: "s-1", usage },
    ];
    await start(async () => answers[harness.requests.length - 1] ?? {});
    const result = await harness.runner.run(createTask(harness, stage, draft), createContext());
    expect(result).toMatchObject({
      status: "succeeded",
      verdict: { decision: "rejected", reasons: ["no limits"], source: "text" },
      output: { text: "Looks good.\n\nREJECTED: no limits" },
      usage: { inputTokens: 20, outputTokens: 4, costUsd: 1 },
      session: "s-1",
    });
    expect(harness.requests.map(({ session }) => session)).toEqual([undefined, "s-1"]);
    expect(harness.requests[1]?.prompt).toMatch(/^Your answer does not conclude the review\. No line of the answer/);
  });

  test("repeats the whole prompt with the problem when there is no session, and then has no verdict", async () => {
    await start(async () => ({ output: "APPROVED" }));
    const result = await harness.runner.run(createTask(harness, stage, draft), createContext());
    expect(result).not.toHaveProperty("verdict");
    expect(result).not.toHaveProperty("failureReport");
    const [first, second] = harness.requests.map(({ prompt }) => prompt);
    expect(second?.startsWith(`${first}\nYour answer does not conclude the review.`)).toBe(true);
    expect(second).toContain("> APPROVED\n");
  });

  test("does not ask again when no time is left", async () => {
    let time = 0;
    await start(
      async () => {
        time += 1_000;
        return { output: "hm" };
      },
      { clock: { monotonic: () => time } },
    );
    await harness.runner.run(createTask(harness, { ...stage, timeoutMs: 1_000 }, draft), createContext());
    expect(harness.requests.length).toBe(1);
  });

  test("asks again within the time that is left", async () => {
    let time = 0;
    await start(
      async () => {
        time += 300;
        return { output: "hm" };
      },
      { clock: { monotonic: () => time } },
    );
    await harness.runner.run(createTask(harness, { ...stage, timeoutMs: 1_000 }, draft), createContext());
    expect(harness.requests.map(({ timeoutMs }) => timeoutMs)).toEqual([1_000, 700]);
  });

  test("fails with its first answer's usage when asking again fails", async () => {
    await start(async () => {
      if (harness.requests.length === 2) throw new TroupeError("AGENT_FAILED", "died");
      return { output: "hm", usage, session: "s-1" };
    });
    const result = await harness.runner.run(createTask(harness, stage, draft), createContext());
    expect(result).toMatchObject({ status: "failed", usage, session: "s-1", retry: { notBefore: null } });
  });

  test("is interrupted, not without a verdict, when it is told to end before it asks again", async () => {
    const context = createContext();
    await start(async () => {
      context.abort("limit");
      return { output: "hm", usage };
    });
    const result = await harness.runner.run(createTask(harness, stage, draft), context);
    expect(result).toMatchObject({ status: "interrupted", reason: "limit", usage });
  });

  test("takes a verdict by tool, and puts its reasons into the output", async () => {
    const verdict = { decision: "rejected", reasons: ["a", "b"], source: "tool" } as const;
    await start(async () => ({ output: "See the tool.", verdict }));
    const result = await harness.runner.run(createTask(harness, stage, draft), createContext());
    expect(result).toMatchObject({
      verdict,
      output: { text: "See the tool.\n\nThe reviewer's verdict: rejected.\n\n- a\n- b" },
    });
  });

  test("is a rejection when the text rejects what the tool approved", async () => {
    const verdict = { decision: "approved", reasons: [], source: "tool" } as const;
    await start(async () => ({ output: "REJECTED: no", verdict }));
    const result = await harness.runner.run(createTask(harness, stage, draft), createContext());
    expect(result).toMatchObject({ verdict: { decision: "rejected", reasons: ["no"], source: "text" } });
  });

  test("leaves a failure report with every round's feedback after the last round", async () => {
    await start(async () => ({ output: "REJECTED: still no limits" }), { clock: { now: () => 1_700_000_000_000 } });
    const feedback = [{ source: "review", round: 1, text: textRef("REJECTED: no limits") }] as const;
    const task = createTask(harness, stage, { ...draft, round: 2, feedback });
    const result = await harness.runner.run(task, createContext());
    const path = join(harness.runFolder, "failures", "2023-11-14T22-13-20.000Z-SPEC_REVIEW.md");
    expect(result).toMatchObject({ failureReport: path });
    expect(await harness.read(path)).toBe(
      `${[
        "# SPEC_REVIEW failed after 2 of 2 rounds",
        "- Run: `r-1`\n- Time: 2023-11-14T22:13:20.000Z\n- Objective: Ship it",
        "## Open points\n\n- still no limits",
        "## Round 1: review\n\n> REJECTED: no limits",
        "## Round 2: review\n\n> REJECTED: still no limits",
        `## Where to look\n\n- Artifacts: \`${harness.latest}\`\n- Working folder: \`${harness.workspace}\``,
      ].join("\n\n")}\n`,
    );
    expect(harness.requests[0]?.prompt).toContain("> REJECTED: no limits");
  });

  test("leaves a failure report when the last round ends without a verdict", async () => {
    await start(async () => ({ output: "Hm." }));
    const result = await harness.runner.run(createTask(harness, stage, { ...draft, round: 2 }), createContext());
    expect(result).not.toHaveProperty("verdict");
    const report = "failureReport" in result ? await harness.read(result.failureReport ?? "") : "";
    expect(report).toContain("- The reviewer gave no verdict.");
  });
});
