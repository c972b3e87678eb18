import type { OptionsSchema, SchemaIssue, SchemaResult } from "@troupe/core";

/** What `troupe.yaml` may say of this executor. */
export interface ExecutorOptions {
  /** Turns at once, a positive integer. */
  readonly concurrency?: number;
}

/** No options at all (absent or null) are fine. */
export const executorOptions: OptionsSchema<ExecutorOptions> = {
  "~standard": { version: 1, vendor: "troupe", validate: validateOptions },
};

function validateOptions(value: unknown): SchemaResult<ExecutorOptions> {
  if (value === undefined || value === null) return { value: {} };
  if (typeof value !== "object" || Array.isArray(value)) return { issues: [{ message: "expected a map of options" }] };
  const { concurrency, ...rest } = value as { readonly concurrency?: unknown };
  const issues: SchemaIssue[] = Object.keys(rest).map((key) => ({
    message: `unknown option; the only one is "concurrency"`,
    path: [key],
  }));
  if (concurrency === undefined) return issues.length > 0 ? { issues } : { value: {} };
  if (typeof concurrency !== "number" || !Number.isSafeInteger(concurrency) || concurrency < 1) {
    return { issues: [...issues, { message: "expected a positive integer", path: ["concurrency"] }] };
  }
  return issues.length > 0 ? { issues } : { value: { concurrency } };
}
