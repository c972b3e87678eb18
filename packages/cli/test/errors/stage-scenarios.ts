import { chmod, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ErrorCode } from "@troupe/core";
import { cassette, HALF, LONG, OBJECTIVE, pluginModule, TWO_STAGE_FILES } from "../cli-harness.js";
import { dieInTurn } from "./hand-written.js";
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

/** The program of an agent whose login has run out. */
const LOGGED_OUT = `#!/bin/sh
if [ "$1" = --version ]; then echo "2.1.330 (Claude Code)"; exit 0; fi
echo "Not logged in. Please run /login" >&2
exit 1
`;

const BROKEN_EXECUTOR =
  '() => ({ execute: async () => { throw new TypeError("a mistake of the plugin"); }, close: async () => {} })';

/** A condition leaves the acceptance stage out that the last stage demands. */
const UNTESTED = `inputs: { TESTED: { default: "no" } }
stages:
  T:
    work_agent: worker
    is_acceptance_test_stage: true
    checks: [["true"]]
    artifacts: []
    optional: true
    when: { input: TESTED, equals: "yes" }
  END: { work_agent: worker, artifacts: [], requires_acceptance_tests_passed: true }
`;

/** Errors that end a stage, and with it the run. */
export const STAGE_SCENARIOS: Partial<Readonly<Record<ErrorCode, ErrorCase>>> = {
  ACCEPTANCE_NOT_PASSED: {
    files: {
      ...played("  END: { work_agent: worker, artifacts: [], requires_acceptance_tests_passed: true }\n"),
      "stages.yaml": UNTESTED,
    },
    args: RUN,
    endsStage: true,
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
    files: LONG,
    before: async (cli) => {
      await dieInTurn(cli, 1, "run", "objective.md");
      await dieInTurn(cli, 2, "resume");
      await dieInTurn(cli, 3, "resume");
    },
    args: (cli) => ["resume", cli.runId()],
    endsStage: true,
  },
  TURN_FAILED: {
    files: {
      ...TWO_STAGE_FILES,
      "broken.mjs": pluginModule("executor", BROKEN_EXECUTOR),
      "troupe.yaml": `${TWO_STAGE_FILES["troupe.yaml"]}executor: ./broken.mjs\n`,
    },
    args: RUN,
    endsStage: true,
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
  AGENT_NOT_LOGGED_IN: {
    files: commanded("claude"),
    before: async (cli) => {
      await cli.write("bin/claude", LOGGED_OUT);
      await chmod(join(cli.folder, "bin/claude"), 0o755);
    },
    args: RUN,
    host: (cli) => ({ environment: { PATH: `${join(cli.folder, "bin")}:${process.env.PATH}`, HOME: cli.folder } }),
    endsStage: true,
  },
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
