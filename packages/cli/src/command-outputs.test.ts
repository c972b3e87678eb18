import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { beforeAll, expect, test } from "vitest";
import { cassette, createCli, HALF, LONG, OBJECTIVE, type TestCli, TWO_STAGE_FILES } from "../test/cli-harness.js";
import { makeOutputSchemas, SCHEMA_FOLDER } from "../test/output-schemas.js";
import { OUTPUT_NAMES } from "./output-names.js";

const ajv = new Ajv({ strict: false, allErrors: true });

test("the shipped schemas are those of the types; pnpm --filter @troupe/cli run schemas writes them", () => {
  const made = makeOutputSchemas();
  expect(readdirSync(SCHEMA_FOLDER).toSorted()).toEqual([...made.keys()].toSorted());
  for (const [name, text] of made) expect(readFileSync(join(SCHEMA_FOLDER, name), "utf8")).toBe(text);
});

test("each output has a version, an event's or a log's line a v, and readers may count on it", () => {
  for (const [name, text] of makeOutputSchemas()) {
    const { required, properties } = resolved(JSON.parse(text));
    const field = /^output-(events|logs)\./.test(name) ? "v" : "version";
    const isRequired = required?.includes(field);
    expect({ name, isRequired, of: properties?.[field] }).toMatchObject({ name, isRequired: true, of: { const: 1 } });
  }
});

interface Schema {
  readonly $ref?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

/** The schema of the output itself, which may stand among the definitions. */
function resolved({ $ref, definitions = {}, ...schema }: Schema): Schema {
  const meant = definitions[$ref?.replace("#/definitions/", "") ?? ""];
  return meant === undefined ? schema : resolved({ ...meant, definitions });
}

const validators = new Map<string, ReturnType<typeof ajv.compile>>();
beforeAll(() => {
  for (const [name, text] of makeOutputSchemas({ strict: true })) {
    validators.set(name.replace(/^output-|\.schema\.json$/g, ""), ajv.compile(JSON.parse(text)));
  }
}, 60_000);

const seen = new Set<string>();

/** What a command prints, line by line, must be what its schema says, and have no field that it does not name. */
async function check(cli: TestCli, output: string, ...args: readonly string[]): Promise<void> {
  const { stdout, stderr } = await cli.raw(...args, "--json");
  if (output !== "error") expect({ args, stderr: stdout === "" ? stderr : "" }).toEqual({ args, stderr: "" });
  const validate = validators.get(output);
  const isLines = output === "events" || output === "logs";
  const printed = output === "error" ? stderr : stdout;
  for (const text of isLines ? printed.trim().split("\n") : [printed]) {
    validate?.(JSON.parse(text));
    expect({ args, errors: validate?.errors }).toEqual({ args, errors: null });
  }
  seen.add(output);
}

const REVIEWED: Readonly<Record<string, string>> = {
  "objective.md": OBJECTIVE,
  "troupe.yaml": 'agents:\n  default: ["replay", { file: tape.jsonl }]\nchecks: [node -e 0]\nlimits: { cost: 1 }\n',
  "stages.yaml": `inputs: { WHO: { default: me } }
stages:
  SPEC: { work_agent: ba, artifacts: [spec.md] }
  SPEC_REVIEW: { work_agent: ba, review_agent: judge, is_review_stage: true }
  LEFT: { work_agent: left, artifacts: [left.md], optional: true, when: { input: WHO, equals: me } }
  RIGHT: { run: [node, -e, "console.log(1)"], writes: artifacts }
  BUILD: { work_agent: builder, checks: [[node, -e, "0"]] }
  DONE: {}
work_to_review_mapping: { SPEC: SPEC_REVIEW }
parallel_groups:
  sides: { after: SPEC_REVIEW, stages: [LEFT, RIGHT], before: BUILD }
`,
  "tape.jsonl": cassette(
    { stage: "SPEC", agent: "ba", files: [{ root: "artifacts", path: "spec.md", content: "spec" }] },
    { stage: "SPEC_REVIEW", turn: "review", agent: "judge", output: "REJECTED: no" },
    { stage: "SPEC_REVIEW", turn: "fix", round: 2, agent: "ba", usage: { inputTokens: 1, costUsd: 0.9 } },
    { stage: "SPEC_REVIEW", turn: "review", round: 2, agent: "judge", output: "VERIFIED_APPROVED: yes" },
    { stage: "LEFT", agent: "left", files: [{ root: "artifacts", path: "left.md", content: "left" }] },
    { stage: "BUILD", agent: "builder", error: { message: "broken", retry: "never" } },
  ),
};

test("every command that prints JSON prints what its schema says", async () => {
  const cli = await createCli(REVIEWED);
  await check(cli, "dry-run", "run", "objective.md", "--dry-run");
  await check(cli, "events", "run", "objective.md");
  await check(cli, "events", "watch");
  await check(cli, "plan", "resume", "--plan", "--until", "BUILD");
  await check(cli, "events", "resume", "--until", "BUILD");
  await check(cli, "show-stage", "show", cli.runId(), "SPEC_REVIEW");
  await check(cli, "show-stage", "show", cli.runId(), "BUILD");
  for (const command of [
    "list",
    "status",
    "show",
    "graph",
    "artifacts",
    "report",
    "agents",
    "doctor",
    "config",
    "logs",
    "validate",
  ])
    await check(cli, command, command);
  await check(cli, "graph", "graph", "--run");
  await check(cli, "artifact", "artifacts", cli.runId(), "spec.md");
  await check(cli, "why", "why", "BUILD");
  await check(cli, "repair", "repair", cli.runId());
  await check(cli, "clean", "clean", "--unfinished", "--dry-run");
  await cli.write("stages.yaml", "stages:\n  A: { work_agnt: a }\n");
  await check(cli, "validate", "validate");
  await check(cli, "error", "run", "objective.md", "--new");
  await check(cli, "error", "status", "no-such-run");
  await check(cli, "events", "cancel", cli.runId());
  await check(cli, "clean", "clean", "--yes");
});

test("also of damage, of a new project and of what TeamBot left", async () => {
  const damaged = await createCli(HALF);
  await damaged.run("run", "objective.md");
  const journal = `.troupe/runs/${damaged.runId()}/journal.jsonl`;
  const lines = damaged.read(journal).split("\n");
  await damaged.write(journal, lines.map((line) => line.replace('"stage.completed"', '"stage.cqmpleted"')).join("\n"));
  await check(damaged, "repair", "repair", damaged.runId());
  const empty = await createCli();
  await check(empty, "init", "init", "--yes", "--dry-run");
  await check(empty, "list", "list");
  const teambot = await createCli({
    "objective.md": OBJECTIVE,
    ".teambot/try/orchestration_state.json": JSON.stringify({
      current_stage: "SPEC",
      objective_file: "objective.md",
      status: "paused",
      stage_outputs: {},
    }),
  });
  await check(teambot, "import", "import", ".", "--dry-run", "--check", "true");
});

test("also of a result that waits and is judged", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "stages.yaml": "stages:\n  FIRST: { work_agent: worker, artifacts: [], approval: true }\n",
  });
  await cli.run("run", "objective.md");
  await check(cli, "status", "status");
  await check(cli, "judge", "approve", cli.runId(), "FIRST");
});

