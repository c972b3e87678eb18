import * as z from "zod";
import { id, limits, listOf, text, type WrittenLimits } from "./common-schema.js";

/** The front matter of an objective, its values of the right form. */
export interface FrontMatter {
  readonly title?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly skip?: readonly string[] | null | undefined;
  readonly limits?: WrittenLimits | null | undefined;
  readonly inputs?: Readonly<Record<string, string>> | null | undefined;
}

/** The form of an objective's front matter, the source of its JSON Schema too. */
export const frontMatterSchema: z.ZodType<FrontMatter> = z.strictObject(
  {
    title: text.nullish().meta({ description: "Title of the objective; default: the first heading." }),
    name: text.nullish().meta({
      description: "Short name for the id of the run; default: one to three words of the title.",
      examples: ["faster-search"],
    }),
    skip: listOf(id, "a list of stage ids")
      .nullish()
      .meta({
        description: "Optional stages that a run for this objective skips, as --skip does.",
        examples: [["BUSINESS_PROBLEM"]],
      }),
    limits: limits.nullish().meta({ description: "Limits of a run for this objective." }),
    inputs: z
      .record(z.string(), z.string({ error: "a text" }), { error: "a map of input values" })
      .nullish()
      .meta({ description: "Values of the workflow's inputs, as --input NAME=VALUE gives them." }),
  },
  { error: "a map with title, name, skip, limits, inputs" },
);
