import type { ErrorCode } from "@troupe/core";
import { cassette, HALF, LONG, OBJECTIVE, pluginModule, type TestCli, TWO_STAGE_FILES } from "../cli-harness.js";
import { OUTPUTS, teamBotFiles } from "../teambot-project.js";
import { claimByHand } from "./hand-written.js";
import type { ErrorCase } from "./scenario.js";

const RUN = (): readonly string[] => ["run", "objective.md"];
const performed = async (cli: TestCli): Promise<void> => void (await cli.run("run", "objective.md"));

/** A run that goes on beside the command that is looked at. */
const background = new WeakMap<TestCli, Promise<unknown>>();
const goesOn = {
  before: async (cli: TestCli): Promise<void> => {
    background.set(cli, cli.run("run", "objective.md"));
    await cli.journaled("turn.started");
  },
  after: async (cli: TestCli): Promise<void> => {
    cli.signal("SIGINT");
    await background.get(cli);
  },
};

const WAITING = "stages:\n  FIRST: { run: [node, wait.mjs] }\n";
/** A command that ends when there is a file `go`; it leaves a file `started`. */
const WAIT = `import { existsSync, writeFileSync } from "node:fs";
writeFileSync("started", "");
const look = () => existsSync("go") || setTimeout(look, 10);
look();
`;

const ACCEPTANCE = "stages:\n  A: { work_agent: worker, is_acceptance_test_stage: true }\n";

/** Errors of what was typed, of files, and of who else is at work. */
export const TYPED_SCENARIOS: Partial<Readonly<Record<ErrorCode, ErrorCase>>> = {
  ARTIFACT_UNKNOWN: { files: TWO_STAGE_FILES, before: performed, args: (cli) => ["artifacts", cli.runId(), "no.md"] },
  NOT_WAITING: { files: HALF, before: performed, args: (cli) => ["approve", cli.runId(), "FIRST"] },
  RUN_FINISHED: { files: TWO_STAGE_FILES, before: performed, args: (cli) => ["resume", cli.runId()] },
  RUN_NOT_FOUND: { files: TWO_STAGE_FILES, args: () => ["status", "nope-1"] },
  STAGE_UNKNOWN: { files: HALF, before: performed, args: (cli) => ["show", cli.runId(), "FRIST"] },
  USAGE: { files: TWO_STAGE_FILES, args: () => ["run"] },
  CONFIRMATION_NEEDED: { files: TWO_STAGE_FILES, before: performed, args: () => ["clean"] },
  ACCEPTANCE_NO_CHECKS: { files: { ...TWO_STAGE_FILES, "stages.yaml": ACCEPTANCE }, args: RUN },
  CASSETTE_INVALID: { files: { ...TWO_STAGE_FILES, "tape.jsonl": "no json\n" }, args: RUN },
  CONFIG_INVALID: { files: { ...TWO_STAGE_FILES, "stages.yaml": "stages:\n  A: { work_agnt: a }\n" }, args: RUN },
  FILE_NOT_FOUND: { files: TWO_STAGE_FILES, args: () => ["run", "none.md"] },
  INPUT_INVALID: { files: TWO_STAGE_FILES, args: () => ["run", "objective.md", "--input", "WHO=me"] },
  SECRET_INLINE: {
    files: { ...TWO_STAGE_FILES, "troupe.yaml": `${TWO_STAGE_FILES["troupe.yaml"]}secrets: [API_KEY]\n` },
    args: () => ["run", "-m", "Use the key abcdefgh-12345678 for it"],
    host: () => ({ environment: { PATH: process.env.PATH, API_KEY: "abcdefgh-12345678" } }),
  },
  STAGE_CHANGED: {
    files: HALF,
    before: async (cli) => {
      await performed(cli);
      await cli.write("stages.yaml", cli.read("stages.yaml").replace("FIRST: {", "FIRST: { description: other,"));
    },
    args: (cli) => ["resume", cli.runId()],
  },
  WORKFLOW_INVALID: {
    files: { ...TWO_STAGE_FILES, "stages.yaml": "stages:\n  A: { work_agent: a, needs: [B] }\n  B: { needs: [A] }\n" },
    args: RUN,
  },
  CLAIM_LOST: {
    files: { ...TWO_STAGE_FILES, "stages.yaml": WAITING, "wait.mjs": WAIT },
    before: async (cli) => {
      const takeOver = async (): Promise<void> => {
        await cli.appears("started");
        await claimByHand(cli);
        await cli.write("go", "");
      };
      background.set(cli, takeOver());
    },
    args: RUN,
    after: async (cli) => void (await background.get(cli)),
  },
  RUN_EXISTS: {
    files: teamBotFiles({
      current_stage: "COMPLETE",
      status: "complete",
      stage_outputs: OUTPUTS,
      acceptance_tests_passed: true,
      acceptance_test_history: [{ iteration: 1, passed: 4, failed: 0, total: 4, all_passed: true }],
    }),
    before: async (cli) => void (await cli.run("import", ".")),
    args: () => ["import", "."],
  },
  JOURNAL_CONFLICT: {
    files: { ...HALF, "stages.yaml": `${HALF["stages.yaml"]}  THIRD: { work_agent: worker, artifacts: [] }\n` },
    before: async (cli) => {
      await performed(cli);
      await cli.run("cancel", cli.runId());
    },
    args: (cli) => ["resume", cli.runId()],
    // while the person thinks, somebody else goes on with the run
    host: (cli) => ({
      ask: async () => {
        await cli.write("tape.jsonl", cassette({ stage: "FIRST" }, { stage: "SECOND" }));
        await cli.run("resume", cli.runId(), "--yes");
        return "y";
      },
    }),
  },
  RUN_LOCKED: { files: LONG, ...goesOn, args: (cli) => ["resume", cli.runId()] },
  RUN_UNFINISHED: { files: HALF, before: performed, args: RUN },
  TREE_BUSY: { files: LONG, ...goesOn, args: () => ["run", "-m", "Something else"] },
  LIMIT_REACHED: {
    files: {
      ...HALF,
      "dear.mjs": pluginModule(
        "agent",
        '() => ({ async run() { return { output: "x", session: null, usage: { inputTokens: 9, outputTokens: 9, costUsd: 9 } }; } })',
      ),
      "troupe.yaml": "agents: { default: ./dear.mjs }\nlimits: { cost: 1 }\n",
      "objective.md": OBJECTIVE,
    },
    before: performed,
    args: (cli) => ["resume", cli.runId()],
  },
};
