import { symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ErrorCode } from "@troupe/core";
import { cassette, HALF, OBJECTIVE } from "../cli-harness.js";
import type { ErrorCase } from "./scenario.js";

const RUN = (): readonly string[] => ["run", "objective.md"];

/** A workflow of one or more lines, played by a cassette. */
function played(
  stages: string,
  ...lines: readonly Readonly<Record<string, unknown>>[]
): Readonly<Record<string, string>> {
  return {
    "objective.md": OBJECTIVE,
    "stages.yaml": `stages:\n${stages}`,
    "tape.jsonl": cassette(...lines),
    "troupe.yaml": 'agents:\n  default: ["replay", { file: tape.jsonl }]\n',
  };
}

/** One stage of an agent that is a program. */
function commanded(agent: string, more = ""): Readonly<Record<string, string>> {
  return {
    "objective.md": OBJECTIVE,
    "stages.yaml": `stages:\n  A: { work_agent: a, artifacts: [], retry: { attempts: 1 }${more} }\n`,
    "troupe.yaml": `agents:\n  default: ${agent}\n`,
  };
}

const FAILS = `[${JSON.stringify(process.execPath)}, -e, "process.exit(3)"]`;

/** Errors that end a stage, and with it the run. */
export const STAGE_SCENARIOS: Partial<Readonly<Record<ErrorCode, ErrorCase>>> = {
  ACCEPTANCE_NOT_PASSED: {
    why: "files are refused before a run where an acceptance stage is skipped; only a condition can leave it out",
    file: "packages/core/src/state/conditions.test.ts",
    text: "ACCEPTANCE_NOT_PASSED",
  },
  ARTIFACT_MISSING: {
    files: played("  A: { work_agent: worker, artifacts: [a.md] }\n", { stage: "A" }),
    args: RUN,
    endsStage: true,
  },
  CHECKS_FAILED: {
    files: played(`  A: { work_agent: worker, checks: [${FAILS}], max_rounds: 1 }\n`, { stage: "A" }),
    args: RUN,
    endsStage: true,
  },
  COMMAND_FAILED: { files: played(`  A: { run: ${FAILS} }\n`), args: RUN, endsStage: true },
  REVIEW_REJECTED: {
    files: played(
      "  A: { work_agent: worker, review_agent: judge, is_review_stage: true, max_rounds: 1 }\n",
      { stage: "A" },
      { stage: "A", agent: "judge", turn: "review", output: "REJECTED: no" },
    ),
    args: RUN,
    endsStage: true,
  },
  TURN_CRASHED: {
    why: "it takes three runners that die in a row",
    file: "packages/core/src/state/retries.test.ts",
    text: "TURN_CRASHED",
  },
  TURN_FAILED: {
    why: "a runner that throws is a mistake of a plugin",
    file: "packages/executor-parallel/src/parallel-stage-executor.test.ts",
    text: "TURN_FAILED",
  },
  TURN_TIMEOUT: {
    files: played('  A: { run: [sleep, "30"], timeout: 1s }\n'),
    args: RUN,
    endsStage: true,
  },
  AGENTS_FAILED: {
    files: played("  A: { parallel_agents: [one, two], artifacts: [] }\n"),
    args: RUN,
    endsStage: true,
  },
  AGENT_CASSETTE_MISS: { files: HALF, args: RUN, endsStage: true },
  AGENT_FAILED: { files: commanded('["command", { command: ["false"] }]'), args: RUN, endsStage: true },
  AGENT_NO_OUTPUT: { files: commanded('["command", { command: ["true"] }]'), args: RUN, endsStage: true },
  PROCESS_NOT_STARTED: { files: played("  A: { run: [troupe-no-such-program] }\n"), args: RUN, endsStage: true },
  PATH_OUTSIDE: {
    files: played("  A: { work_agent: worker, artifacts: [], retry: { attempts: 1 } }\n", {
      stage: "A",
      files: [{ path: "out/escaped.txt", content: "" }],
    }),
    before: async (cli) => await symlink(tmpdir(), join(cli.folder, "out")),
    args: RUN,
    endsStage: true,
  },
};
