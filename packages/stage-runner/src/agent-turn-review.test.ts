import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256, TroupeError, type Usage } from "@troupe/core";
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
    const reason = "The review gave no verdict. This line comes closest, but it is not a conclusion:\n\n> APPROVED";
    expect(result).toMatchObject({
      verdict: { decision: "rejected", reasons: [reason], source: "none" },
      output: { text: `APPROVED\n\nAPPROVED\n\n- ${reason}` },
    });
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
    const partial = { ...usage, partial: ["tokens", "cost"] };
    expect(result).toMatchObject({ status: "failed", usage: partial, session: "s-1", retry: { notBefore: null } });
  });

  test.each<[string, Usage | null, Usage | null, unknown]>([
    ["neither prompt tells", null, null, null],
    ["only the first tells", usage, null, { ...usage, partial: ["tokens", "cost"] }],
    ["only the second tells", null, usage, { ...usage, partial: ["tokens", "cost"] }],
    [
      "the second tells no cost",
      usage,
      { ...usage, costUsd: null },
      { inputTokens: 20, outputTokens: 4, costUsd: 0.5, partial: ["cost"] },
    ],
    [
      "the first tells no output",
      { ...usage, outputTokens: null },
      usage,
      { inputTokens: 20, outputTokens: 2, costUsd: 1, partial: ["tokens"] },
    ],
    [
      "neither tells its output",
      { ...usage, outputTokens: null },
      { ...usage, outputTokens: null },
      { inputTokens: 20, outputTokens: null, costUsd: 1 },
    ],
  ])("tells what it used as far as it is known, when %s", async (_name, first, second, expected) => {
    await start(async () =>
      harness.requests.length === 1 ? { output: "hm", usage: first } : { output: "APPROVED: ok", usage: second },
    );
    const result = await harness.runner.run(createTask(harness, stage, draft), createContext());
    expect("usage" in result ? result.usage : undefined).toEqual(expected);
  });

  test("notes before its second prompt that not all it uses is known", async () => {
    let noted = "";
    await start(async () => {
      if (harness.requests.length === 1) return { output: "hm", usage };
      noted = await readFile(join(harness.runFolder, "turns", "SPEC_REVIEW.1.json"), "utf8");
      return { output: "APPROVED: ok" };
    });
    await harness.runner.run(createTask(harness, stage, draft), createContext());
    expect(JSON.parse(noted)).toEqual({ session: null, usage: { ...usage, partial: ["tokens", "cost"] } });
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
    const report = "failureReport" in result ? await harness.read(result.failureReport ?? "") : "";
    expect(report).toContain(
      "## Open points\n\n- The review gave no verdict. No line of the answer says whether the work is approved or rejected.",
    );
  });
});
