import * as z from "zod";
import { listOf, stageId, text, wholeNumber } from "./common-schema.js";
import { inheritable, stageSchema, type WrittenDefaults, type WrittenStage } from "./stage-schema.js";

type Given<T> = T | null | undefined;

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

const group = z.strictObject(
  {
    after: stageId.nullish().meta({
      description: "The stage just before the group in the order. May be left out.",
      examples: ["SPEC_REVIEW"],
    }),
    stages: listOf(stageId, "a list of stage ids").min(1, { error: "a list of at least one stage id" }).meta({
      description: "The members. They stand together in the order and have different work agents.",
    }),
    before: stageId.nullish().meta({
      description: "The stage just behind the group, which waits for all members. May be left out.",
      examples: ["PLAN"],
    }),
    max_concurrent: wholeNumber(1, 10_000).nullish().meta({
      description: "Most members at work at the same time. Default: as many as the run allows.",
    }),
    on_failure: z.enum(["continue", "fail_fast"], { error: '"continue" or "fail_fast"' }).nullish().meta({
      description: "When a member fails. continue: the others do all they would have done. fail_fast: they are ended.",
      default: "continue",
    }),
  },
  { error: "a map with the stages of the group" },
);

const input = z.strictObject(
  {
    description: text.nullish().meta({ description: "What the input is for." }),
    default: text.nullish().meta({ description: "Value when --input gives none. Without it a value must be given." }),
  },
  { error: "a map with description and default" },
);

/** The form of `stages.yaml`, the source of its JSON Schema too. */
export const workflowSchema: z.ZodType<WrittenWorkflow> = z.strictObject(
  {
    version: z.literal(1, { error: "1" }).nullish().meta({ description: "Version of this format.", default: 1 }),
    defaults: z
      .strictObject(inheritable, { error: "a map of stage keys" })
      .nullish()
      .meta({
        description: "Values for stages that do not give them themselves.",
        examples: [{ timeout: "1h", max_rounds: 3 }],
      }),
    inputs: z
      .record(z.string(), input.nullable(), { error: "a map of inputs" })
      .nullish()
      .meta({
        description: "Inputs of a run by name: --input NAME=VALUE. Commands find them as TROUPE_INPUT_NAME.",
        examples: [{ TICKET: { description: "Number of the ticket", default: "none" } }],
      }),
    stages: z.record(z.string(), stageSchema.nullable(), { error: "a map of stages" }).meta({
      description: "The stages of the workflow by id. An id has letters, digits, . _ - and at most 64 of them.",
    }),
    stage_order: listOf(stageId, "a list of stage ids").nullish().meta({
      description: "All stages in the order in which they run. Default: the order of stages.",
    }),
    parallel_groups: z
      .record(z.string(), group, { error: "a map of groups" })
      .nullish()
      .meta({
        description: "Groups of stages that run at the same time, by name.",
        examples: [{ checks: { after: "BUILD", stages: ["LINT", "TEST"], before: "RELEASE" } }],
      }),
    work_to_review_mapping: z
      .record(z.string(), stageId, { error: "a map of a stage to its review stage" })
      .nullish()
      .meta({
        description: "Which review stage judges the work of which stage.",
        examples: [{ SPEC: "SPEC_REVIEW" }],
      }),
  },
  { error: "a map with the stages of the workflow" },
);
