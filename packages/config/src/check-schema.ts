import { pathProblem } from "@troupe/core";
import * as z from "zod";
import { BEYOND_JSON_SCHEMA, command } from "./common-schema.js";

/** A check as a file writes it: a command, or a map that says where its report is. */
export type WrittenCheck =
  | string
  | readonly string[]
  | {
      readonly run: string | readonly string[];
      readonly report?: string | readonly string[] | null | undefined;
      readonly format?: "junit" | "tap" | null | undefined;
    };

const REPORT = "a file below the working folder, with * in its name at most";
const reportFile = z
  .string({ error: REPORT })
  .regex(/\S/, { error: REPORT })
  .refine((path) => reportProblem(path) === null, { error: REPORT, params: BEYOND_JSON_SCHEMA });

const CHECK = "a command (a list of arguments, or one text for the shell) or a map with run, report and format";

/** One entry of `checks`, in a stage and in the project file. */
export const check: z.ZodType<WrittenCheck> = z.union(
  [
    command,
    z.strictObject(
      {
        run: command.meta({ description: "The command, which must exit 0." }),
        report: z
          .union([reportFile, z.array(reportFile, { error: REPORT }).min(1, { error: REPORT })], { error: REPORT })
          .nullish()
          .meta({
            description:
              "Test report that the command writes, a file below the working folder, or several; * in a file name stands for any characters. A failed test in it fails the check, and its tests link acceptance test scenarios. Without it, format says that the report is on standard output.",
            examples: ["reports/junit.xml", ["target/surefire-reports/TEST-*.xml"]],
          }),
        format: z
          .enum(["junit", "tap"], { error: '"junit" or "tap"' })
          .nullish()
          .meta({ description: "Form of the report. Default: tap for files that end in .tap, else junit." }),
      },
      { error: CHECK },
    ),
  ],
  { error: CHECK },
);

function reportProblem(path: string): string | null {
  const parts = path.split("/");
  const last = parts.pop() ?? "";
  return path.includes("\\") ? "a backslash" : pathProblem([...parts, last.replaceAll("*", "x")].join("/"));
}
