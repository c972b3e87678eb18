import * as z from "zod";
import { flag, listOf, text } from "./common-schema.js";

type Given<T> = T | null | undefined;

/** One attempt of TeamBot's acceptance tests. */
export interface TeamBotAcceptance {
  readonly passed?: Given<number>;
  readonly failed?: Given<number>;
  readonly total?: Given<number>;
  readonly all_passed?: Given<boolean>;
}

interface WrittenGroupStatus {
  readonly stages?: Given<
    Readonly<
      Record<string, { readonly status: "completed" | "failed" | "in_progress"; readonly error?: Given<string> }>
    >
  >;
}

/** An `orchestration_state.json` of any age: the first version has the keys up to `stage_outputs` only. */
export interface WrittenTeamBotState {
  readonly objective_file: string;
  readonly current_stage: string;
  readonly status: string;
  readonly elapsed_seconds?: Given<number>;
  readonly max_seconds?: Given<number>;
  readonly stage_outputs?: Given<Readonly<Record<string, string | null>>>;
  readonly stages_config_source?: Given<string>;
  readonly feature_name?: Given<string>;
  readonly acceptance_tests_passed?: Given<boolean>;
  readonly acceptance_test_iterations?: Given<number>;
  readonly acceptance_test_history?: Given<readonly TeamBotAcceptance[]>;
  readonly acceptance_test_summary?: Given<string>;
  readonly parallel_group_status?: Given<Readonly<Record<string, WrittenGroupStatus | null>>>;
}

/** A `teambot.json`. */
export interface WrittenTeamBotSettings {
  readonly teambot_dir?: Given<string>;
  readonly stages_config?: Given<string>;
  readonly default_model?: Given<string>;
  readonly agents?: Given<
    readonly { readonly id: string; readonly persona?: Given<string>; readonly model?: Given<string> }[]
  >;
}

const number = z.number({ error: "a number" });
const memberStatus = z.enum(["completed", "failed", "in_progress"], {
  error: '"completed", "failed" or "in_progress"',
});

const acceptance = z.looseObject(
  { passed: number.nullish(), failed: number.nullish(), total: number.nullish(), all_passed: flag.nullish() },
  { error: "a map with the counts of one attempt" },
);

const group = z.looseObject(
  {
    stages: z
      .record(
        z.string(),
        z.looseObject({ status: memberStatus, error: text.nullish() }, { error: "a map with a status" }),
        {
          error: "a map of stages",
        },
      )
      .nullish(),
  },
  { error: "a map with the stages of the group" },
);

/** Keys that it does not know are let be: a state of any age is read. */
export const teamBotStateSchema: z.ZodType<WrittenTeamBotState> = z.looseObject(
  {
    objective_file: text,
    current_stage: text,
    status: text,
    elapsed_seconds: number.nullish(),
    max_seconds: number.nullish(),
    stage_outputs: z.record(z.string(), text.nullable(), { error: "a map of a stage to its output" }).nullish(),
    stages_config_source: text.nullish(),
    feature_name: text.nullish(),
    acceptance_tests_passed: flag.nullish(),
    acceptance_test_iterations: number.nullish(),
    acceptance_test_history: listOf(acceptance, "a list of attempts").nullish(),
    acceptance_test_summary: text.nullish(),
    parallel_group_status: z.record(z.string(), group.nullable(), { error: "a map of groups" }).nullish(),
  },
  { error: "the state of a TeamBot run: a map" },
);

export const teamBotSettingsSchema: z.ZodType<WrittenTeamBotSettings> = z.looseObject(
  {
    teambot_dir: text.nullish(),
    stages_config: text.nullish(),
    default_model: text.nullish(),
    agents: listOf(
      z.looseObject({ id: text, persona: text.nullish(), model: text.nullish() }, { error: "a map with an id" }),
      "a list of agents",
    ).nullish(),
  },
  { error: "a map" },
);
