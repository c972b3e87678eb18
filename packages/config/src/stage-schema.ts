import { DEFAULT_MAX_ROUNDS, DEFAULT_RETRY } from "@troupe/core";
import * as z from "zod";
import { check, type WrittenCheck } from "./check-schema.js";
import { command, duration, flag, id, listOf, stageId, text, wholeNumber } from "./common-schema.js";
import { condition, type WrittenCondition } from "./condition-schema.js";

type Given<T> = T | null | undefined;

export interface WrittenRetry {
  readonly attempts?: Given<number>;
  readonly delay?: Given<string>;
  readonly backoff?: Given<number>;
  readonly max_delay?: Given<string>;
}

/** Keys that a stage may take from `defaults`. */
export interface WrittenDefaults {
  readonly work_agent?: Given<string>;
  readonly review_agent?: Given<string>;
  readonly max_rounds?: Given<number>;
  readonly checks?: Given<readonly WrittenCheck[]>;
  readonly exit_criteria?: Given<readonly string[]>;
  readonly allowed_personas?: Given<readonly string[]>;
  readonly optional?: Given<boolean>;
  readonly include_objective?: Given<boolean>;
  readonly prompt_template?: Given<string>;
  readonly writes?: Given<"artifacts" | "tree">;
  readonly timeout?: Given<string>;
  readonly idle_timeout?: Given<string>;
  readonly retry?: Given<WrittenRetry>;
  readonly approval?: Given<boolean>;
}

/** A stage as a file writes it; null is as good as not given, but for agents: no agent, whatever `defaults` says. */
export interface WrittenStage extends WrittenDefaults {
  readonly name?: Given<string>;
  readonly description?: Given<string>;
  readonly run?: Given<string | readonly string[]>;
  readonly is_review_stage?: Given<boolean>;
  readonly is_acceptance_test_stage?: Given<boolean>;
  readonly requires_acceptance_tests_passed?: Given<boolean>;
  readonly artifacts?: Given<readonly string[]>;
  readonly parallel_agents?: Given<readonly string[]>;
  readonly needs?: Given<readonly string[]>;
  readonly when?: Given<WrittenCondition>;
  readonly scenarios?: Given<"linked" | "shown">;
}

const texts = listOf(text, "a list of texts").nullish();
const BACKOFF = "a factor from 1 to 100";

const retry = z
  .strictObject(
    {
      attempts: wholeNumber(1, 100).nullish().meta({
        description: "Attempts in all, the first one included; 1 = no second attempt.",
        default: DEFAULT_RETRY.attempts,
      }),
      delay: duration.nullish().meta({ description: "Wait before the second attempt.", default: "30s" }),
      backoff: z
        .number({ error: BACKOFF })
        .min(1, { error: BACKOFF })
        .max(100, { error: BACKOFF })
        .nullish()
        .meta({ description: "Each further wait is this many times the one before.", default: DEFAULT_RETRY.backoff }),
      max_delay: duration.nullish().meta({ description: "No wait is longer than this.", default: "10m" }),
    },
    { error: "a map with attempts, delay, backoff and max_delay" },
  )
  .nullish()
  .meta({
    description:
      "How often a turn is tried again when its agent fails for a reason that may pass: network, overload, a process that dies. A command's exit code, a missing artifact and a verdict are never tried again.",
    examples: [{ attempts: 3, delay: "10s", backoff: 2, max_delay: "5m" }],
  });

