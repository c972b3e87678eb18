import { ID_PATTERN } from "@troupe/core";
import * as z from "zod";
import { DURATION_PATTERN, parseDuration } from "./duration.js";

/** `error` names what is expected, as a noun: messages are made of it (see `checkSchema`). */
export const text: z.ZodString = z.string({ error: "a text" });
export const flag: z.ZodBoolean = z.boolean({ error: "true or false" });

const ID = "an id (letters, digits, . _ - and at most 64 of them)";
export const id: z.ZodString = z.string({ error: ID }).regex(ID_PATTERN, { error: ID });

/** An id that refers to something is not held against the pattern: it is looked up, and the nearest one is named. */
export const stageId: z.ZodString = z.string({ error: "a stage id" });

export function listOf<S extends z.ZodType>(item: S, expected: string): z.ZodArray<S> {
  return z.array(item, { error: expected });
}

const COMMAND = "a command: a list of arguments, or one text for the shell";
const program: z.ZodString = z.string({ error: "a text" }).regex(/\S/, { error: "the name of a program" });
export const command: z.ZodType<string | string[]> = z.union(
  [z.string({ error: COMMAND }).regex(/\S/, { error: COMMAND }), z.tuple([program], text, { error: COMMAND })],
  { error: COMMAND },
);

const DURATION = 'a duration like "90s", "15m" or "2h"';
/** Beyond a JSON Schema: that the parts are not too much, or too little, together. */
export const BEYOND_JSON_SCHEMA: Readonly<Record<string, boolean>> = { isBeyondJsonSchema: true };
export const duration: z.ZodString = z
  .string({ error: DURATION })
  .regex(DURATION_PATTERN, { error: DURATION })
  .refine((written) => parseDuration(written) !== null, {
    error: `${DURATION}, longer than nothing and at most 365d`,
    params: BEYOND_JSON_SCHEMA,
  });

export function wholeNumber(least: number, most: number): z.ZodNumber {
  const expected = `a whole number from ${least} to ${most}`;
  return z
    .number({ error: expected })
    .int({ error: expected })
    .min(least, { error: expected })
    .max(most, { error: expected });
}

const COST = "an amount in US dollars, more than 0";

/** `limits` as a file writes them. */
export interface WrittenLimits {
  readonly duration?: string | null | undefined;
  readonly cost?: number | null | undefined;
  readonly tokens?: number | null | undefined;
  readonly wait?: string | null | undefined;
  readonly concurrency?: number | null | undefined;
}

/** `limits` of the project file and of an objective. */
export const limits: z.ZodType<WrittenLimits> = z.strictObject(
  {
    duration: duration.nullish().meta({
      description: "Active time of the run; waiting for a person or for a retry does not count.",
      default: "8h",
    }),
    cost: z.number({ error: COST }).positive({ error: COST }).nullish().meta({
      description: "Most that the agents may cost, in US dollars, as far as they tell.",
    }),
    tokens: wholeNumber(1, Number.MAX_SAFE_INTEGER)
      .nullish()
      .meta({ description: "Most tokens that the agents may use, as far as they tell." }),
    wait: duration.nullish().meta({
      description: "Longest wait for a time that an agent's failure names (rate or usage limit).",
      default: "6h",
    }),
    concurrency: wholeNumber(1, 10_000).nullish().meta({ description: "Most turns at the same time." }),
  },
  { error: "a map of limits" },
);
