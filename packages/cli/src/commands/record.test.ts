import { expect, test } from "vitest";
import { createCli, OBJECTIVE, pluginModule, type TestCli } from "../../test/cli-harness.js";

/** Changes the tree, leaves artifacts, judges by tool, rejects once. */
const BUSY_AGENT = pluginModule(
  "agent",
  `(options, { projectFolder }) => ({
    async run({ stage, kind, round, cwd, artifactsFolder }) {
      const fs = process.getBuiltinModule("node:fs");
      const usage = { inputTokens: 10, outputTokens: 5, costUsd: 0.25 };
      const answer = (output, more = {}) => ({ output, session: null, usage, ...more });
      if (kind === "review") {
        const decision = round === 1 ? "rejected" : "approved";
        return answer("I have looked.", { verdict: { decision, reasons: ["round " + round, "as seen"], source: "tool" } });
      }
      if (stage === "SPEC") fs.writeFileSync(artifactsFolder + "/spec.md", "spec");
      if (kind === "fix") fs.writeFileSync(artifactsFolder + "/spec.md", "better spec");
      if (stage === "BUILD") {
        fs.mkdirSync(cwd + "/src", { recursive: true });
        fs.writeFileSync(cwd + "/src/made.txt", "made");
        fs.writeFileSync(cwd + "/logo.bin", Buffer.from([0, 255, 254, 1]));
        fs.rmSync(cwd + "/old.txt");
      }
      return answer("done with " + stage);
    },
  })`,
);

const PROJECT: Readonly<Record<string, string>> = {
  "objective.md": OBJECTIVE,
  "old.txt": "old",
  "busy.mjs": BUSY_AGENT,
  "troupe.yaml": "agents:\n  default: ./busy.mjs\n",
  "stages.yaml": `stages:
  SPEC: { work_agent: ba, artifacts: [spec.md] }
  SPEC_REVIEW: { work_agent: ba, review_agent: judge, is_review_stage: true }
  BUILD: { work_agent: builder, checks: [[node, -e, "require('node:fs').statSync('src/made.txt')"]] }
work_to_review_mapping: { SPEC: SPEC_REVIEW }
`,
};

/** Everything that a run tells of its stages but times and ids. */
async function outcomeOf(cli: TestCli): Promise<unknown> {
  const { report, turns } = JSON.parse((await cli.run("show", "--json")).stdout);
  return {
    stages: report.stages.map(({ id, status, verdict, round }: Record<string, unknown>) => [
      id,
      status,
      verdict,
      round,
    ]),
    turns: turns.map(({ turn, status }: Record<string, unknown>) => [turn, status]),
    usage: report.usage,
  };
}

test("what is recorded plays back as the same run, files of the tree and verdicts by tool included", async () => {
  const cli = await createCli(PROJECT);
  const { code, stderr } = await cli.run("run", "objective.md", "--record", "tape.jsonl");
  expect(code).toBe(0);
  expect(stderr.slice(stderr.indexOf("Recorded"))).toBe(
    "Recorded 5 turns in PROJECT/tape.jsonl\nPlay them again: add --agent all=replay:tape.jsonl --new\n",
  );
  const other = await createCli({
    ...PROJECT,
    "busy.mjs": "throw new Error('not asked for')",
    "tape.jsonl": cli.read("tape.jsonl"),
  });
  expect((await other.run("run", "objective.md", "--agent", "all=replay:tape.jsonl")).code).toBe(0);
  expect(await outcomeOf(other)).toEqual(await outcomeOf(cli));
  expect([other.read("src/made.txt"), other.has("old.txt"), other.read("logo.bin")]).toEqual([
    "made",
    false,
    cli.read("logo.bin"),
  ]);
  const lines = cli
    .read("tape.jsonl")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.find(({ stage }) => stage === "BUILD")).toEqual({
    stage: "BUILD",
    round: 1,
    turn: "work",
    agent: "builder",
    output: "done with BUILD",
    files: [
      { path: "logo.bin", root: "workspace", content: "AP/+AQ==", encoding: "base64" },
      { path: "old.txt", root: "workspace", content: null },
      { path: "src/made.txt", root: "workspace", content: "made" },
    ],
    usage: { inputTokens: 10, outputTokens: 5, costUsd: 0.25 },
  });
});

test("an approval behind a fence that is never closed, and usage that not all prompts told, are recorded as they count", async () => {
  const agent = pluginModule(
    "agent",
    `() => {
      let asked = 0;
      return {
        async run({ kind, artifactsFolder }) {
          process.getBuiltinModule("node:fs").writeFileSync(artifactsFolder + "/spec.md", "spec");
          const usage = { inputTokens: 10, outputTokens: 5, costUsd: 0.25 };
          if (kind !== "review") return { output: "done", session: null, usage };
          asked += 1;
          return asked === 1
            ? { output: "The log:\\n\`\`\`\\nx", session: null, usage }
            : { output: "APPROVED: ok", session: null, usage: null };
        },
      };
    }`,
  );
  const stages = `stages:
  SPEC: { work_agent: ba, artifacts: [spec.md] }
  SPEC_REVIEW: { work_agent: ba, review_agent: judge, is_review_stage: true }
work_to_review_mapping: { SPEC: SPEC_REVIEW }
`;
  const project = { ...PROJECT, "busy.mjs": agent, "stages.yaml": stages };
  const cli = await createCli(project);
  expect((await cli.run("run", "objective.md", "--record", "tape.jsonl")).code).toBe(0);
  expect((await cli.run("status")).stdout).toContain("usage      at least 30 tokens, at least $0.50");
  expect((await cli.run("show")).stdout).toContain("at least 15 tokens, at least $0.25");
  const review = cli
    .read("tape.jsonl")
    .split("\n")
    .find((line) => line.includes("SPEC_REVIEW"));
  expect(JSON.parse(review ?? "")).toMatchObject({
    output: "> The log:\n> ```\n> x\n> \n> APPROVED: ok\n\nVERIFIED_APPROVED: ok\n",
    usage: { inputTokens: null, outputTokens: null, costUsd: null },
  });
  const other = await createCli({ ...project, "tape.jsonl": cli.read("tape.jsonl") });
  expect((await other.run("run", "objective.md", "--agent", "all=replay:tape.jsonl")).code).toBe(0);
});

test("a cassette that is there already is not recorded over by mistake", async () => {
  const cli = await createCli({ ...PROJECT, "tape.jsonl": "precious" });
  expect(await cli.shown("run", "objective.md", "--record", "tape.jsonl")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: PROJECT/tape.jsonl is there already [CONFIRMATION_NEEDED]
    hint: Record over it: add --yes
    "
  `);
  expect([cli.read("tape.jsonl"), cli.runs()]).toEqual(["precious", []]);
  expect((await cli.run("run", "objective.md", "--record", "nowhere/tape.jsonl")).stderr).toContain(
    "[FILE_NOT_WRITTEN]",
  );
  expect((await cli.run("run", "objective.md", "--record", "tape.jsonl", "--yes")).code).toBe(0);
});
