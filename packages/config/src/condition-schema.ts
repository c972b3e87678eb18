import * as z from "zod";
import { listOf, stageId, text } from "./common-schema.js";

/** A condition as a file writes it: just one of its five forms, see `Condition` of `@troupe/core`. */
export interface WrittenCondition {
  readonly input?: string | undefined;
  readonly equals?: string | undefined;
  readonly stage?: string | undefined;
  readonly is?: "completed" | "skipped" | undefined;
  readonly all?: readonly WrittenCondition[] | undefined;
  readonly any?: readonly WrittenCondition[] | undefined;
  readonly not?: WrittenCondition | undefined;
}

/** Each form by the key that makes it one, with the key that completes it. */
const CONDITION_FORMS: Readonly<Record<string, string | null>> = {
  input: "equals",
  stage: "is",
  all: null,
  any: null,
  not: null,
};

const CONDITION =
  "a condition: { input: NAME, equals: VALUE }, { stage: ID, is: completed or skipped }, { all: [...] }, { any: [...] } or { not: ... }";
const STATES = '"completed" or "skipped"';
const SOME = "a list of at least one condition";

/** The form of `when`. Which of its keys go together is checked behind the keys themselves. */
export const condition: z.ZodType<WrittenCondition> = z
  .strictObject(
    {
      input: text.optional().meta({ description: "Name of a declared input of the run." }),
      equals: text.optional().meta({ description: "The condition holds when the input has just this value." }),
      stage: stageId.optional().meta({ description: "A stage that this one waits for." }),
      is: z
        .enum(["completed", "skipped"], { error: STATES })
        .optional()
        .meta({ description: "The condition holds when the stage ended like this." }),
      get all() {
        return conditions.optional().meta({ description: "Holds when all of these conditions hold." });
      },
      get any() {
        return conditions.optional().meta({ description: "Holds when at least one of these conditions holds." });
      },
      get not() {
        return condition.optional().meta({ description: "Holds when this condition does not." });
      },
    },
    { error: CONDITION },
  )
  .superRefine((written, context) => {
    if (context.issues.length > 0) return; // a misspelt key says it all
    const given = Object.keys(CONDITION_FORMS).filter((key) => Object.hasOwn(written, key));
    const [form] = given;
    const known = form === undefined ? [] : [form, CONDITION_FORMS[form]];
    const isMixed = Object.keys(written).some((key) => !known.includes(key));
    if (form === undefined || isMixed) {
      context.addIssue({ code: "custom", message: form === undefined ? CONDITION : `one condition; ${JOINING}` });
      return;
    }
    const other = CONDITION_FORMS[form];
    if (typeof other !== "string" || Object.hasOwn(written, other)) return;
    context.addIssue({ code: "custom", path: [other], message: other === "equals" ? "a text" : STATES });
  })
  .meta({
    id: "condition",
    description: "Decides, as data, whether an optional stage runs. Once, when everything it waits for is done.",
    // the JSON Schema of what is refined above
    oneOf: Object.entries(CONDITION_FORMS).map(([key, other]) => ({
      required: other === null ? [key] : [key, other],
      maxProperties: other === null ? 1 : 2,
    })),
  });

const JOINING = "all: [...] or any: [...] joins several";
const conditions: z.ZodArray<typeof condition> = listOf(condition, SOME).min(1, { error: SOME });
