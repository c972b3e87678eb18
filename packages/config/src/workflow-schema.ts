import { z } from "zod";
import { command, duration, flag, id, listOf, text, wholeNumber } from "./common-schema.js";

type Given<T> = T | null | undefined;

/** Keys that a stage may take from `defaults`. */
export interface WrittenDefaults {
  readonly work_agent?: Given<string>;
  readonly review_agent?: Given<string>;
  readonly max_rounds?: Given<number>;
  readonly checks?: Given<readonly (string | readonly string[])[]>;
  readonly exit_criteria?: Given<readonly string[]>;
  readonly allowed_personas?: Given<readonly string[]>;
  readonly optional?: Given<boolean>;
  readonly include_objective?: Given<boolean>;
  readonly prompt_template?: Given<string>;
  readonly writes?: Given<"artifacts" | "tree">;
  readonly timeout?: Given<string>;
  readonly approval?: unknown;
  readonly idle_timeout?: unknown;
  readonly retry?: unknown;
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
  readonly needs?: unknown;
  readonly when?: unknown;
  readonly scenarios?: unknown;
}

export interface WrittenGroup {
  readonly after?: Given<string>;
  readonly stages: readonly string[];
  readonly before?: Given<string>;
  readonly max_concurrent?: Given<number>;
  readonly on_failure?: Given<"continue" | "fail_fast">;
}

interface WrittenInput {
  readonly description?: Given<string>;
  readonly default?: Given<string>;
}

/** A `stages.yaml` whose values have the right form; what they refer to is not checked yet. */
export interface WrittenWorkflow {
  readonly version?: Given<1>;
  readonly defaults?: Given<WrittenDefaults>;
  readonly inputs?: Given<Readonly<Record<string, WrittenInput | null>>>;
  readonly stages: Readonly<Record<string, WrittenStage | null>>;
  readonly stage_order?: Given<readonly string[]>;
  readonly parallel_groups?: Given<Readonly<Record<string, WrittenGroup>>>;
  readonly work_to_review_mapping?: Given<Readonly<Record<string, string>>>;
}

const texts = listOf(text, "a list of texts").nullish();
// an id that refers to something is not held against the pattern: it is looked up, and the nearest one is named
const stageId = z.string({ error: "a stage id" });

/** Keys of the format that this version does not perform yet: `unsupportedKeys` reports them. */
const later = z.unknown().optional();

const inheritable = {
  work_agent: id.nullish(),
  review_agent: id.nullish(),
  max_rounds: wholeNumber(1, 1_000).nullish(),
  checks: listOf(command, "a list of commands").nullish(),
  exit_criteria: texts,
  allowed_personas: texts,
  optional: flag.nullish(),
  include_objective: flag.nullish(),
  prompt_template: text.nullish(),
  writes: z.enum(["artifacts", "tree"], { error: '"artifacts" or "tree"' }).nullish(),
  timeout: duration.nullish(),
  approval: later,
  idle_timeout: later,
  retry: later,
};

const stage = z.strictObject(
  {
    name: text.nullish(),
    description: text.nullish(),
    ...inheritable,
    run: command.nullish(),
    is_review_stage: flag.nullish(),
    is_acceptance_test_stage: flag.nullish(),
    requires_acceptance_tests_passed: flag.nullish(),
    artifacts: listOf(text, "a list of file names").nullish(),
    parallel_agents: listOf(id, "a list of agent ids").min(1, { error: "a list of at least one agent id" }).nullish(),
    needs: later,
    when: later,
    scenarios: later,
  },
  { error: "a map of stage keys" },
);

const group = z.strictObject(
  {
    after: stageId.nullish(),
    stages: listOf(stageId, "a list of stage ids").min(1, { error: "a list of at least one stage id" }),
    before: stageId.nullish(),
    max_concurrent: wholeNumber(1, 10_000).nullish(),
    on_failure: z.enum(["continue", "fail_fast"], { error: '"continue" or "fail_fast"' }).nullish(),
  },
  { error: "a map with the stages of the group" },
);

const input = z.strictObject(
  { description: text.nullish(), default: text.nullish() },
  { error: "a map with description and default" },
);

/** The form of `stages.yaml`, the source of its JSON Schema too. */
export const workflowSchema: z.ZodType<WrittenWorkflow> = z.strictObject(
  {
    version: z.literal(1, { error: "1" }).nullish(),
    defaults: z.strictObject(inheritable, { error: "a map of stage keys" }).nullish(),
    inputs: z.record(z.string(), input.nullable(), { error: "a map of inputs" }).nullish(),
    stages: z.record(z.string(), stage.nullable(), { error: "a map of stages" }),
    stage_order: listOf(stageId, "a list of stage ids").nullish(),
    parallel_groups: z.record(z.string(), group, { error: "a map of groups" }).nullish(),
    work_to_review_mapping: z.record(z.string(), stageId, { error: "a map of a stage to its review stage" }).nullish(),
  },
  { error: "a map with the stages of the workflow" },
);