test("also of what an agent asks, and of the answer", async () => {
  const cli = await createCli(LONG);
  const running = cli.run("run", "objective.md");
  await cli.journaled("turn.started");
  const questions = join(cli.folder, ".troupe/runs", cli.runId(), "questions");
  const asked = { id: "FIRST.1", turn: "FIRST.1", question: "May I?", askedAt: 0, until: 1 };
  mkdirSync(questions);
  writeFileSync(join(questions, "FIRST.1.json"), JSON.stringify(asked));
  await check(cli, "status", "status");
  await check(cli, "answer", "answer", cli.runId());
  await check(cli, "answer", "answer", cli.runId(), "FIRST.1", "yes");
  cli.signal("SIGINT");
  await running;
});

test("also of hooks, looked at and tried", async () => {
  const cli = await createCli({
    "troupe.yaml": 'notify: [{ command: ["true"] }, { slack: { from: NOT_SET } }, bell]\n',
  });
  await check(cli, "notify", "notify");
  await check(cli, "notify", "notify", "--test");
  await check(cli, "notify", "notify", "--test", "command");
});

test("no output is left out", () => {
  expect([...seen].toSorted()).toEqual([...OUTPUT_NAMES].toSorted());
});

test("troupe schema prints them", async () => {
  const cli = await createCli();
  const { code, stdout } = await cli.run("schema", "output-status");
  expect([code, JSON.parse(stdout).title]).toEqual([0, "troupe: output-status"]);
});