/** Keys of a stage that `defaults` may have too. */
export const inheritable: { readonly [Key in keyof Required<WrittenDefaults>]: z.ZodType<WrittenDefaults[Key]> } = {
  work_agent: id.nullish().meta({
    description: "Id of the agent that does the work, and that mends what a review or a check rejects.",
    examples: ["pm", "ba", "builder-1"],
  }),
  review_agent: id.nullish().meta({
    description: "Id of the agent that judges. A review stage needs it.",
    examples: ["reviewer"],
  }),
  max_rounds: wholeNumber(1, 1_000).nullish().meta({
    description: "Most reviews, or runs of the checks, before the stage fails.",
    default: DEFAULT_MAX_ROUNDS,
  }),
  checks: listOf(check, "a list of commands")
    .nullish()
    .meta({
      description:
        "Commands that must exit 0 before the stage completes. What they print goes back to the agent, which mends it. A map also names the test report that the command leaves.",
      examples: [
        ["npm test"],
        [["node", "--test"]],
        [{ run: "npm test", report: "reports/junit.xml" }],
        [{ run: "node --test --test-reporter=tap", format: "tap" }],
      ],
    }),
  exit_criteria: texts.meta({ description: "What must be true at the end, in words; part of the prompt." }),
  allowed_personas: texts.meta({
    description: "Personas that may do the stage: of a review stage the reviewer's, of any other the worker's.",
    examples: [["builder"], ["business_analyst", "technical_writer"]],
  }),
  optional: flag.nullish().meta({
    description: "true: --skip or a condition (when) may skip the stage.",
    default: false,
  }),
  include_objective: flag.nullish().meta({
    description: "false: the objective is left out of the prompts of this stage.",
    default: true,
  }),
  prompt_template: text.nullish().meta({
    description: "File with text that begins every prompt of the stage; a path from the project folder.",
    examples: ["prompts/review.md"],
  }),
  writes: z.enum(["artifacts", "tree"], { error: '"artifacts" or "tree"' }).nullish().meta({
    description:
      "artifacts: the stage leaves artifacts only. tree: it may change the working tree. Default: artifacts for commands and for stages that declare artifacts, else tree.",
  }),
  timeout: duration.nullish().meta({
    description: "Longest time of one turn; then it is ended and the stage fails.",
    examples: ["90s", "15m", "1h30m"],
  }),
  approval: flag.nullish().meta({
    description:
      "true: a person approves or rejects the result before anything depends on it, at the terminal of the run or with troupe approve and troupe reject from another. A rejection goes back to the agent.",
    default: false,
  }),
  idle_timeout: duration.nullish().meta({
    description: "Longest silence of one turn: no output and no tool running.",
    examples: ["5m"],
  }),
  retry,
};

/** One entry of `stages`. */
export const stageSchema: z.ZodType<WrittenStage> = z.strictObject(
  {
    name: text.nullish().meta({ description: "Name for people; default: the id." }),
    description: text.nullish().meta({ description: "What the stage is to do; part of the prompt." }),
    ...inheritable,
    run: command.nullish().meta({
      description:
        "A command instead of an agent: a list of arguments, or one text for the shell. Inputs and facts of the run reach it as environment: TROUPE_INPUT_*, TROUPE_RUN_ID, TROUPE_STAGE, TROUPE_TURN, TROUPE_ARTIFACTS.",
      examples: [["npm", "test"], "make | tee build.log"],
    }),
    is_review_stage: flag.nullish().meta({
      description: "true: review_agent judges, work_agent mends what was rejected, until it is approved.",
      default: false,
    }),
    is_acceptance_test_stage: flag.nullish().meta({
      description: "true: work_agent writes the acceptance tests, the checks decide whether they pass.",
      default: false,
    }),
    requires_acceptance_tests_passed: flag.nullish().meta({
      description: "true: the stage fails unless every acceptance test stage before it has passed.",
      default: false,
    }),
    artifacts: listOf(text, "a list of file names")
      .nullish()
      .meta({
        description: "Files below the artifacts folder that must exist and not be empty when the stage completes.",
        examples: [["feature_spec.md"]],
      }),
    parallel_agents: listOf(id, "a list of agent ids")
      .min(1, { error: "a list of at least one agent id" })
      .nullish()
      .meta({
        description:
          "Agents that do the work instead of work_agent, each in a turn of its own, at the same time where limits allow; all must succeed. work_agent mends what a check or a review finds. Where they may write the working tree they take their turns one after another, unless the stage says writes: tree.",
        examples: [["builder-1", "builder-2"]],
      }),
    needs: listOf(stageId, "a list of stages and groups")
      .nullish()
      .meta({
        description:
          "Stages and groups that must be done before this stage starts, instead of the one just before it in the order. []: it starts at once.",
        examples: [["SPEC"], ["checks", "PLAN"]],
      }),
    when: condition.nullish().meta({
      description: "The stage runs only if this holds, else it is skipped; it must be optional.",
      examples: [
        { input: "MODE", equals: "full" },
        { stage: "SPEC", is: "completed" },
      ],
    }),
    scenarios: z.enum(["linked", "shown"], { error: '"linked" or "shown"' }).nullish().meta({
      description:
        "linked: every acceptance test scenario of the specification (### AT-001: ... below Acceptance Test Scenarios) must have a passing test with its id in its name. shown (default): those without one are shown as not linked, and only failed ones count against the stage. Only in acceptance test stages.",
    }),
  },
  { error: "a map of stage keys" },
);
